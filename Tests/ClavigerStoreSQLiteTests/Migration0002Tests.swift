import ClavigerCore
import ClavigerTesting
import Foundation
import GRDB
import Testing

@testable import ClavigerStoreSQLite

/// A database of the first version of the schema is filled, then opened by this program.
@Suite struct Migration0002Tests {
    private let directory: TemporaryDirectory
    private let scope = SampleKey.scope()

    /// Keys in all states, of both roles and origins, of the specs that there were.
    private let keys: [Key]

    /// The number of the last key, which was deleted before the schema moved on.
    private let deletedSequence: Int64

    init() throws {
        directory = try TemporaryDirectory()
        keys = Self.sampleKeys(in: scope)
        deletedSequence = Int64(keys.count) + 1
        let gone = SampleKey.make("gone", in: scope, tags: [KeyTag(key: "all", value: "gone")])

        let queue = try DatabaseQueue(path: directory.database)
        try Self.migrateToFirstVersion(queue)
        try queue.write { database in
            for key in keys + [gone] { try Self.insert(key, database) }
            try database.execute(sql: "DELETE FROM keys WHERE id = ?", arguments: [gone.id.value.blob])
        }
        try queue.close()
    }

    @Test func `Every key is there as it was, with its versions`() async throws {
        let store = try SQLiteKeyStore(path: directory.database)
        for (number, key) in keys.enumerated() {
            let stored = try #require(try await store.keyWithVersions(key.id))
            #expect(stored.key == Self.numbered(key, Int64(number) + 1))
            #expect(stored.versions == Self.versions(of: key))
        }
    }

    @Test func `Every list, count and search finds what it did`() async throws {
        let store = try SQLiteKeyStore(path: directory.database)
        for role in [KeyQuery.Role.user, .product] {
            let ofRole = keys.filter { ($0.owner == .user) == (role == .user) }
            var query = KeyQuery(scope: scope)
            query.role = role
            query.order = .oldestFirst
            try await expect(ofRole, from: query, in: store)
            for state in KeyState.allCases {
                query.states = [state]
                try await expect(ofRole.filter { $0.state == state }, from: query, in: store)
            }
            query.states = nil
            for search in ["key 1", "y 1", keys[0].id.description] {
                query.search = search
                let found = ofRole.filter { "\($0.primaryName) \($0.id)".contains(search) }
                try await expect(found, from: query, in: store)
            }
            query.search = nil
            query.tagFilters = [KeyQuery.TagFilter(key: "all", values: [])]
            try await expect(ofRole, from: query, in: store)
            query.tagFilters = [KeyQuery.TagFilter(key: "number", values: ["3", "4"])]
            try await expect(
                ofRole.filter { $0.tags.contains { ["3", "4"].contains($0.value) } }, from: query, in: store)
        }
        let due = keys.filter { $0.deletionDate != nil }.map(\.id)
        #expect(try await store.keysDue(for: .deletion, at: SampleKey.moment, limit: 100) == due)
    }

    @Test func `The number of a deleted key is not given again`() async throws {
        let store = try SQLiteKeyStore(path: directory.database)
        let key = SampleKey.make("new", in: scope)
        try await store.insert(key, version: nil, limit: 1000)
        #expect(try await store.key(key.id)?.sequence == deletedSequence + 1)
    }

    @Test func `The number of a deleted key is not given again even if no key is left`() async throws {
        let queue = try DatabaseQueue(path: directory.database)
        try await queue.write { try $0.execute(sql: "DELETE FROM keys") }
        try queue.close()
        let store = try SQLiteKeyStore(path: directory.database)
        let key = SampleKey.make("new", in: scope)
        try await store.insert(key, version: nil, limit: 1)
        #expect(try await store.key(key.id)?.sequence == deletedSequence + 1)
    }

    @Test func `A database without keys numbers them from one`() async throws {
        let directory = try TemporaryDirectory()
        let queue = try DatabaseQueue(path: directory.database)
        try Self.migrateToFirstVersion(queue)
        try queue.close()
        let store = try SQLiteKeyStore(path: directory.database)
        let key = SampleKey.make("new", in: scope)
        try await store.insert(key, version: nil, limit: 1)
        #expect(try await store.key(key.id)?.sequence == 1)
    }

