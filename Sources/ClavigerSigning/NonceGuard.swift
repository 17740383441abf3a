package import ClavigerCrypto
import Synchronization

/// Remembers which nonces were accepted, for signatures whose nonces count once whatever time comes with them.
///
/// Marks are kept by the minute of their requests' timestamps and dropped minute by minute when these leave the window, so memory is bounded by the number of
/// accepted requests within it (8 bytes each, and as much again in the tables). Two nonces have the same mark by an accident of one in 2^64 for each pair.
package final class NonceGuard: Sendable {
    private static let minute: Int64 = 60

    private struct Marks {
        var byMinute: [Int64: Set<UInt64>] = [:]
        var oldest = Int64.min
    }

    private let window: Int64
    private let salt: [UInt8]
    private let marks = Mutex(Marks())

    /// - Parameters:
    ///   - window: seconds that a timestamp may be off the clock in either direction.
    ///   - random: for a salt, so that nobody can look for nonces with the same mark.
    package init(window: Int64, random: RandomSource = RandomSource()) {
        self.window = window
        salt = random.bytes(16)
    }

    /// Notes a request whose time is within the window around `now`, and tells whether the nonce is new.
    package func accept(accessKeyID: String, timestamp: Int64, nonce: [UInt8], now: Int64) -> Bool {
        let text = salt + Array(accessKeyID.utf8) + [0] + nonce
        let mark = text.withUnsafeBytes { SHA256Hasher.hash($0) }.withUnsafeBytes { $0.loadUnaligned(as: UInt64.self) }
        return marks.withLock { marks in
            let oldest = Self.minute(of: now - window)
            if marks.oldest < oldest {
                marks.byMinute = marks.byMinute.filter { $0.key >= oldest }
                marks.oldest = oldest
            }
            guard !marks.byMinute.values.contains(where: { $0.contains(mark) }) else { return false }
            marks.byMinute[Self.minute(of: timestamp), default: []].insert(mark)
            return true
        }
    }

    /// Moments before 1970 have minutes of their own, too.
    private static func minute(of second: Int64) -> Int64 {
        second >= 0 ? second / minute : (second - minute + 1) / minute
    }
}
