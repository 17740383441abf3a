import ClavigerCore
import ClavigerTesting
import Foundation
import GRDB
import Testing

@testable import ClavigerStoreSQLite

/// A database of the second version of the schema is filled, then opened by this program.
@Suite struct Migration0003Tests {
    private static let first = SampleAccount(
        number: 100_123_456_789, name: "default",
        password: PasswordDigest(salt: [1, 2], rounds: 16384, digest: longDigest))
    private static let second = SampleAccount(
        number: 7, name: "default", createdAt: SampleKey.moment + .seconds(1), accessKeyID: "AKIDsecond")

    /// Realms and the names that their projects get.
    private static let realms = [
        "south": "ae-ad-1", "east": "cn-east-3", "north": "cn-north-4", "guomi": "cn-south-4", "lab": "lab",
        // What another realm's project is called.
        "cn-south-4": "cn-south-4", "z": "z",
    ]

    private let directory: TemporaryDirectory
    private let scope = KeyScope(account: first.account.id, realm: RealmID("south"))
    private let keys: [Key]

    init() async throws {
        directory = try TemporaryDirectory()
        keys = (1...3).map { [scope] number in
            SampleKey.make(
                "key \(number)", in: scope, state: number == 2 ? .disabled : .enabled, description: "\(number)",
                primaryVersion: KeyVersionID(UInt128(number)), tags: [KeyTag(key: "number", value: "\(number)")])
        }
        let queue = try DatabaseQueue(path: directory.database)
        var migrator = DatabaseMigrator()
        for migration in [Migration0001.self, Migration0002.self] as [any Migration.Type] {
            migrator.registerMigration(migration.name) { try migration.migrate($0) }
        }
        try migrator.migrate(queue)
        try await queue.write { [keys] database in
            for account in [Self.first, Self.second] { try Self.insert(account, database) }
            for key in keys { try Self.insert(key, database) }
        }
        try queue.close()
    }

    @Test func `Accounts are there, with numbers of applications and names of their own`() async throws {
        let store = try SQLiteKeyStore(path: directory.database)
        let accounts = try await store.accounts()
        #expect(accounts.map(\.id.number) == [100_123_456_789, 7])
        #expect(accounts.map(\.appID) == [1_273_456_789, 1_250_000_007])
        #expect(accounts.map(\.domainName) == ["default", "default-7"])
        #expect(accounts.map(\.domainID) == [Self.first.account.domainID, Self.second.account.domainID])
        #expect(accounts.map(\.createdAt) == [Self.first.account.createdAt, Self.second.account.createdAt])
        #expect(accounts.map(\.isEnabled) == [true, true])
        #expect(try await store.account(named: "default")?.id == Self.first.account.id)
        await expect(.nameExists) { try await SampleAccount(number: 8, name: "default").insert(into: store) }
    }

    @Test func `Identities and access keys are there as they were, numbered as their accounts`() async throws {
        let store = try SQLiteKeyStore(path: directory.database)
        for account in [Self.first, Self.second] {
            let found = try #require(try await store.accessKey(account.accessKey.id))
            #expect(found.identity == account.root)
            #expect(found.accessKey == account.accessKey)
            #expect(try await store.identity(named: "root", in: account.account.id) == account.root)
        }
    }

    @Test func `Projects are there, named as their realms are in Huawei's dialect`() async throws {
        let store = try SQLiteKeyStore(path: directory.database)
        let projects = try await store.projects(of: Self.first.account.id)
        var expected = Self.realms
        // Of two that would be called the same, the one that comes first by its realm is.
        expected["guomi"] = "cn-south-4_guomi"
        #expect(Dictionary(uniqueKeysWithValues: projects.map { ($0.realm.name, $0.name) }) == expected)
        #expect(projects.allSatisfy { $0.id == "\($0.realm)-\(Self.first.account.id)" })
        #expect(try await store.projects(of: Self.second.account.id).map(\.name) == ["ae-ad-1"])
    }

