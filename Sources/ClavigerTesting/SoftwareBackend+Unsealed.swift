package import ClavigerBackendSoftware
import ClavigerCore
import ClavigerCrypto

extension SoftwareBackend {
    /// A backend with a root key of 32 times `byte`.
    package static func unsealed(rootKey byte: UInt8 = 1) -> SoftwareBackend {
        let backend = SoftwareBackend()
        // A root key of the right size is never refused.
        backend.unseal(with: try! SoftwareRootKey(KeyMaterial([UInt8](repeating: byte, count: SoftwareRootKey.size))))
        return backend
    }
}
