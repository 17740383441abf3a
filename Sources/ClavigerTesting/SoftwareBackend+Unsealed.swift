package import ClavigerBackendSoftware
import ClavigerCore
import ClavigerCrypto

extension SoftwareBackend {
    /// A backend with a root key of 32 times `byte`.
    package static func unsealed(rootKey byte: UInt8 = 1) -> SoftwareBackend {
        let backend = SoftwareBackend()
        let material = KeyMaterial([UInt8](repeating: byte, count: SoftwareRootKey.size))
        guard let key = try? SoftwareRootKey(material) else { preconditionFailure("a root key of this size is taken") }
        backend.unseal(with: key)
        return backend
    }
}
