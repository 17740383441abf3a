import ClavigerBackendSoftware
import ClavigerCore
import ClavigerCrypto
import ClavigerTesting
import Synchronization

/// A backend that lets a test do something just before a secret is unwrapped, and that can be sealed.
final class HookedBackend: CryptoBackend {
    private let inner = SoftwareBackend.unsealed()
    private let hook = Mutex<@Sendable () -> Void>({})
    private let sealed = Atomic<Bool>(false)

    func beforeUnwrapping(_ hook: @escaping @Sendable () -> Void) { self.hook.withLock { $0 = hook } }
    func seal() { sealed.store(true, ordering: .relaxed) }

    var isSealed: Bool { sealed.load(ordering: .relaxed) }

    func generateMaterial(for spec: KeySpec, identity: RowIdentity) throws(KMSError) -> GeneratedMaterial {
        try inner.generateMaterial(for: spec, identity: identity)
    }

    func activate(_ version: KeyVersion, of key: Key) throws(KMSError) -> any ActiveKeyVersion {
        try inner.activate(version, of: key)
    }

    func activatePrivateKey(_ version: KeyVersion, of key: Key) throws(KMSError) -> any ActivePrivateKey {
        try inner.activatePrivateKey(version, of: key)
    }

    func importMaterial(
        _ encrypted: [UInt8], with parameters: ImportParameters, into key: Key, digestKey: KeyMaterial
    ) throws(KMSError) -> ReceivedMaterial {
        try inner.importMaterial(encrypted, with: parameters, into: key, digestKey: digestKey)
    }

    func wrap(_ secret: KeyMaterial, identity: RowIdentity) throws(KMSError) -> [UInt8] {
        try inner.wrap(secret, identity: identity)
    }

    func unwrap(_ wrapped: [UInt8], identity: RowIdentity) throws(KMSError) -> KeyMaterial {
        hook.withLock { $0 }()
        return try inner.unwrap(wrapped, identity: identity)
    }
}
