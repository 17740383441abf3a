import ClavigerBackendSoftware
import ClavigerCore
import ClavigerCrypto
import ClavigerTesting
import Foundation
import Testing

@Suite struct RootKeyCustodyTests {
    private let store = MemoryKeyStore()
    private let folder: TemporaryDirectory
    private let path: String
    private let identity = RowIdentity("setting", "x")

    init() throws {
        folder = try TemporaryDirectory()
        path = folder.file("root.key")
    }

    private func custody(
        _ backend: SoftwareBackend, _ provider: (any RootKeyProvider)? = nil
    ) -> RootKeyCustody {
        RootKeyCustody(store: store, backend: backend, provider: provider ?? FileRootKeyProvider(path: path))
    }

    private func passphraseProvider(_ text: String?) -> PassphraseRootKeyProvider {
        PassphraseRootKeyProvider(
            passphrase: text.map { KeyMaterial(Array($0.utf8)) }, cost: PassphraseRootKeyProviderTests.cheap)
    }

    private func expectFailure(
        _ part: String, sourceLocation: SourceLocation = #_sourceLocation, _ call: () async throws -> Void
    ) async {
        let error = await #expect(throws: KMSError.self, sourceLocation: sourceLocation) { try await call() }
        #expect(error?.code == .backendFailed, sourceLocation: sourceLocation)
        #expect(error?.message.contains(part) == true, sourceLocation: sourceLocation)
    }

    @Test func `The first start makes the root key and later starts find it`() async throws {
        let first = SoftwareBackend()
        #expect(try await custody(first).unseal())
        #expect(!first.isSealed)
        let wrapped = try first.wrap(KeyMaterial([1]), identity: identity)
        let second = SoftwareBackend()
        #expect(try await custody(second).unseal())
        #expect(try second.unwrap(wrapped, identity: identity) == KeyMaterial([1]))
    }

    @Test func `An unsealed backend stays as it is`() async throws {
        let backend = SoftwareBackend()
        _ = try await custody(backend).unseal()
        let wrapped = try backend.wrap(KeyMaterial([1]), identity: identity)
        try FileManager.default.removeItem(atPath: path)
        #expect(try await custody(backend).unseal())
        #expect(try backend.unwrap(wrapped, identity: identity) == KeyMaterial([1]))
    }

    @Test func `A missing file leaves the backend sealed and makes no new key`() async throws {
        _ = try await custody(SoftwareBackend()).unseal()
        try FileManager.default.removeItem(atPath: path)
        let backend = SoftwareBackend()
        #expect(try await custody(backend).unseal() == false)
        #expect(backend.isSealed)
        #expect(!FileManager.default.fileExists(atPath: path))
    }

    @Test func `The file of another server is refused`() async throws {
        _ = try await custody(SoftwareBackend()).unseal()
        try FileManager.default.removeItem(atPath: path)
        _ = try FileRootKeyProvider(path: path).create(passphrase: nil)
        let backend = SoftwareBackend()
        await expectFailure("not the root key") { _ = try await custody(backend).unseal() }
        #expect(backend.isSealed)
    }

    @Test func `A start that was cut short before the store knew the key goes on with it`() async throws {
        _ = try FileRootKeyProvider(path: path).create(passphrase: nil)
        let before = try Data(contentsOf: URL(filePath: path))
        #expect(try await custody(SoftwareBackend()).unseal())
        #expect(try Data(contentsOf: URL(filePath: path)) == before)
    }

    @Test func `A passphrase unseals, a wrong one does not`() async throws {
        let first = SoftwareBackend()
        #expect(try await custody(first, passphraseProvider("correct horse battery")).unseal())
        let wrapped = try first.wrap(KeyMaterial([1]), identity: identity)

        let second = SoftwareBackend()
        #expect(try await custody(second, passphraseProvider(nil)).unseal() == false)
        await expectFailure("passphrase") {
            _ = try await custody(second, passphraseProvider(nil)).unseal(
                passphrase: KeyMaterial(Array("wrong horse battery".utf8)))
        }
        #expect(second.isSealed)
        #expect(
            try await custody(second, passphraseProvider(nil)).unseal(
                passphrase: KeyMaterial(Array("correct horse battery".utf8))))
        #expect(try second.unwrap(wrapped, identity: identity) == KeyMaterial([1]))
    }

    @Test func `Without a passphrase a new store waits for one and stores nothing`() async throws {
        let backend = SoftwareBackend()
        #expect(try await custody(backend, passphraseProvider(nil)).unseal() == false)
        #expect(backend.isSealed)
        #expect(try await store.setting("root-key") == nil)
        #expect(try await custody(backend, passphraseProvider("correct horse battery")).unseal())
    }

    @Test func `The store keeps to the provider that it was made with`() async throws {
        _ = try await custody(SoftwareBackend()).unseal()
        let backend = SoftwareBackend()
        await expectFailure("provider file") {
            _ = try await custody(backend, passphraseProvider("correct horse battery")).unseal()
        }
        #expect(backend.isSealed)
    }

    @Test func `Two first starts at once end with one root key`() async throws {
        let backends = (0..<8).map { _ in SoftwareBackend() }
        try await withThrowingTaskGroup(of: Bool.self) { group in
            for backend in backends {
                group.addTask { try await custody(backend, passphraseProvider("correct horse battery")).unseal() }
            }
            for try await isUnsealed in group { #expect(isUnsealed) }
        }
        let wrapped = try backends[0].wrap(KeyMaterial([1]), identity: identity)
        for backend in backends { #expect(try backend.unwrap(wrapped, identity: identity) == KeyMaterial([1])) }
    }

    @Test func `What the store keeps of the root key is no secret`() async throws {
        _ = try await custody(SoftwareBackend()).unseal()
        let material = [UInt8](try Data(contentsOf: URL(filePath: path)))
        let stored = try #require(try await store.setting("root-key"))
        #expect(stored == Array("file".utf8) + [0])
        let check = try #require(try await store.setting("root-key-check"))
        #expect(!check.isEmpty)
        #expect((0...max(0, check.count - 32)).allSatisfy { Array(check[$0...].prefix(32)) != material })
    }
}
