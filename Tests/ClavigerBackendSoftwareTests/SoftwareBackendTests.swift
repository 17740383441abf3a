import ClavigerBackendSoftware
import ClavigerCore
import ClavigerCrypto
import ClavigerTesting
import Testing

@Suite struct SoftwareBackendTests {
    @Test(arguments: CryptoBackendContract.checks)
    func `The software backend keeps to the contract`(check: CryptoBackendContract.Check) throws {
        try check.run(
            CryptoBackendContract.Subject(
                unsealed: SoftwareBackend.unsealed(rootKey: 1), foreign: SoftwareBackend.unsealed(rootKey: 2),
                sealed: SoftwareBackend()))
    }

    @Test func `A backend can be sealed again`() throws {
        let backend = SoftwareBackend.unsealed()
        let identity = RowIdentity("setting", "x")
        let wrapped = try backend.wrap(KeyMaterial([1]), identity: identity)
        backend.seal()
        #expect(backend.isSealed)
        #expect(throws: KMSError.self) { try backend.unwrap(wrapped, identity: identity) }
        backend.unseal(with: try SoftwareRootKey(KeyMaterial([UInt8](repeating: 1, count: 32))))
        #expect(try backend.unwrap(wrapped, identity: identity) == KeyMaterial([1]))
    }

    @Test(arguments: [0, 16, 31, 33, 64])
    func `A root key has 32 bytes`(size: Int) {
        let error = #expect(throws: KMSError.self) {
            try SoftwareRootKey(KeyMaterial([UInt8](repeating: 1, count: size)))
        }
        #expect(error?.code == .backendFailed)
    }

    @Test func `Wrapped material of a wrong size is not activated`() throws {
        let backend = SoftwareBackend.unsealed()
        let key = SampleKey.make("a", in: SampleKey.scope(), primaryVersion: KeyVersionID(1))
        let identity = KeyVersion.wrappingIdentity(
            scope: key.scope, spec: .aes256, key: key.id, version: KeyVersionID(1))
        let version = KeyVersion(
            id: KeyVersionID(1), key: key.id, ordinal: 1,
            wrappedMaterial: try backend.wrap(KeyMaterial([1, 2, 3]), identity: identity), publicKey: nil,
            createdAt: SampleKey.moment)
        let error = #expect(throws: KMSError.self) { try backend.activate(version, of: key) }
        #expect(error?.code == .backendFailed)
    }
}
