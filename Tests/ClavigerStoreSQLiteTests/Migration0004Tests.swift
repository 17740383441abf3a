import ClavigerCore
import ClavigerTesting
import Foundation
import GRDB
import Testing

@testable import ClavigerStoreSQLite

/// A database of the third version of the schema is filled, then opened by this program.
@Suite struct Migration0004Tests {
    private let directory: TemporaryDirectory
    private let scope = SampleKey.scope()

    /// Keys in all states and of both roles, in the order of their creation.
    private let keys: [Key]

    init() async throws {
        directory = try TemporaryDirectory()
        keys = Self.sampleKeys(in: scope)
        let gone = SampleKey.make("gone", in: scope, spec: .sm4, tags: [KeyTag(key: "gone", value: "")])
        let queue = try DatabaseQueue(path: directory.database)
        var migrator = DatabaseMigrator()
        for migration in [Migration0001.self, Migration0002.self, Migration0003.self] as [any Migration.Type] {
            migrator.registerMigration(migration.name) { try migration.migrate($0) }
        }
        try migrator.migrate(queue)
        try await queue.write { [keys] database in
            for key in keys + [gone] { try Self.insert(key, database) }
            try database.execute(sql: "DELETE FROM keys WHERE id = ?", arguments: [gone.id.value.blob])
        }
        try queue.close()
    }

