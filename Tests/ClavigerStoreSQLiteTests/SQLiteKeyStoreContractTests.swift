import ClavigerStoreSQLite
import ClavigerTesting
import Testing

@Suite struct SQLiteKeyStoreContractTests {
    @Test(arguments: KeyStoreContract.checks)
    func `An SQLite store keeps to the contract`(check: KeyStoreContract.Check) async throws {
        let directory = try TemporaryDirectory()
        try await check.run(try SQLiteKeyStore(path: directory.database))
    }

    @Test(arguments: IdentityStoreContract.checks)
    func `An SQLite store keeps to the contract of identities`(check: IdentityStoreContract.Check) async throws {
        let directory = try TemporaryDirectory()
        try await check.run(try SQLiteKeyStore(path: directory.database))
    }

    @Test(arguments: SecretStoreContract.checks)
    func `An SQLite store keeps to the contract of secrets`(check: SecretStoreContract.Check) async throws {
        let directory = try TemporaryDirectory()
        try await check.run(try SQLiteKeyStore(path: directory.database))
    }
}
