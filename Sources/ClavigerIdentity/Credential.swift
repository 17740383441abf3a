package import ClavigerCore
package import ClavigerCrypto
import Synchronization

/// An access key ready to verify signatures: its secret in memory, whom it stands for, and what he may do.
package final class Credential: Sendable {
    package let principal: Principal
    package let secret: KeyMaterial
    package let rights: Rights

    /// The first moment at which temporary credentials do not count any more; `nil` for an access key.
    package let expiry: Timestamp?

    /// The token that must come with temporary credentials; `nil` for an access key.
    private let token: KeyMaterial?

    /// Seconds since 1970 of the last use that is not stored yet, 0 for none.
    private let lastUse = Atomic<Int64>(0)

    package init(
        principal: Principal, secret: KeyMaterial, rights: Rights, expiry: Timestamp? = nil, token: KeyMaterial? = nil
    ) {
        self.principal = principal
        self.secret = secret
        self.rights = rights
        self.expiry = expiry
        self.token = token
    }

    /// Notes that the access key has signed a request, to be stored within a minute.
    package func noteUse(at moment: Timestamp) { lastUse.store(moment.seconds, ordering: .relaxed) }

    /// The last use, once.
    func takeUse() -> Timestamp? {
        let seconds = lastUse.exchange(0, ordering: .relaxed)
        return seconds == 0 ? nil : Timestamp(seconds: seconds)
    }

    /// Whether this is the token that must come with it; in constant time.
    func belongs(to text: String) -> Bool {
        guard let token else { return false }
        var text = text
        return text.withUTF8 { text in
            token.withUnsafeBytes { constantTimeEqual($0, UnsafeRawBufferPointer(text)) }
        }
    }
}
