package import ClavigerCore
package import ClavigerCrypto

/// The top of the hierarchy: wraps everything that is stored secret.
package protocol RootKey: Sendable {
    /// Encrypts `secret` for the row that will hold it.
    func wrap(_ secret: KeyMaterial, identity: RowIdentity) throws(KMSError) -> [UInt8]

    /// Decrypts what ``wrap(_:identity:)`` made for the same row.
    func unwrap(_ wrapped: [UInt8], identity: RowIdentity) throws(KMSError) -> KeyMaterial
}

/// A root key in this process's memory: AES-256 by ``KeyWrapping``.
package final class SoftwareRootKey: RootKey {
    package static let size = 32

    private let material: KeyMaterial
    private let random = RandomSource()

    /// Takes 32 bytes.
    package init(_ material: KeyMaterial) throws(KMSError) {
        guard material.count == Self.size else {
            throw KMSError(.backendFailed, "a root key has \(Self.size) bytes, not \(material.count)")
        }
        self.material = material
    }

    package func wrap(_ secret: KeyMaterial, identity: RowIdentity) throws(KMSError) -> [UInt8] {
        do throws(CryptoError) {
            return try KeyWrapping.wrap(secret, under: material, identity: identity.bytes, salt: random.bytes(32))
        } catch {
            throw KMSError(.backendFailed, "a secret could not be wrapped", cause: error)
        }
    }

    package func unwrap(_ wrapped: [UInt8], identity: RowIdentity) throws(KMSError) -> KeyMaterial {
        do throws(CryptoError) {
            return try KeyWrapping.unwrap(wrapped, under: material, identity: identity.bytes)
        } catch {
            throw KMSError(.backendFailed, "a stored secret is damaged or belongs to another root key", cause: error)
        }
    }
}
