import ClavigerCore
import ClavigerTesting
import Foundation
import GRDB
import Testing

@testable import ClavigerStoreSQLite

/// A database of the fourth version of the schema is filled, then opened by this program.
@Suite struct Migration0005Tests {
    private let directory: TemporaryDirectory
    private let scope = SampleKey.scope()
    private let elsewhere = SampleKey.scope()

    /// Keys in all states and of both roles, in the order in which they were stored. The clock went back meanwhile.
    private let keys: [Key]

    init() async throws {
        directory = try TemporaryDirectory()
        keys = Self.sampleKeys(in: scope)
        let others = [
            SampleKey.make("gone", in: scope, tags: [KeyTag(key: "gone", value: "")]),
            SampleKey.make("key 1", in: elsewhere),
        ]
        let queue = try DatabaseQueue(path: directory.database)
        var migrator = DatabaseMigrator()
        for migration in [Migration0001.self, Migration0002.self, Migration0003.self, Migration0004.self]
            as [any Migration.Type]
        {
            migrator.registerMigration(migration.name) { try migration.migrate($0) }
        }
        try migrator.migrate(queue)
        try await queue.write { [keys] database in
            for key in keys + others { try Self.insert(key, database) }
            try database.execute(sql: "DELETE FROM keys WHERE id = ?", arguments: [others[0].id.value.blob])
        }
        try queue.close()
    }

    @Test func `Every key is there as it was, with its alias, version, binding, tags and grant`() async throws {
        let store = try SQLiteKeyStore(path: directory.database)
        for (index, key) in keys.enumerated() {
            let stored = try #require(try await store.keyWithVersions(key.id))
            #expect(stored.key == key.with(sequence: Int64(index) + 1, bindingCount: 1, grants: [Self.grant(on: key)]))
            #expect(stored.versions == [SampleKey.version(of: key)])
            #expect(try await store.keyID(named: key.aliases[0], in: scope) == key.id)
        }
    }

    @Test func `Aliases are listed in the order of their keys' creation, in each scope`() async throws {
        let store = try SQLiteKeyStore(path: directory.database)
        let sorted = keys.enumerated().sorted { ($0.element.createdAt, $0.offset) < ($1.element.createdAt, $1.offset) }
        let expected = sorted.map { AliasEntry(alias: $0.element.aliases[0], key: $0.element.id) }
        #expect(expected.map(\.key) != keys.map(\.id))
        var read: [AliasEntry] = []
        for offset in stride(from: 0, to: keys.count + 3, by: 3) {
            let page = try await store.aliases(in: scope, offset: offset, limit: 3)
            #expect(page.total == keys.count)
            read += page.aliases
        }
        #expect(read == expected)
        #expect(try await store.aliases(in: elsewhere, offset: 0, limit: 9).aliases.map(\.alias.name) == ["key 1"])
    }

    @Test func `Every list, count and search finds what it did`() async throws {
        let store = try SQLiteKeyStore(path: directory.database)
        var query = KeyQuery(scope: scope)
        query.role = nil
        query.order = .oldestFirst
        let sorted = keys.enumerated().sorted { ($0.element.createdAt, $0.offset) < ($1.element.createdAt, $1.offset) }
            .map(\.element)
        for search in [nil, "key 1", "y 1", keys[0].id.description, "gone"] {
            query.search = search
            let expected = sorted.filter { key in search.map { "\(key.primaryName) \(key.id)".contains($0) } ?? true }
            let page = try await store.list(query, offset: 0, limit: 100)
            #expect(page.keys.map(\.id) == expected.map(\.id), "\(search ?? "")")
            #expect(page.total == expected.count, "\(search ?? "")")
        }
        #expect(try await store.tags(in: scope).map(\.key) == ["all"])
        let due = try await store.keysDue(for: .deletion, at: SampleKey.moment, limit: 100)
        #expect(due == keys.filter { $0.deletionDate != nil }.map(\.id))
    }

