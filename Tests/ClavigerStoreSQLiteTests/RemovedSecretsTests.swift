import ClavigerCore
import ClavigerTesting
import Foundation
import GRDB
import Testing

@testable import ClavigerStoreSQLite

/// What the store removes must be gone from its files, even though it was encrypted there.
@Suite struct RemovedSecretsTests {
    private let directory: TemporaryDirectory
    private let store: SQLiteKeyStore
    private let scope = SampleKey.scope()

    init() throws {
        directory = try TemporaryDirectory()
        store = try SQLiteKeyStore(path: directory.database)
    }

    @Test(arguments: [60, 9000])
    func `Secrets that were removed or replaced are gone when the call returns`(size: Int) async throws {
        let keys = try await insertKeys(withSecrets: 0..<4, size)
        func parameters(_ number: Int, of key: Key, supersedesEarlier: Bool) -> KeyEffect {
            .addImportParameters(
                ImportParameters(
                    tokenDigest: SampleKey.tokenDigest(UInt8(number)), key: key.id, algorithm: .sm2,
                    wrappedPrivateKey: secret(number, size), expiry: SampleKey.moment),
                supersedesEarlier: supersedesEarlier)
        }
        let steps: [(key: Int, effects: [KeyEffect], left: [Int])] = [
            (0, [.removeVersions], [1, 2, 3]),
            (1, [.addVersion(version(4, size, id: 1, of: keys[1]))], [2, 3, 4]),
            (2, [.addVersion(version(5, size, id: 9, of: keys[2]))], [2, 3, 4, 5]),
            (3, [parameters(6, of: keys[3], supersedesEarlier: true)], [2, 3, 4, 5, 6]),
            (3, [parameters(7, of: keys[3], supersedesEarlier: false)], [2, 3, 4, 5, 6, 7]),
            (3, [parameters(8, of: keys[3], supersedesEarlier: true)], [2, 3, 4, 5, 8]),
        ]
        #expect(try secretsInFiles(size) == [0, 1, 2, 3])
        for (key, effects, left) in steps {
            _ = try await store.change([keys[key].id], in: scope) { _ in effects }
            #expect(try secretsInFiles(size) == left)
        }
        _ = try await store.deleteKey(keys[2].id, dueAt: SampleKey.moment)
        #expect(try secretsInFiles(size) == [3, 4, 8])
        try await store.deleteImportParameters(expiredAt: SampleKey.moment)
        #expect(try secretsInFiles(size) == [3, 4])
    }

    @Test(arguments: [60, 9000])
    func `Secrets of access keys and digests of passwords are gone when the call returns`(size: Int) async throws {
        let sample = SampleAccount(number: 1, password: password(0, size))
        try await sample.insert(into: store)
        func accessKey(_ number: Int, of identity: Identity) -> AccessKey {
            AccessKey(
                id: "\(number)", account: sample.account.id, identity: identity.id,
                wrappedSecret: secret(number, size), isEnabled: true, createdAt: SampleKey.moment)
        }
        let user = sample.user("alice", number: 2)
        try await store.insert(user)
        try await store.insert(accessKey(1, of: sample.root))
        try await store.insert(accessKey(2, of: user))
        try await store.insert(accessKey(3, of: user))
        #expect(try secretsInFiles(size) == [0, 1, 2, 3])
        try await store.deleteAccessKey("1")
        #expect(try secretsInFiles(size) == [0, 2, 3])
        try await store.changeIdentity(user.id) { [self] in $0.password = password(4, size) }
        try await store.changeIdentity(sample.root.id) { [self] in $0.password = password(5, size) }
        #expect(try secretsInFiles(size) == [2, 3, 4, 5])
        try await store.deleteIdentity(user.id)
        #expect(try secretsInFiles(size) == [5])
        try await store.changeIdentity(sample.root.id) { $0.password = nil }
        #expect(try secretsInFiles(size) == [])
    }

