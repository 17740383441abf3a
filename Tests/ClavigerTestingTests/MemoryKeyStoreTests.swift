import ClavigerTesting
import Testing

@Suite struct MemoryKeyStoreTests {
    @Test(arguments: KeyStoreContract.checks)
    func `A memory store keeps to the contract`(check: KeyStoreContract.Check) async throws {
        try await check.run(MemoryKeyStore())
    }
}
