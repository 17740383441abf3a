package import ClavigerCrypto
import Synchronization

/// Signing keys of TC3 by access key: deriving one takes three HMACs, and it stays the same for a day.
package final class TC3SigningKeyCache: Sendable {
    private struct Entry {
        let secret: KeyMaterial
        let date: ArraySlice<UInt8>
        let key: HMACSHA256
    }

    private static let capacity = 4096

    private let service: ArraySlice<UInt8>
    private let entries = Mutex<[String: Entry]>([:])

    package init(service: String) { self.service = Array(service.utf8)[...] }

    /// The signing key of the access key for the day `YYYY-MM-DD`.
    package func key(for accessKeyID: String, secret: KeyMaterial, date: ArraySlice<UInt8>) -> HMACSHA256 {
        let cached = entries.withLock { entries -> HMACSHA256? in
            guard let entry = entries[accessKeyID], entry.secret === secret, entry.date == date else { return nil }
            return entry.key
        }
        if let cached { return cached }
        let key = TC3.signingKey(secret: secret, date: date, service: service)
        entries.withLock { entries in
            if entries.count >= Self.capacity { entries.removeAll() }
            entries[accessKeyID] = Entry(secret: secret, date: ArraySlice(Array(date)), key: key)
        }
        return key
    }
}
