import ClavigerTesting
import Testing

@Suite struct MemoryKeyStoreTests {
    @Test(arguments: KeyStoreContract.checks)
    func `A memory store keeps to the contract`(check: KeyStoreContract.Check) async throws {
        try await check.run(MemoryKeyStore())
    }

    @Test(arguments: SecretStoreContract.checks)
    func `A memory store keeps to the contract of secrets`(check: SecretStoreContract.Check) async throws {
        try await check.run(MemoryKeyStore())
    }

    @Test(arguments: IdentityStoreContract.checks)
    func `A memory store keeps to the contract of identities`(check: IdentityStoreContract.Check) async throws {
        try await check.run(MemoryKeyStore())
    }
}