    @Test func `Keys are there as they were, made by the roots of their accounts`() async throws {
        let store = try SQLiteKeyStore(path: directory.database)
        for (index, key) in keys.enumerated() {
            let stored = try #require(try await store.key(key.id))
            #expect(stored.sequence == Int64(index) + 1)
            #expect(stored.creator == IdentityNumber(Self.first.account.id.number))
            #expect(stored.policy == nil)
            #expect(
                (stored.primaryAlias, stored.description, stored.state) == (
                    key.primaryAlias, key.description, key.state
                ))
            #expect(stored.tags == key.tags)
        }
        var query = KeyQuery(scope: scope)
        query.states = [.enabled]
        #expect(try await store.list(query, offset: 0, limit: 9).keys.map(\.id) == [keys[2].id, keys[0].id])
    }

    @Test func `What was there takes everything that is new`() async throws {
        let store = try SQLiteKeyStore(path: directory.database)
        let (account, root) = (Self.first.account.id, Self.first.root)
        let user = Self.first.user("alice", number: 5)
        let group = Self.first.group("g")
        let policy = Self.first.policy("p")
        try await store.insert(user)
        try await store.insert(group)
        try await store.insert(policy)
        try await store.addMembers([user.id, root.id], to: group.id)
        try await store.attach(policy: policy.id, to: .group(group.id))
        #expect(try await store.policies(applyingTo: root.id) == [policy])
        try await store.insert(Project(id: "x", account: account, realm: RealmID("south"), name: "ae-ad-1_x"))
        try await store.insert(Self.first.accessKey("second", of: root))
        try await store.deleteAccessKey(Self.first.accessKey.id)
        await expect(.lastRootKey) { try await store.deleteAccessKey("second") }
        try await store.noteUse(of: ["second": SampleKey.moment])
        #expect(try await store.accessKey("second")?.accessKey.lastUsedAt == SampleKey.moment)
        try await store.changeIdentity(root.id) { $0.password = nil }
        #expect(try await store.identity(root.id)?.password == nil)
        let document = PolicyDocument(language: .huawei, text: "text")
        _ = try await store.update([keys[0].id], in: scope) { key throws(KMSError) in try key.setPolicy(document) }
        #expect(try await store.key(keys[0].id)?.policy == document)
        try await store.deleteIdentity(user.id)
        #expect(try await store.members(of: group.id) == [try #require(try await store.identity(root.id))])
    }

    @Test func `The database is sound, and refers to no table that is gone`() async throws {
        let store = try SQLiteKeyStore(path: directory.database)
        let (damage, orphans, references) = try await store.pool.read { database in
            (
                try String.fetchAll(database, sql: "PRAGMA integrity_check"),
                try Row.fetchAll(database, sql: "PRAGMA foreign_key_check").count,
                try String.fetchSet(
                    database,
                    sql: """
                        SELECT m.name || ' ' || f."table" FROM sqlite_schema AS m, pragma_foreign_key_list(m.name) AS f
                        WHERE m.type = 'table' AND f."table" NOT LIKE '%keys'
                        """)
            )
        }
        #expect(damage == ["ok"])
        #expect(orphans == 0)
        #expect(
            references == [
                "identities accounts", "access_keys accounts", "access_keys identities", "projects accounts",
                "groups accounts", "group_members identities", "group_members groups", "policies accounts",
                "policy_attachments policies", "policy_attachments identities", "policy_attachments groups",
                "secret_tags secrets", "secret_versions secrets", "secret_stages secret_versions",
            ])
    }

    @Test func `Nothing secret stays behind in tables that were built anew`() async throws {
        let digest = Data(Self.longDigest)
        func count() throws -> Int {
            try ["", "-wal"].reduce(into: 0) { count, suffix in
                let path = directory.database + suffix
                guard FileManager.default.fileExists(atPath: path) else { return }
                var rest = try Data(contentsOf: URL(fileURLWithPath: path))[...]
                while let found = rest.range(of: digest) {
                    count += 1
                    rest = rest[found.upperBound...]
                }
            }
        }
        #expect(try count() == 1)
        let store = try SQLiteKeyStore(path: directory.database)
        #expect(try count() == 1)
        #expect(try await store.identity(Self.first.root.id)?.password?.digest == Self.longDigest)
        try await store.changeIdentity(Self.first.root.id) { $0.password = nil }
        #expect(try count() == 0)
    }

    // MARK: the database before

    private static let longDigest = (0..<40).map { UInt8($0 * 5 + 1) }

    private static func insert(_ sample: SampleAccount, _ database: Database) throws {
        let (account, root, accessKey) = (sample.account, sample.root, sample.accessKey)
        let password = try #require(root.password)
        try database.execute(
            sql: "INSERT INTO accounts (number, domain_name, domain_id, created_at) VALUES (?, ?, ?, ?)",
            arguments: [account.id.number, account.domainName, account.domainID, account.createdAt.seconds])
        try database.execute(
            sql: """
                INSERT INTO identities
                    (id, account, name, is_root, password_salt, password_rounds, password_digest, created_at)
                VALUES (?, ?, ?, 1, ?, ?, ?, ?)
                """,
            arguments: [
                root.id, account.id.number, root.name, Data(password.salt), password.rounds, Data(password.digest),
                root.createdAt.seconds,
            ])
        try database.execute(
            sql: """
                INSERT INTO access_keys (id, account, identity, wrapped_secret, is_enabled, created_at)
                VALUES (?, ?, ?, ?, 1, ?)
                """,
            arguments: [
                accessKey.id, account.id.number, root.id, Data(accessKey.wrappedSecret), accessKey.createdAt.seconds,
            ])
        for realm in account == first.account ? Array(realms.keys) : ["south"] {
            try database.execute(
                sql: "INSERT INTO projects (id, account, realm) VALUES (?, ?, ?)",
                arguments: ["\(realm)-\(account.id)", account.id.number, realm])
        }
    }

    private static func insert(_ key: Key, _ database: Database) throws {
        let (account, realm) = (key.scope.account.number, key.scope.realm.name)
        try database.execute(
            sql: """
                INSERT INTO keys
                    (id, account, realm, role, spec, usage, origin, state, description, created_at, primary_version)
                VALUES (?, ?, ?, 'user', ?, ?, ?, ?, ?, ?, ?)
                """,
            arguments: [
                key.id.value.blob, account, realm, key.spec.rawValue, key.usage.rawValue, key.origin.rawValue,
                key.state.rawValue, key.description, key.createdAt.seconds, key.primaryVersion?.value.blob,
            ])
        let sequence = database.lastInsertedRowID
        try database.execute(
            sql: "INSERT INTO aliases (account, realm, name, key, is_primary) VALUES (?, ?, ?, ?, 1)",
            arguments: [account, realm, key.primaryName, sequence])
        for (ordinal, tag) in key.tags.enumerated() {
            try database.execute(
                sql: "INSERT INTO tags (key, ordinal, account, realm, name, value) VALUES (?, ?, ?, ?, ?, ?)",
                arguments: [sequence, ordinal, account, realm, tag.key, tag.value])
        }
    }

    private func expect(_ code: KMSError.Code, from call: () async throws -> Void) async {
        let error = await #expect(throws: KMSError.self) { try await call() }
        #expect(error?.code == code)
    }
}