    @Test func `A key that was there takes and loses aliases, and is still found`() async throws {
        let store = try SQLiteKeyStore(path: directory.database)
        let key = try #require(keys.first { $0.state == .enabled && $0.owner == .user })
        _ = try await store.update([key.id], in: scope) { key throws(KMSError) in
            try key.addAlias(KeyAlias(checked: "second"))
        }
        let changed = try await store.update([key.id], in: scope) { key throws(KMSError) in
            try key.removeAlias(key.aliases[0])
        }
        #expect(changed.map { $0.aliases.map(\.name) } == [["second"]])
        let last = try await store.aliases(in: scope, offset: keys.count - 1, limit: 9)
        #expect(last.aliases.map(\.alias.name) == ["second"] && last.total == keys.count)
        _ = try await store.update([key.id], in: scope) { key throws(KMSError) in
            try key.removeAlias(KeyAlias(checked: "second"))
        }
        var query = KeyQuery(scope: scope)
        for (search, expected) in [(key.id.description, [key.id]), (key.primaryName + "!", []), ("second", [])] {
            query.search = search
            #expect(try await store.list(query, offset: 0, limit: 9).keys.map(\.id) == expected)
        }
        await #expect(throws: KMSError.self) {
            try await store.insert(SampleKey.make(keys[1].primaryName, in: scope), version: nil, limit: 100)
        }
    }

    @Test func `A key that was there leaves nothing behind when it is deleted`() async throws {
        let store = try SQLiteKeyStore(path: directory.database)
        let due = try #require(keys.first { $0.deletionDate != nil })
        #expect(try await store.deleteKey(due.id, dueAt: SampleKey.moment) != nil)
        let rest = try await store.pool.read { database in
            try ["keys", "aliases", "key_search", "key_versions", "grants"].map {
                try Int.fetchOne(database, sql: "SELECT count(*) FROM \($0)")
            }
        }
        // One more is in the other scope.
        #expect(rest == Array(repeating: keys.count, count: 5))
        #expect(try await store.aliases(in: scope, offset: 0, limit: 0).total == keys.count - 1)
    }

    @Test func `Secrets have room`() async throws {
        let store = try SQLiteKeyStore(path: directory.database)
        let secret = SampleSecret.make("app", in: scope, encryptionKey: keys[0].id)
        try await store.insert(secret, value: SampleSecret.value(1), limit: 1)
        let page = try await store.listSecrets(SecretQuery(scope: scope), offset: 0, limit: 9)
        #expect(page.total == 1 && page.secrets.map(\.name) == [secret.name])
    }

    @Test func `The database is sound, and its aliases are those of a new one`() async throws {
        let store = try SQLiteKeyStore(path: directory.database)
        let new = try SQLiteKeyStore(path: directory.path + "/new.sqlite")
        func objects(_ store: SQLiteKeyStore) async throws -> Set<String> {
            try await store.pool.read {
                try String.fetchSet(
                    $0,
                    sql: "SELECT type || ' ' || name || ' ' || tbl_name || coalesce(sql, '') FROM sqlite_schema")
            }
        }
        #expect(try await objects(store) == objects(new))
        let (damage, orphans, names) = try await store.pool.read { database in
            (
                try String.fetchAll(database, sql: "PRAGMA integrity_check"),
                try Row.fetchAll(database, sql: "PRAGMA foreign_key_check").count,
                try String.fetchSet(
                    database,
                    sql: "SELECT name FROM sqlite_schema WHERE tbl_name = 'aliases' AND name NOT LIKE 'sqlite_%'")
            )
        }
        #expect(damage == ["ok"])
        #expect(orphans == 0)
        #expect(
            names == [
                "aliases", "aliases_of_key", "primary_alias_of_key", "aliases_by_creation", "aliases_inserted",
                "aliases_deleted",
            ])
    }

    // MARK: the database before

    private static func sampleKeys(in scope: KeyScope) -> [Key] {
        var keys: [Key] = []
        for state in KeyState.allCases {
            for owner in [KeyOwner.user, .product("cos")] {
                let number = keys.count
                keys.append(
                    SampleKey.make(
                        "key \(number)", in: scope, owner: owner,
                        createdAt: Timestamp(seconds: Int64(1000 + number * 7 % 5)), state: state,
                        deletionDate: state == .pendingDeletion ? SampleKey.moment : nil,
                        primaryVersion: KeyVersionID(UInt128(number + 1)), tags: [KeyTag(key: "all", value: "")]))
            }
        }
        return keys
    }

    private static func grant(on key: Key) -> KeyGrant { SampleKey.grant(key.id.description, on: key.id) }

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
                    creator, primary_version)
                VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
                """,
            arguments: [
                key.id.value.blob, account, realm, product == nil ? "user" : "product", product, key.spec.rawValue,
                key.usage.rawValue, key.origin.rawValue, key.state.rawValue, key.description, key.createdAt.seconds,
                key.deletionDate?.seconds, key.creator.value, key.primaryVersion?.value.blob,
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
        let version = SampleKey.version(of: key)
        try database.execute(
            sql: """
                INSERT INTO key_versions (id, key, ordinal, wrapped_material, public_key, created_at)
                VALUES (?, ?, 1, ?, NULL, ?)
                """,
            arguments: [version.id.value.blob, sequence, Data(version.wrappedMaterial), version.createdAt.seconds])
        try database.execute(
            sql: "INSERT INTO resource_bindings (key, product, resource) VALUES (?, 'cos', 'bucket')",
            arguments: [sequence])
        let grant = grant(on: key)
        try database.execute(
            sql: """
                INSERT INTO grants
                    (id, key, account, realm, grantee, operations, grantee_retires, name, issuer, created_at)
                VALUES (?, ?, ?, ?, 'grantee', ?, 0, ?, ?, ?)
                """,
            arguments: [
                grant.id, sequence, account, realm, grant.operations.map(\.rawValue).joined(separator: " "), grant.name,
                grant.issuer, grant.createdAt.seconds,
            ])
    }
}
