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
        switch spec.family {
        case .symmetric(let suite):
            let material = random.material(suite.materialSize)
            return GeneratedMaterial(wrapped: try rootKey.wrap(material, identity: identity), publicKey: nil)
        case .asymmetric(let algorithm):
            let pair: AsymmetricKeyPair
            do throws(CryptoError) {
                pair = try AsymmetricKeyPair.generate(algorithm)
            } catch {
                throw KMSError(.backendFailed, "a key pair could not be made", cause: error)
            }
            return GeneratedMaterial(
                wrapped: try rootKey.wrap(pair.privateKey, identity: identity), publicKey: pair.publicKey)
        }
    }

    package func activate(_ version: KeyVersion, of key: Key) throws(KMSError) -> any ActiveKeyVersion {
        let material = try unwrapMaterial(of: version, key)
        guard case .symmetric(let suite) = key.spec.family, material.count == suite.materialSize else {
            throw KMSError(.backendFailed, "key version \(version.id) has material of a wrong size")
        }
        return SoftwareKeyVersion(key: key.id, version: version.id, suite: suite, material: material, random: random)
    }

    package func activatePrivateKey(
        _ version: KeyVersion, of key: Key
    ) throws(KMSError) -> any ActivePrivateKey {
        let material = try unwrapMaterial(of: version, key)
        do throws(CryptoError) {
            let privateKey = try PrivateKey(pkcs8: material)
            guard key.spec.family == .asymmetric(privateKey.algorithm) else { throw .malformed }
            return SoftwarePrivateKey(privateKey)
        } catch {
            throw KMSError(.backendFailed, "the private key of version \(version.id) cannot be used", cause: error)
        }
    }

    package func importMaterial(
        _ encrypted: [UInt8], with parameters: ImportParameters, into key: Key, digestKey: KeyMaterial
    ) throws(KMSError) -> ReceivedMaterial {
        let rootKey = try unsealedRootKey()
        let wrappingIdentity = ImportParameters.wrappingIdentity(
            scope: key.scope, key: key.id, algorithm: parameters.algorithm, tokenDigest: parameters.tokenDigest)
        let pkcs8 = try rootKey.unwrap(parameters.wrappedPrivateKey, identity: wrappingIdentity)
        guard case .symmetric(let suite) = key.spec.family else {
            throw KMSError(.backendFailed, "key \(key.id) takes no material")
        }
        let wrappingKey: PrivateKey
        do throws(CryptoError) {
            wrappingKey = try PrivateKey(pkcs8: pkcs8)
        } catch {
            throw KMSError(.backendFailed, "the wrapping key for key \(key.id) cannot be used", cause: error)
        }
        let material = try Self.unwrap(
            encrypted, by: wrappingKey, parameters.algorithm, count: suite.materialSize)
        let identity = KeyVersion.wrappingIdentity(
            scope: key.scope, spec: key.spec, key: key.id, version: key.externalVersion)
        return ReceivedMaterial(
            wrapped: try rootKey.wrap(material, identity: identity),
            digest: Self.digest(of: material, for: identity, key: digestKey))
    }

    private static func unwrap(
        _ encrypted: [UInt8], by key: PrivateKey, _ algorithm: WrappingAlgorithm, count: Int
    ) throws(KMSError) -> KeyMaterial {
        let material: KeyMaterial
        do throws(CryptoError) {
            material =
                try algorithm.isAuthenticating
                ? key.decrypt(encrypted, algorithm.scheme)
                : key.decryptFixedSize(encrypted, algorithm.scheme, count: count)
        } catch .failed {
            throw KMSError(.backendFailed, "material could not be unwrapped", cause: CryptoError.failed)
        } catch {
            let size = algorithm.isAuthenticating ? "" : ", or has not \(count) bytes"
            throw KMSError(
                .invalidWrappedMaterial, "the material cannot be unwrapped by \(algorithm.rawValue)\(size)")
        }
        guard material.count == count else {
            throw KMSError(.wrongMaterialSize, "the material has \(material.count) bytes, not \(count)")
        }
        return material
    }

    /// The identity is part of it, so that equal material in two keys cannot be told from their digests.
    private static func digest(of material: KeyMaterial, for identity: RowIdentity, key: KeyMaterial) -> [UInt8] {
        let code = HMACSHA256(key: key)
        return identity.bytes.withUnsafeBytes { identity in
            material.withUnsafeBytes { code.code(for: identity, $0).bytes }
        }
    }

    private func unwrapMaterial(of version: KeyVersion, _ key: Key) throws(KMSError) -> KeyMaterial {
        let identity = KeyVersion.wrappingIdentity(scope: key.scope, spec: key.spec, key: key.id, version: version.id)
        return try unsealedRootKey().unwrap(version.wrappedMaterial, identity: identity)
    }

    package func wrap(_ secret: KeyMaterial, identity: RowIdentity) throws(KMSError) -> [UInt8] {
        try unsealedRootKey().wrap(secret, identity: identity)
    }

    package func unwrap(_ wrapped: [UInt8], identity: RowIdentity) throws(KMSError) -> KeyMaterial {
        try unsealedRootKey().unwrap(wrapped, identity: identity)
    }
}
