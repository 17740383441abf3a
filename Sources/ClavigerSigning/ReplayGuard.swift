import ClavigerCrypto
import Synchronization

/// Remembers which signed requests were accepted, for signatures that carry a nonce.
///
/// Marks are kept by the second of their timestamp and dropped when that leaves the window, so memory is bounded by the number of
/// accepted requests within it (16 bytes each).
package final class ReplayGuard: Sendable {
    private struct Marks {
        var bySecond: [Int64: Set<UInt128>] = [:]
        var oldest = Int64.min
    }

    private let window: Int64
    private let marks = Mutex(Marks())

    /// - Parameter window: seconds that a timestamp may be off the clock in either direction.
    package init(window: Int64) { self.window = window }

    /// Notes a request, and tells whether it is the first of its kind within the window around `now`.
    package func accept(accessKeyID: String, timestamp: Int64, nonce: [UInt8], now: Int64) -> Bool {
        let text = Array(accessKeyID.utf8) + [0] + nonce
        let mark = text.withUnsafeBytes { SHA256Hasher.hash($0) }.withUnsafeBytes { $0.loadUnaligned(as: UInt128.self) }
        return marks.withLock { marks in
            if marks.oldest < now - window {
                marks.bySecond = marks.bySecond.filter { $0.key >= now - window }
                marks.oldest = now - window
            }
            return marks.bySecond[timestamp, default: []].insert(mark).inserted
        }
    }
}
