import ClavigerBackendSoftware
package import ClavigerCore
package import ClavigerCrypto
import Synchronization

/// The software backend, which here does not make its RSA keys itself: a few are made for all tests.
///
/// Making one takes a fifth of a second, and hundreds of servers in these tests need some. What one server uses are different ones, up to
/// ``count``.
package final class ThriftyBackend: CryptoBackend {
    private static let count = 6
    private static let pairs = Mutex<[AsymmetricKeyPair]>([])

    private let software = SoftwareBackend.unsealed()
    private let used = Atomic<Int>(0)

    private static func pair(_ index: Int) throws(KMSError) -> AsymmetricKeyPair {
        try pairs.withLock { pairs throws(KMSError) in
            while pairs.count <= index % count {
                do throws(CryptoError) {
                    pairs.append(try .generate(.rsa2048))
                } catch {
                    throw KMSError(.backendFailed, "no RSA key could be made", cause: error)
                }
            }
            return pairs[index % count]
        }
    }

    package init() {}

    package func seal() { software.seal() }

    package var isSealed: Bool { software.isSealed }

    package func generateMaterial(for spec: KeySpec, identity: RowIdentity) throws(KMSError) -> GeneratedMaterial {
        guard spec == .rsa2048 else { return try software.generateMaterial(for: spec, identity: identity) }
        let pair = try Self.pair(used.wrappingAdd(1, ordering: .relaxed).oldValue)
        return GeneratedMaterial(
            wrapped: try software.wrap(pair.privateKey, identity: identity), publicKey: pair.publicKey)
    }

    package func activate(_ version: KeyVersion, of key: Key) throws(KMSError) -> any ActiveKeyVersion {
        try software.activate(version, of: key)
    }

    package func activatePrivateKey(_ version: KeyVersion, of key: Key) throws(KMSError) -> any ActivePrivateKey {
        try software.activatePrivateKey(version, of: key)
    }

    package func importMaterial(
        _ encrypted: [UInt8], with parameters: ImportParameters, into key: Key, digestKey: KeyMaterial
    ) throws(KMSError) -> ReceivedMaterial {
        try software.importMaterial(encrypted, with: parameters, into: key, digestKey: digestKey)
    }

    package func wrap(_ secret: KeyMaterial, identity: RowIdentity) throws(KMSError) -> [UInt8] {
        try software.wrap(secret, identity: identity)
    }

    package func unwrap(_ wrapped: [UInt8], identity: RowIdentity) throws(KMSError) -> KeyMaterial {
        try software.unwrap(wrapped, identity: identity)
    }
}