    @Test(arguments: [60, 9000])
    func `Values of secrets that were deleted, or gave way to newer ones, are gone when the call returns`(
        size: Int
    ) async throws {
        let name = SecretName(checked: "0")
        for number in 0..<2 {
            let secret = SampleSecret.make("\(number)", in: scope)
            try await store.insert(secret, value: value(number, size), limit: 10)
        }
        func put(_ value: SealedSecretValue, times: Range<Int>) async throws {
            for number in times {
                _ = try await store.changeSecret(name, in: scope) { secret throws(KMSError) in
                    let version = SampleSecret.version("\(number)", [.current])
                    try secret.addVersion(version, at: SampleKey.moment)
                    return [.addValue(value, version: version.id)]
                }
            }
        }
        try await put(value(2, size), times: 0..<1)
        #expect(try secretsInFiles(size) == [0, 1, 2])
        try await put(SampleSecret.value(9), times: 1..<Secret.mostVersions)
        #expect(try secretsInFiles(size) == [1, 2])
        try await put(SampleSecret.value(9), times: Secret.mostVersions..<Secret.mostVersions + 1)
        #expect(try secretsInFiles(size) == [1])
        _ = try await store.deleteSecret(SecretName(checked: "1"), in: scope) { _ in true }
        #expect(try secretsInFiles(size) == [])
    }

    @Test func `A reader that takes its time fails no deletion; the next change wipes the secret out`() async throws {
        let key = try await insertKeys(withSecrets: 0..<1, 60)[0]
        try await store.pool.writeWithoutTransaction { try $0.execute(sql: "PRAGMA busy_timeout = 10") }
        var configuration = Configuration()
        configuration.allowsUnsafeTransactions = true
        let reader = try DatabaseQueue(path: directory.database, configuration: configuration)
        try await reader.writeWithoutTransaction { database in
            try database.execute(sql: "BEGIN DEFERRED")
            _ = try Int.fetchOne(database, sql: "SELECT count(*) FROM keys")
        }
        #expect(try await store.deleteKey(key.id, dueAt: SampleKey.moment) != nil)
        #expect(try await store.key(key.id) == nil)
        #expect(try secretsInFiles(60) == [0])
        try await reader.writeWithoutTransaction { try $0.execute(sql: "COMMIT") }
        try await store.checkHealth()
        #expect(try secretsInFiles(60) == [])
    }

    @Test func `What was not wiped before the program ended is wiped when the store is opened again`() async throws {
        _ = try await insertKeys(withSecrets: 0..<1, 60)
        try await store.pool.write { try $0.execute(sql: "DELETE FROM keys") }
        #expect(try secretsInFiles(60) == [0])
        _ = try SQLiteKeyStore(path: directory.database)
        #expect(try secretsInFiles(60) == [])
    }

    // MARK: secrets

    /// Bytes that no other secret holds.
    private func secret(_ number: Int, _ size: Int) -> [UInt8] {
        (0..<size).map { UInt8(truncatingIfNeeded: $0 * (2 * number + 3) + number) }
    }

    private func password(_ number: Int, _ size: Int) -> PasswordDigest {
        PasswordDigest(salt: [1, 2], rounds: 3, digest: secret(number, size))
    }

    private func value(_ number: Int, _ size: Int) -> SealedSecretValue {
        SealedSecretValue(ciphertext: secret(number, size))
    }

    private func version(_ number: Int, _ size: Int, id: Int, of key: Key) -> KeyVersion {
        KeyVersion(
            id: KeyVersionID(UInt128(id)), key: key.id, ordinal: 1, wrappedMaterial: secret(number, size),
            publicKey: nil, createdAt: SampleKey.moment)
    }

    /// Stores keys whose deletion is due, each with the version of its number, which has the secret of its number.
    private func insertKeys(withSecrets numbers: Range<Int>, _ size: Int) async throws -> [Key] {
        var keys: [Key] = []
        for number in numbers {
            let key = SampleKey.make("\(number)", in: scope, state: .pendingDeletion, deletionDate: SampleKey.moment)
            try await store.insert(key, version: version(number, size, id: number, of: key), limit: 10)
            keys.append(key)
        }
        return keys
    }

    /// Of ten secrets, those that begin somewhere in the files; the first bytes of each are in one page.
    private func secretsInFiles(_ size: Int) throws -> [Int] {
        let files = try ["", "-wal"].map { try Data(contentsOf: URL(fileURLWithPath: directory.database + $0)) }
        return (0..<10).filter { number in
            let beginning = Data(secret(number, size).prefix(60))
            return files.contains { $0.range(of: beginning) != nil }
        }
    }
}