    @Test func `Lists follow every change of the keys that were there`() async throws {
        let store = try SQLiteKeyStore(path: directory.database)
        let enabled = try #require(keys.first { $0.state == .enabled && $0.owner == .user })
        let due = try #require(keys.first { $0.deletionDate != nil && $0.owner == .user })
        var query = KeyQuery(scope: scope)
        let total = try await store.list(query, offset: 0, limit: 0).total
        query.states = [.disabled]
        let disabled = try await store.list(query, offset: 0, limit: 100)

        _ = try await store.update([enabled.id], in: scope) { key throws(KMSError) in
            try key.rename(KeyAlias(checked: "renamed"))
            try key.disable()
        }
        let page = try await store.list(query, offset: 0, limit: 100)
        #expect(page.total == disabled.total + 1)
        #expect(Set(page.keys.map(\.id)) == Set(disabled.keys.map(\.id) + [enabled.id]))
        query.states = nil
        query.search = "renamed"
        #expect(try await store.list(query, offset: 0, limit: 9).keys.map(\.id) == [enabled.id])
        query.search = enabled.primaryName
        #expect(try await store.list(query, offset: 0, limit: 9).keys.contains { $0.id == enabled.id } == false)

        #expect(try await store.deleteKey(due.id, dueAt: SampleKey.moment) != nil)
        #expect(try await store.versions(of: due.id) == [])
        query.search = nil
        #expect(try await store.list(query, offset: 0, limit: 0).total == total - 1)
        let rest = try await store.pool.read { database in
            try ["keys", "key_versions", "aliases", "tags", "key_search"].map {
                try Int.fetchOne(database, sql: "SELECT count(*) FROM \($0)")
            }
        }
        let left = keys.filter { $0.id != due.id }
        #expect(
            rest == [
                left.count, left.flatMap(Self.versions).count, left.count, left.flatMap(\.tags).count, left.count,
            ])
    }

    @Test func `A key that was there takes everything that is new`() async throws {
        let store = try SQLiteKeyStore(path: directory.database)
        let key = try #require(
            keys.first { $0.state == .enabled && $0.owner == .user && $0.spec.isSymmetric && $0.origin == .generated })
        let version = SampleKey.version(of: key, id: KeyVersionID(12345), ordinal: Self.versions(of: key).count + 1)
        let changed = try await store.change([key.id], in: scope) { key throws(KMSError) in
            try key.enableRotation(every: .days(1), from: SampleKey.moment)
            try key.rotate(to: version.id, at: SampleKey.moment)
            return [
                .addVersion(version), .bind(ResourceBinding(product: "cos", resource: "bucket")),
                .addImportParameters(SampleKey.importParameters(for: key.id, token: 1), supersedesEarlier: true),
            ]
        }
        #expect(changed.map(\.bindingCount) == [1])
        #expect(try await store.key(key.id) == changed.first)
        #expect(try await store.versions(of: key.id) == Self.versions(of: key) + [version])
        #expect(
            try await store.keysDue(for: .rotation, at: SampleKey.moment + .days(1), limit: 9) == [key.id])
        try await store.insert(SampleKey.make("of a new spec", in: scope, spec: .sm4), version: nil, limit: 1000)
    }

    @Test func `The database is sound, and is what a new one would be`() async throws {
        let store = try SQLiteKeyStore(path: directory.database)
        let (damage, orphans, tables) = try await store.pool.read { database in
            (
                try String.fetchAll(database, sql: "PRAGMA integrity_check"),
                try Row.fetchAll(database, sql: "PRAGMA foreign_key_check").count,
                try String.fetchSet(
                    database,
                    sql: """
                        SELECT m.name || ' ' || f."table" FROM sqlite_schema AS m, pragma_foreign_key_list(m.name) AS f
                        WHERE m.type = 'table' AND f."table" LIKE '%keys%'
                        """)
            )
        }
        #expect(damage == ["ok"])
        #expect(orphans == 0)
        #expect(
            tables == [
                "aliases keys", "grants keys", "import_parameters keys", "key_versions keys", "resource_bindings keys",
                "tags keys",
            ])
        let objects = try await store.pool.read { database in
            try String.fetchSet(
                database, sql: "SELECT name FROM sqlite_schema WHERE tbl_name = 'keys' AND name NOT LIKE 'sqlite_%'")
        }
        #expect(
            objects == [
                "keys", "keys_by_creation", "keys_by_state", "keys_by_deletion_date", "keys_by_next_rotation",
                "keys_by_material_expiry", "all_keys_by_creation", "all_keys_by_state", "keys_inserted", "keys_deleted",
                "keys_changed", "key_search_deleted",
            ])
    }

    // MARK: the database before

    private static func migrateToFirstVersion(_ queue: DatabaseQueue) throws {
        var migrator = DatabaseMigrator()
        migrator.registerMigration(Migration0001.name) { try Migration0001.migrate($0) }
        try migrator.migrate(queue)
    }

    private static func sampleKeys(in scope: KeyScope) -> [Key] {
        var keys: [Key] = []
        for owner in [KeyOwner.user, .product("cos")] {
            for state in KeyState.allCases {
                for (spec, origin) in [(.aes256, .generated), (.rsa2048, .generated), (.sm2, .external)]
                    as [(KeySpec, KeyOrigin)]
                {
                    let number = keys.count
                    keys.append(
                        SampleKey.make(
                            "key \(number)", in: scope, spec: spec, origin: origin, owner: owner,
                            createdAt: Timestamp(seconds: Int64(1000 + number / 2)), state: state,
                            description: "description \(number)",
                            deletionDate: state == .pendingDeletion ? SampleKey.moment : nil,
                            primaryVersion: state == .pendingImport ? nil : KeyVersionID(UInt128(number + 1)),
                            tags: [
                                KeyTag(key: "number", value: "\(number)"), KeyTag(key: "all", value: ""),
                            ]))
                }
            }
        }
        return keys
    }

    /// None while material is awaited, else one, or two for every second key.
    private static func versions(of key: Key) -> [KeyVersion] {
        guard let primary = key.primaryVersion else { return [] }
        let first = SampleKey.version(of: key, publicKey: key.spec.isSymmetric ? nil : [4, 5, 6])
        guard primary.value.isMultiple(of: 2) else { return [first] }
        return [first, SampleKey.version(of: key, id: KeyVersionID(primary.value + 1000), ordinal: 2)]
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
                    primary_version)
                VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
                """,
            arguments: [
                key.id.value.blob, account, realm, product == nil ? "user" : "product", product, key.spec.rawValue,
                key.usage.rawValue, key.origin.rawValue, key.state.rawValue, key.description, key.createdAt.seconds,
                key.deletionDate?.seconds, key.primaryVersion?.value.blob,
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
        for version in versions(of: key) {
            try database.execute(
                sql: """
                    INSERT INTO key_versions (id, key, ordinal, wrapped_material, public_key, created_at)
                    VALUES (?, ?, ?, ?, ?, ?)
                    """,
                arguments: [
                    version.id.value.blob, sequence, version.ordinal, Data(version.wrappedMaterial),
                    version.publicKey.map { Data($0) }, version.createdAt.seconds,
                ])
        }
    }

    // MARK: what is expected

    private func expect(_ expected: [Key], from query: KeyQuery, in store: SQLiteKeyStore) async throws {
        let page = try await store.list(query, offset: 0, limit: 1000)
        #expect(page.keys.map(\.id) == expected.map(\.id), "\(query)")
        #expect(page.total == expected.count, "\(query)")
    }

    private static func numbered(_ key: Key, _ sequence: Int64) -> Key {
        Key(
            id: key.id, scope: key.scope, spec: key.spec, usage: key.usage, origin: key.origin, owner: key.owner,
            creator: key.creator, createdAt: key.createdAt, sequence: sequence, state: key.state,
            aliases: key.aliases,
            description: key.description, deletionDate: key.deletionDate, primaryVersion: key.primaryVersion,
            tags: key.tags)
    }
}
