package import ClavigerCore
package import ClavigerCrypto
import Crypto

/// Signs checkpoints with an Ed25519 key that stays in locked memory between signatures.
package struct AuditSigner: Sendable {
    private let privateKey: KeyMaterial
    package let publicKey: AuditPublicKey

    /// - Parameter privateKey: the 32 bytes of RFC 8032 section 5.1.5.
    package init(privateKey: KeyMaterial) throws(KMSError) {
        self.privateKey = privateKey
        do {
            let key = try Self.key(privateKey)
            publicKey = try AuditPublicKey(rawRepresentation: Array(key.publicKey.rawRepresentation))
        } catch {
            throw KMSError(.auditUnavailable, "the audit log's signing key is no Ed25519 key of 32 bytes", cause: error)
        }
    }

    func checkpoint(at sequence: UInt64, link: [UInt8], time: Int64) throws(KMSError) -> Checkpoint {
        let message = Checkpoint.message(sequence: sequence, link: link, time: time)
        do {
            let signature = try Self.key(privateKey).signature(for: message)
            return Checkpoint(
                sequence: sequence, link: link, time: time, keyID: publicKey.id, signature: Array(signature))
        } catch {
            throw KMSError(.auditUnavailable, "the audit log's checkpoint cannot be signed", cause: error)
        }
    }

    private static func key(_ material: KeyMaterial) throws -> Curve25519.Signing.PrivateKey {
        try material.withUnsafeBytes { try Curve25519.Signing.PrivateKey(rawRepresentation: $0) }
    }
}