    @Test func `Keys are there as they were, in the default enterprise project and without grants`() async throws {
        let store = try SQLiteKeyStore(path: directory.database)
        for (index, key) in keys.enumerated() {
            let stored = try #require(try await store.key(key.id))
            #expect(stored.sequence == Int64(index) + 1)
            #expect(stored.enterpriseProject == "0")
            #expect(stored.grants == [])
            #expect(
                (stored.primaryAlias, stored.owner, stored.state, stored.createdAt) == (
                    key.primaryAlias, key.owner, key.state, key.createdAt
                ))
            #expect((stored.tags, stored.policy, stored.creator) == (key.tags, key.policy, key.creator))
        }
    }

    @Test(arguments: [nil, .user, .product] as [KeyQuery.Role?], [nil, "0", "other"])
    func `Every list and count finds what it should, of one role and of both`(
        role: KeyQuery.Role?, project: String?
    ) async throws {
        let store = try SQLiteKeyStore(path: directory.database)
        for states in [nil] + KeyState.allCases.map({ [$0] }) as [Set<KeyState>?] {
            var query = KeyQuery(scope: scope)
            query.role = role
            query.order = .oldestFirst
            query.states = states
            query.enterpriseProject = project
            let expected = keys.filter { key in
                project != "other" && (role == nil || (key.owner == .user) == (role == .user))
                    && (states?.contains(key.state) ?? true)
            }
            let page = try await store.list(query, offset: 0, limit: 100)
            #expect(page.keys.map(\.id) == expected.map(\.id), "\(query)")
            #expect(page.total == expected.count, "\(query)")
            for key in expected {
                query.alias = key.primaryName
                #expect(try await store.list(query, offset: 0, limit: 9).keys.map(\.id) == [key.id])
            }
        }
    }

    @Test func `Sorts of keys that are no longer there are no longer counted`() async throws {
        let store = try SQLiteKeyStore(path: directory.database)
        func sorts() async throws -> [Int] {
            try await store.pool.read { try Int.fetchAll($0, sql: "SELECT count FROM key_counts ORDER BY count") }
        }
        #expect(try await sorts() == Array(repeating: 1, count: keys.count))
        let key = SampleKey.make(
            "new", in: scope, state: .pendingDeletion, deletionDate: SampleKey.moment, enterpriseProject: "new")
        try await store.insert(key, version: nil, limit: 100)
        #expect(try await sorts().count == keys.count + 1)
        #expect(try await store.deleteKey(key.id, dueAt: SampleKey.moment) != nil)
        #expect(try await sorts() == Array(repeating: 1, count: keys.count))
    }

    @Test func `The tags that were there are found by name`() async throws {
        let store = try SQLiteKeyStore(path: directory.database)
        let found = try await store.tags(in: scope)
        #expect(found.map(\.key) == ["all", "number"])
        #expect(found.map(\.values) == [[""], keys.indices.map { "\($0)" }.sorted()])
    }

    @Test func `A key that was there takes everything that is new`() async throws {
        let store = try SQLiteKeyStore(path: directory.database)
        let key = try #require(keys.first { $0.state == .enabled && $0.owner == .user })
        var tagged = KeyQuery(scope: scope)
        tagged.tagFilters = [KeyQuery.TagFilter(key: "new", values: [])]
        #expect(try await store.list(tagged, offset: 0, limit: 9).total == 0)
        let grant = SampleKey.grant("1", on: key.id, retiringIdentity: "someone")
        let changed = try await store.change([key.id], in: scope) { key throws(KMSError) in
            try key.addTags([KeyTag(key: "new", value: "x")], limit: 10)
            try key.disable()
            return [.addGrant(grant), .bind(ResourceBinding(product: "cos", resource: "bucket"))]
        }
        #expect(changed.map(\.grants) == [[grant]])
        #expect(changed.map(\.bindingCount) == [1])
        #expect(try await store.key(key.id) == changed.first)
        #expect(try await store.list(tagged, offset: 0, limit: 9).keys == changed)
        let found = try await store.grants(retirableBy: "someone", in: scope, offset: 0, limit: 9)
        #expect(found.grants == [grant] && found.total == 1)

        var query = KeyQuery(scope: scope)
        query.role = nil
        query.states = [.disabled]
        let disabled = keys.count { $0.state == .disabled } + 1
        #expect(try await store.list(query, offset: 0, limit: 0).total == disabled)
        try await store.insert(
            SampleKey.make("new", in: scope, state: .disabled, enterpriseProject: "new"), version: nil, limit: 100)
        #expect(try await store.list(query, offset: 0, limit: 0).total == disabled + 1)
        query.enterpriseProject = "new"
        #expect(try await store.list(query, offset: 0, limit: 9).keys.map(\.primaryName) == ["new"])
        #expect(try await store.list(query, offset: 0, limit: 9).total == 1)
    }

    @Test func `The database is sound`() async throws {
        let store = try SQLiteKeyStore(path: directory.database)
        let (damage, orphans) = try await store.pool.read { database in
            (
                try String.fetchAll(database, sql: "PRAGMA integrity_check"),
                try Row.fetchAll(database, sql: "PRAGMA foreign_key_check").count
            )
        }
        #expect(damage == ["ok"])
        #expect(orphans == 0)
    }

    // MARK: the database before

    /// Every key differs from all others in role or state. Those of users and products alternate.
    private static func sampleKeys(in scope: KeyScope) -> [Key] {
        var keys: [Key] = []
        for state in KeyState.allCases {
            for owner in [KeyOwner.user, .product("cos")] {
                let number = keys.count
                keys.append(
                    SampleKey.make(
                        "key \(number)", in: scope, owner: owner, creator: IdentityNumber(Int64(100 + number)),
                        createdAt: Timestamp(seconds: Int64(1000 + number / 3)), state: state,
                        deletionDate: state == .pendingDeletion ? SampleKey.moment : nil,
                        tags: [KeyTag(key: "number", value: "\(number)"), KeyTag(key: "all", value: "")],
                        // A long one, in front of the columns that are new.
                        policy: number.isMultiple(of: 3)
                            ? PolicyDocument(language: .tencent, text: String(repeating: "policy ", count: 1000)) : nil)
                )
            }
        }
        return keys
    }

    private static func insert(_ key: Key, _ database: Database) throws {
        let (account, realm) = (key.scope.account.number, key.scope.realm.name)
        let product: String? =
            switch key.owner {
            case .user: nil
            case .product(let name): name
            }
        try database.execute(
            sql: """
                INSERT INTO keys
                    (id, account, realm, role, product, spec, usage, origin, state, description, created_at, deletion_date,
                    creator, policy_language, policy)
                VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
                """,
            arguments: [
                key.id.value.blob, account, realm, product == nil ? "user" : "product", product, key.spec.rawValue,
                key.usage.rawValue, key.origin.rawValue, key.state.rawValue, key.description, key.createdAt.seconds,
                key.deletionDate?.seconds, key.creator.value, key.policy?.language.rawValue, key.policy?.text,
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
}
