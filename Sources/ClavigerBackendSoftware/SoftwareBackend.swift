package import ClavigerCore
package import ClavigerCrypto
import Synchronization

/// A `CryptoBackend` in this process: material rests wrapped by the root key and is unwrapped into locked memory to be used.
package final class SoftwareBackend: CryptoBackend {
    private let rootKey = Mutex<(any RootKey)?>(nil)
    private let random: RandomSource

    /// A backend that is sealed until ``unseal(with:)``.
    package init(random: RandomSource = RandomSource()) { self.random = random }

    package var isSealed: Bool { rootKey.withLock { $0 == nil } }

    package func unseal(with key: any RootKey) { rootKey.withLock { $0 = key } }

    /// Forgets the root key.
    package func seal() { rootKey.withLock { $0 = nil } }

    private func unsealedRootKey() throws(KMSError) -> any RootKey {
        guard let key = rootKey.withLock({ $0 }) else { throw KMSError(.sealed, "the service is sealed") }
        return key
    }

    package func generateMaterial(for spec: KeySpec, identity: RowIdentity) throws(KMSError) -> GeneratedMaterial {
        let rootKey = try unsealedRootKey()
        guard let algorithm = spec.asymmetricAlgorithm else {
            let material = random.material(AES256GCM.keySize)
            return GeneratedMaterial(wrapped: try rootKey.wrap(material, identity: identity), publicKey: nil)
        }
        let pair: AsymmetricKeyPair
        do throws(CryptoError) {
            pair = try AsymmetricKeyPair.generate(algorithm)
        } catch {
            throw KMSError(.backendFailed, "a key pair could not be made", cause: error)
        }
        return GeneratedMaterial(
            wrapped: try rootKey.wrap(pair.privateKey, identity: identity), publicKey: pair.publicKey)
    }

    package func activate(_ version: KeyVersion, of key: Key) throws(KMSError) -> any ActiveKeyVersion {
        let identity = KeyVersion.wrappingIdentity(scope: key.scope, spec: key.spec, key: key.id, version: version.id)
        let material = try unsealedRootKey().unwrap(version.wrappedMaterial, identity: identity)
        guard material.count == AES256GCM.keySize else {
            throw KMSError(.backendFailed, "key version \(version.id) has material of a wrong size")
        }
        return SoftwareKeyVersion(
            key: key.id, version: version.id, suite: .aes256GCM, material: material, random: random)
    }

    package func wrap(_ secret: KeyMaterial, identity: RowIdentity) throws(KMSError) -> [UInt8] {
        try unsealedRootKey().wrap(secret, identity: identity)
    }

    package func unwrap(_ wrapped: [UInt8], identity: RowIdentity) throws(KMSError) -> KeyMaterial {
        try unsealedRootKey().unwrap(wrapped, identity: identity)
    }
}
