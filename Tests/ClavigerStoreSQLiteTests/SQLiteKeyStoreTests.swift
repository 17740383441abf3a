import ClavigerCore
import ClavigerTesting
import Foundation
import GRDB
import Testing

@testable import ClavigerStoreSQLite

@Suite struct SQLiteKeyStoreTests {
    private let directory: TemporaryDirectory
    private let store: SQLiteKeyStore
    private let scope = SampleKey.scope()

    init() throws {
        directory = try TemporaryDirectory()
        store = try SQLiteKeyStore(path: directory.database)
    }

    // MARK: the file

    @Test func `Every commit is synced, deleted content is wiped, foreign keys hold`() async throws {
        let pragmas = try await store.pool.writeWithoutTransaction { database in
            try ["journal_mode", "synchronous", "secure_delete", "foreign_keys", "busy_timeout"].map {
                try String.fetchOne(database, sql: "PRAGMA \($0)")
            }
        }
        #expect(pragmas == ["wal", "2", "1", "1", "5000"])
    }

    @Test func `Only its owner can read the files`() async throws {
        try await store.checkHealth()
        let names = try FileManager.default.contentsOfDirectory(atPath: directory.path)
        #expect(names.sorted() == ["keys.sqlite", "keys.sqlite-shm", "keys.sqlite-wal"])
        for name in names {
            let attributes = try FileManager.default.attributesOfItem(atPath: directory.path + "/" + name)
            #expect(attributes[.posixPermissions] as? Int == 0o600, "\(name)")
        }
    }

    @Test func `A file that others could read is closed to them when it is opened`() async throws {
        await store.close()
        #expect(chmod(directory.database, 0o644) == 0)
        await (try SQLiteKeyStore(path: directory.database)).close()
        let attributes = try FileManager.default.attributesOfItem(atPath: directory.database)
        #expect(attributes[.posixPermissions] as? Int == 0o600)
    }

    @Test(arguments: [true, false])
    func `Everything is there after it is opened again`(isClosedFirst: Bool) async throws {
        let account = SampleAccount(number: 7)
        let (user, group, policy) = (account.user("alice", number: 8), account.group("g"), account.policy("p"))
        try await account.insert(into: store)
        try await store.insert(user)
        try await store.insert(group)
        try await store.insert(policy)
        try await store.addMembers([user.id], to: group.id)
        try await store.attach(policy: policy.id, to: .group(group.id))
        try await store.revokeToken([1, 2], expiry: SampleKey.moment)
        #expect(try await store.insertSettings(["root": [1, 2]]))
        let key = SampleKey.make("old", in: scope, tags: [KeyTag(key: "a", value: "b")])
        let version = SampleKey.version(of: key)
        try await store.insert(key, version: version, limit: 10)
        let parameters = SampleKey.importParameters(for: key.id, token: 1)
        let changed = try await store.change([key.id], in: scope) { key throws(KMSError) in
            try key.rename(KeyAlias(checked: "new"))
            try key.enableRotation(every: .days(1), from: SampleKey.moment)
            return [
                .bind(ResourceBinding(product: "cos", resource: "bucket")),
                .addImportParameters(parameters, supersedesEarlier: true),
                .addGrant(SampleKey.grant("1", on: key.id)),
            ]
        }
        #expect(changed.first?.grants.count == 1)
        let secret = SampleSecret.make("app", in: scope, tags: [KeyTag(key: "a", value: "b")])
        try await store.insert(secret, value: SampleSecret.value(1), limit: 1)
        let named = try await store.update([key.id], in: scope) { key throws(KMSError) in
            try key.addAlias(KeyAlias(checked: "other"))
        }
        if isClosedFirst { await store.close() }

        let reopened = try SQLiteKeyStore(path: directory.database)
        #expect(try await reopened.setting("root") == [1, 2])
        #expect(try await reopened.accounts() == [account.account])
        #expect(try await reopened.accessKey(account.accessKey.id)?.identity == account.root)
        #expect(try await reopened.identity(user.id) == user)
        #expect(try await reopened.groups(ofIdentity: user.id) == [group])
        #expect(try await reopened.policies(applyingTo: user.id) == [policy])
        #expect(try await reopened.revokedTokens(at: SampleKey.moment - .seconds(1)) == [[1, 2]])
        #expect(try await reopened.key(key.id) == named.first)
        #expect(
            try await reopened.aliases(in: scope, offset: 0, limit: 9).aliases.map(\.alias.name) == ["new", "other"])
        let found = try await reopened.secretWithValue(secret.name, in: scope) { $0.versions.first }
        #expect(found?.secret.with(sequence: 0) == secret)
        #expect(found?.value == SampleSecret.value(1))
        #expect(try await reopened.versions(of: key.id) == [version])
        #expect(try await reopened.importParameters(parameters.tokenDigest) == parameters)
        #expect(try await reopened.list(KeyQuery(scope: scope), offset: 0, limit: 9).total == 1)
    }

    @Test func `A second store on the same file sees every change at once and harms nothing`() async throws {
        let second = try SQLiteKeyStore(path: directory.database)
        try await store.insert(SampleKey.make("1", in: scope), version: nil, limit: 10)
        #expect(try await second.list(KeyQuery(scope: scope), offset: 0, limit: 9).total == 1)
        try await withThrowingTaskGroup(of: Void.self) { group in
            for number in 0..<40 {
                let target = number.isMultiple(of: 2) ? store : second
                let key = SampleKey.make("key \(number)", in: scope)
                group.addTask { try await target.insert(key, version: nil, limit: 100) }
            }
            try await group.waitForAll()
        }
        #expect(try await store.list(KeyQuery(scope: scope), offset: 0, limit: 9).total == 41)
        let damage = try await store.pool.read { try String.fetchAll($0, sql: "PRAGMA integrity_check") }
        #expect(damage == ["ok"])
    }

    @Test func `The schema of a newer version is refused`() async throws {
        try await store.pool.write { try $0.execute(sql: "INSERT INTO grdb_migrations (identifier) VALUES ('9999')") }
        await store.close()
        let error = #expect(throws: KMSError.self) { _ = try SQLiteKeyStore(path: directory.database) }
        #expect(error?.code == .storeUnavailable)
        #expect(error?.message.contains("newer version") == true)
    }

    @Test func `What is no database is refused`() async throws {
        let path = directory.path + "/text"
        try Data(repeating: 65, count: 8192).write(to: URL(fileURLWithPath: path))
        #expect(throws: KMSError.self) { _ = try SQLiteKeyStore(path: path) }
        #expect(throws: KMSError.self) { _ = try SQLiteKeyStore(path: directory.path + "/absent/keys.sqlite") }
    }

    // MARK: failures

    @Test func `A full disk fails the change and the health check, and the store goes on afterwards`() async throws {
        let long = String(repeating: "x", count: 1 << 20)
        try await store.insert(SampleKey.make("1", in: scope), version: nil, limit: 10)
        try await store.pool.writeWithoutTransaction { database in
            let pages = try Int.fetchOne(database, sql: "PRAGMA page_count") ?? 0
            try database.execute(sql: "PRAGMA max_page_count = \(pages)")
        }
        // Those that wait with it share its transaction, which is lost.
        await withTaskGroup(of: Void.self) { group in
            for number in 0..<8 {
                let key = SampleKey.make("full \(number)", in: scope, description: long)
                group.addTask { [store] in
                    let error = await #expect(throws: KMSError.self) {
                        try await store.insert(key, version: nil, limit: 99)
                    }
                    #expect(error?.code == .storeUnavailable)
                }
            }
        }
        #expect(try await store.list(KeyQuery(scope: scope), offset: 0, limit: 9).total == 1)
        try await store.pool.writeWithoutTransaction { try $0.execute(sql: "PRAGMA max_page_count = 1000000") }
        try await store.insert(SampleKey.make("2", in: scope, description: long), version: nil, limit: 10)
        try await store.checkHealth()
    }

    @Test func `The health check notices that nothing can be written`() async throws {
        try await store.pool.writeWithoutTransaction { try $0.execute(sql: "PRAGMA query_only = ON") }
        let error = await #expect(throws: KMSError.self) { try await store.checkHealth() }
        #expect(error?.code == .storeUnavailable)
    }

    @Test func `A change is carried out even if its caller is cancelled, a read is refused`() async throws {
        let key = SampleKey.make("1", in: scope)
        let result = await Task { [store] in
            withUnsafeCurrentTask { $0?.cancel() }
            try await store.insert(key, version: nil, limit: 10)
            return await #expect(throws: KMSError.self) { _ = try await store.key(key.id) }?.code
        }.result
        #expect(try result.get() == .storeUnavailable)
        #expect(try await store.key(key.id) != nil)
    }

    @Test func `A text that SQLite would cut off is refused`() async throws {
        for key in [
            SampleKey.make("a\u{0}b", in: scope), SampleKey.make("a", in: scope, description: "\u{0}"),
            SampleKey.make("a", in: scope, tags: [KeyTag(key: "a", value: "\u{0}")]),
            SampleKey.make("a", in: scope, enterpriseProject: "0\u{0}"),
        ] {
            let error = await #expect(throws: KMSError.self) { try await store.insert(key, version: nil, limit: 10) }
            #expect(error?.code == .invalidParameterValue)
        }
        let key = SampleKey.make("a", in: scope)
        try await store.insert(key, version: nil, limit: 10)
        for (product, resource) in [("cos\u{0}", "bucket"), ("cos", "bucket\u{0}")] {
            let error = await #expect(throws: KMSError.self) {
                _ = try await store.change([key.id], in: scope) { _ in
                    [.bind(ResourceBinding(product: product, resource: resource))]
                }
            }
            #expect(error?.code == .invalidParameterValue)
        }
        func grant(
            _ id: String, to grantee: String = "", name: String = "", retiring: String? = nil, issuer: String = ""
        ) -> KeyGrant {
            KeyGrant(
                id: id, key: key.id, grantee: .identity(grantee), operations: [.sign], name: name,
                retiringIdentity: retiring, issuer: issuer, createdAt: SampleKey.moment)
        }
        for refused in [
            grant("a\u{0}"), grant("b", to: "\u{0}"), grant("c", name: "\u{0}"), grant("d", retiring: "\u{0}"),
            grant("e", issuer: "\u{0}"),
        ] {
            let error = await #expect(throws: KMSError.self) {
                _ = try await store.change([key.id], in: scope) { _ in [.addGrant(refused)] }
            }
            #expect(error?.code == .invalidParameterValue)
        }
        for tag in [KeyTag(key: "a\u{0}", value: ""), KeyTag(key: "a", value: "\u{0}")] {
            let error = await #expect(throws: KMSError.self) {
                _ = try await store.update([key.id], in: scope) { key throws(KMSError) in
                    try key.addTags([tag], limit: 10)
                }
            }
            #expect(error?.code == .invalidParameterValue)
        }
        let stored = try #require(try await store.key(key.id))
        #expect(stored.bindingCount == 0 && stored.grants == [] && stored.tags == [])
        let found = try await store.grants(retirableBy: "\u{0}", in: scope, offset: 0, limit: 1)
        #expect(found.grants.isEmpty && found.total == 0)
    }

    @Test func `A text of an alias or a secret that SQLite would cut off is refused`() async throws {
        let key = SampleKey.make("a", in: scope)
        try await store.insert(key, version: nil, limit: 10)
        try await store.insert(SampleSecret.make("a", in: scope), value: SampleSecret.value(1), limit: 9)
        let stored = try await store.secret(SecretName(checked: "a"), in: scope)
        let attempts: [@Sendable (SQLiteKeyStore, KeyScope) async throws -> Void] = [
            { store, scope in
                _ = try await store.update([key.id], in: scope) { key throws(KMSError) in
                    try key.addAlias(KeyAlias(checked: "a\u{0}"))
                }
            },
            { store, scope in
                _ = try await store.update([key.id], in: scope) { key throws(KMSError) in
                    try key.rename(KeyAlias(checked: "b\u{0}"))
                }
            },
            { try await $0.insert(SampleSecret.make("b\u{0}", in: $1), value: SampleSecret.value(1), limit: 9) },
            {
                let secret = SampleSecret.make("b", in: $1, description: "\u{0}")
                try await $0.insert(secret, value: SampleSecret.value(1), limit: 9)
            },
            {
                let secret = SampleSecret.make("b", in: $1, tags: [KeyTag(key: "", value: "\u{0}")])
                try await $0.insert(secret, value: SampleSecret.value(1), limit: 9)
            },
            {
                let secret = SampleSecret.make("b", in: $1, versions: [SampleSecret.version("\u{0}")])
                try await $0.insert(secret, value: SampleSecret.value(1), limit: 9)
            },
            {
                let version = SampleSecret.version("v1", [SecretStage(checked: "\u{0}")])
                let secret = SampleSecret.make("b", in: $1, versions: [version])
                try await $0.insert(secret, value: SampleSecret.value(1), limit: 9)
            },
            { store, scope in
                _ = try await store.changeSecret(SecretName(checked: "a"), in: scope) { secret throws(KMSError) in
                    try secret.describe(as: "\u{0}", at: SampleKey.moment); return []
                }
            },
            { store, scope in
                _ = try await store.changeSecret(SecretName(checked: "a"), in: scope) { secret throws(KMSError) in
                    try secret.addTags([KeyTag(key: "\u{0}", value: "")], limit: 9, at: SampleKey.moment); return []
                }
            },
        ]
        for (number, attempt) in attempts.enumerated() {
            let error = await #expect(throws: KMSError.self, "\(number)") { try await attempt(store, scope) }
            #expect(error?.code == .invalidParameterValue, "\(number)")
        }
        #expect(try await store.key(key.id)?.aliases == key.aliases)
        #expect(try await store.listSecrets(SecretQuery(scope: scope), offset: 0, limit: 9).total == 1)
        #expect(try await store.secret(SecretName(checked: "a"), in: scope) == stored)
    }

    @Test func `A version of a secret in an unknown form is a failure of the store`() async throws {
        let secret = SampleSecret.make("app", in: scope)
        try await store.insert(secret, value: SampleSecret.value(1), limit: 9)
        try await store.pool.write { try $0.execute(sql: "UPDATE secret_versions SET form = 'lost'") }
        let error = await #expect(throws: KMSError.self) { _ = try await store.secret(secret.name, in: scope) }
        #expect(error?.code == .storeUnavailable)
    }

    @Test func `A page of aliases stays where it is when aliases come, and moves when one goes`() async throws {
        let key = SampleKey.make("a", in: scope)
        try await store.insert(key, version: nil, limit: 9)
        func revision() async throws -> Int? {
            try await store.pool.read { try Int.fetchOne($0, sql: "SELECT revision FROM alias_counts") }
        }
        let first = try await revision()
        let steps: [(moves: Bool, change: @Sendable (inout Key) throws(KMSError) -> [KeyEffect])] = [
            (
                false,
                { key throws(KMSError) in
                    try key.addAlias(KeyAlias(checked: "b")); return []
                }
            ),
            (
                false,
                { key throws(KMSError) in
                    try key.rename(KeyAlias(checked: "c")); return []
                }
            ),
            (
                true,
                { key throws(KMSError) in
                    try key.removeAlias(KeyAlias(checked: "b")); return []
                }
            ),
        ]
        for (moves, change) in steps {
            _ = try await store.change([key.id], in: scope, change)
            #expect((try await revision() != first) == moves)
        }
    }

    @Test func `Changes that no list of secrets depends on leave their revision`() async throws {
        let secret = SampleSecret.make("app", in: scope)
        try await store.insert(secret, value: SampleSecret.value(1), limit: 9)
        func revision() async throws -> Int? {
            try await store.pool.read { try Int.fetchOne($0, sql: "SELECT revision FROM secret_counts") }
        }
        let steps: [(changes: Bool, change: @Sendable (inout Secret) throws(KMSError) -> [SecretEffect])] = [
            (
                false,
                { secret throws(KMSError) in
                    try secret.addVersion(SampleSecret.version("v2", [.current]), at: SampleKey.moment)
                    return [.addValue(SampleSecret.value(2), version: "v2")]
                }
            ),
            (
                false,
                { secret throws(KMSError) in
                    try secret.scheduleDeletion(at: SampleKey.moment); return []
                }
            ),
            (
                false,
                { secret throws(KMSError) in
                    try secret.restore(); return []
                }
            ),
            (
                true,
                { secret throws(KMSError) in
                    try secret.describe(as: "text", at: SampleKey.moment); return []
                }
            ),
            (
                true,
                { secret throws(KMSError) in
                    try secret.addTags([KeyTag(key: "a", value: "")], limit: 9, at: SampleKey.moment); return []
                }
            ),
        ]
        var last = try await revision()
        for (number, (changes, change)) in steps.enumerated() {
            _ = try await store.changeSecret(secret.name, in: scope, change)
            let now = try await revision()
            #expect((now != last) == changes, "\(number)")
            last = now
        }
    }

    @Test func `A damaged row is a failure of the store`() async throws {
        let key = SampleKey.make("1", in: scope)
        try await store.insert(key, version: nil, limit: 10)
        try await store.pool.write { database in
            try database.execute(sql: "PRAGMA ignore_check_constraints = ON")
            try database.execute(sql: "UPDATE keys SET state = 'lost'")
        }
        let error = await #expect(throws: KMSError.self) { _ = try await store.key(key.id) }
        #expect(error?.code == .storeUnavailable)
    }

    @Test func `A grant of an unknown operation is a failure of the store`() async throws {
        let key = SampleKey.make("1", in: scope)
        try await store.insert(key, version: nil, limit: 10)
        _ = try await store.change([key.id], in: scope) { _ in
            [.addGrant(SampleKey.grant("1", on: key.id, operations: [.sign, .verify], retiringIdentity: "x"))]
        }
        try await store.pool.write { try $0.execute(sql: "UPDATE grants SET operations = 'sign lost'") }
        let error = await #expect(throws: KMSError.self) { _ = try await store.key(key.id) }
        #expect(error?.code == .storeUnavailable)
        let second = await #expect(throws: KMSError.self) {
            _ = try await store.grants(retirableBy: "x", in: scope, offset: 0, limit: 1)
        }
        #expect(second?.code == .storeUnavailable)
    }

    @Test func `Grants of keys that have none are not looked for`() async throws {
        let keys = ["1", "2"].map { SampleKey.make($0, in: scope) }
        for key in keys {
            try await store.insert(key, version: nil, limit: 10)
            _ = try await store.change([key.id], in: scope) { key in
                ["a", "b"].map { .addGrant(SampleKey.grant("\(key.primaryName) \($0)", on: key.id)) }
            }
        }
        _ = try await store.change([keys[0].id], in: scope) { _ in [.removeGrant("id of 1 a")] }
        let counts = try await store.pool.read {
            try Int.fetchAll($0, sql: "SELECT grant_count FROM keys ORDER BY sequence")
        }
        #expect(counts == [1, 2])
        // What the count says decides.
        try await store.pool.write { try $0.execute(sql: "UPDATE keys SET grant_count = 0") }
        #expect(try await store.key(keys[1].id)?.grants == [])
    }

    @Test func `The revision of a scope changes with the tags and the alias of a key, and of no other`() async throws {
        let key = SampleKey.make("1", in: scope, tags: [KeyTag(key: "a", value: "b")])
        try await store.insert(key, version: nil, limit: 10)
        try await store.insert(SampleKey.make("1", in: SampleKey.scope()), version: nil, limit: 10)
        func revisions() async throws -> [Int] {
            try await store.pool.read { [scope] database in
                try Int.fetchAll(
                    database, sql: "SELECT revision FROM scope_revisions ORDER BY account = ? DESC",
                    arguments: [scope.account.number])
            }
        }
        let steps: [(changes: Bool, @Sendable (inout Key) throws(KMSError) -> [KeyEffect])] = [
            (
                true,
                { key throws(KMSError) in
                    try key.addTags([KeyTag(key: "a", value: "c")], limit: 9); return []
                }
            ),
            (
                true,
                { key throws(KMSError) in
                    try key.addTags([KeyTag(key: "b", value: "")], limit: 9); return []
                }
            ),
            (
                true,
                { key throws(KMSError) in
                    try key.removeTags(named: ["a", "b"]); return []
                }
            ),
            (
                true,
                { key throws(KMSError) in
                    try key.rename(KeyAlias(checked: "2")); return []
                }
            ),
            (
                true,
                { key throws(KMSError) in
                    try key.disable(); return []
                }
            ),
            // What no list depends on.
            (
                false,
                { key throws(KMSError) in
                    try key.describe(as: "text"); return []
                }
            ),
            (false, { key in [.addGrant(SampleKey.grant("1", on: key.id))] }),
            (false, { _ in [.bind(ResourceBinding(product: "cos", resource: "bucket"))] }),
        ]
        var last = try await revisions()
        for (number, (changes, step)) in steps.enumerated() {
            _ = try await store.change([key.id], in: scope, step)
            let now = try await revisions()
            #expect((now[0] > last[0]) == changes, "\(number)")
            #expect(now[1] == last[1], "\(number)")
            last = now
        }
    }

    // MARK: the schema

    @Test func `A deleted key leaves nothing behind in any table`() async throws {
        let key = SampleKey.make(
            "app", in: scope, state: .pendingDeletion, deletionDate: SampleKey.moment,
            tags: [KeyTag(key: "a", value: "b")])
        try await store.insert(key, version: SampleKey.version(of: key), limit: 10)
        _ = try await store.change([key.id], in: scope) { key in
            [
                .bind(ResourceBinding(product: "cos", resource: "bucket")),
                .addImportParameters(SampleKey.importParameters(for: key.id, token: 1), supersedesEarlier: false),
                .addGrant(SampleKey.grant("1", on: key.id)),
            ]
        }
        _ = try await store.deleteKey(key.id, dueAt: SampleKey.moment)
        for table in [
            "keys", "key_versions", "aliases", "tags", "key_search", "resource_bindings", "import_parameters", "grants",
            "key_counts",
        ] {
            let count = try await store.pool.read { try Int.fetchOne($0, sql: "SELECT count(*) FROM \(table)") }
            #expect(count == 0, "\(table)")
        }
    }

    @Test func `A deleted secret leaves nothing behind in any table`() async throws {
        let secret = SampleSecret.make("app", in: scope, description: "text", tags: [KeyTag(key: "a", value: "b")])
        try await store.insert(secret, value: SampleSecret.value(1), limit: 9)
        _ = try await store.deleteSecret(secret.name, in: scope) { _ in true }
        for table in ["secrets", "secret_versions", "secret_stages", "secret_tags", "secret_search"] {
            let count = try await store.pool.read { try Int.fetchOne($0, sql: "SELECT count(*) FROM \(table)") }
            #expect(count == 0, "\(table)")
        }
        #expect(try await store.pool.read { try Int.fetchOne($0, sql: "SELECT count FROM secret_counts") } == 0)
    }

    @Test(
        arguments: [
            "aliases SET is_primary = 2", "secrets SET id = x'00'", "secrets SET encryption_key = x'00'",
            "secrets SET has_chosen_key = 2", "secret_versions SET ordinal = 0", "secret_counts SET count = -1",
            "alias_counts SET count = -1",
        ])
    func `The schema refuses what no alias or secret can be`(update: String) async throws {
        try await store.insert(SampleKey.make("1", in: scope), version: nil, limit: 10)
        try await store.insert(SampleSecret.make("app", in: scope), value: SampleSecret.value(1), limit: 9)
        await #expect {
            try await store.pool.write { try $0.execute(sql: "UPDATE \(update)") }
        } throws: { error in
            (error as? DatabaseError)?.extendedResultCode == .SQLITE_CONSTRAINT_CHECK
        }
    }

    @Test func `The schema keeps two primary aliases from one key, and two versions of a secret from one label`()
        async throws
    {
        let key = SampleKey.make("1", in: scope)
        try await store.insert(key, version: nil, limit: 10)
        _ = try await store.update([key.id], in: scope) { key throws(KMSError) in
            try key.addAlias(KeyAlias(checked: "2"))
        }
        try await store.insert(SampleSecret.make("app", in: scope), value: SampleSecret.value(1), limit: 9)
        for statement in [
            "UPDATE aliases SET is_primary = 1",
            "INSERT INTO secret_stages (secret, ordinal, name, version) SELECT secret, 7, name, version FROM secret_stages",
        ] {
            await #expect {
                try await store.pool.write { try $0.execute(sql: statement) }
            } throws: { error in
                (error as? DatabaseError)?.extendedResultCode == .SQLITE_CONSTRAINT_UNIQUE
            }
        }
    }

    @Test func `Every raw value of the domain is one that the schema allows`() async throws {
        var number = 0
        for spec in KeySpec.allCases {
            for usage in KeyUsage.allCases {
                for origin in KeyOrigin.allCases {
                    for state in KeyState.allCases {
                        number += 1
                        let key = SampleKey.make(
                            "\(number)", in: scope, spec: spec, usage: usage, origin: origin, state: state)
                        try await store.insert(key, version: nil, limit: 1000)
                    }
                }
            }
        }
        #expect(try await store.list(KeyQuery(scope: scope), offset: 0, limit: 0).total == number)
    }

    @Test(
        arguments: [
            "rotation_period = 1", "next_rotation = 1", "rotation_period = 0, next_rotation = 1",
            "rotation_period = -1, next_rotation = 1", "material_expiry = 1", "material_digest = x''",
            "binding_count = -1", "grant_count = -1", "primary_version = x'00'", "state = 'lost'", "product = 'cos'",
        ])
    func `The schema refuses what no key can be`(assignment: String) async throws {
        try await store.insert(SampleKey.make("1", in: scope), version: nil, limit: 10)
        await #expect {
            try await store.pool.write { try $0.execute(sql: "UPDATE keys SET \(assignment)") }
        } throws: { error in
            (error as? DatabaseError)?.extendedResultCode == .SQLITE_CONSTRAINT_CHECK
        }
    }

    @Test(
        arguments: [
            "identities SET is_enabled = 0 WHERE is_root = 1", "identities SET number = 8 WHERE is_root = 1",
            "identities SET is_root = 2", "identities SET is_enabled = 2", "identities SET password_salt = NULL",
            "identities SET password_rounds = NULL", "identities SET password_digest = NULL",
            "accounts SET is_enabled = 2", "policy_attachments SET identity = NULL",
            "policy_attachments SET group_id = (SELECT id FROM groups)", "keys SET policy = ''",
            "keys SET policy_language = 'tencent'", "grants SET operations = ''", "grants SET grantee_retires = 2",
        ])
    func `The schema refuses what no account, identity, policy or grant can be`(update: String) async throws {
        try await fillAccount()
        await #expect {
            try await store.pool.write { try $0.execute(sql: "UPDATE \(update)") }
        } throws: { error in
            (error as? DatabaseError)?.extendedResultCode == .SQLITE_CONSTRAINT_CHECK
        }
    }

    @Test func `The schema keeps a policy that is attached`() async throws {
        try await fillAccount()
        await #expect {
            try await store.pool.write { try $0.execute(sql: "DELETE FROM policies") }
        } throws: { error in
            (error as? DatabaseError)?.extendedResultCode == .SQLITE_CONSTRAINT_FOREIGNKEY
        }
    }

    @Test func `A policy in an unknown language is a failure of the store`() async throws {
        let account = try await fillAccount()
        try await store.pool.write { database in
            try database.execute(sql: "UPDATE policies SET language = 'lost'")
            try database.execute(sql: "UPDATE keys SET policy = '', policy_language = 'lost'")
        }
        let user = try #require(try await store.identity(named: "alice", in: account.account.id))
        let error = await #expect(throws: KMSError.self) { _ = try await store.policies(applyingTo: user.id) }
        #expect(error?.code == .storeUnavailable)
        let id = try #require(try await store.pool.read { try Data.fetchOne($0, sql: "SELECT id FROM keys") })
        let key = KeyID(try #require(UInt128(blob: id)))
        let second = await #expect(throws: KMSError.self) { _ = try await store.key(key) }
        #expect(second?.code == .storeUnavailable)
    }

    @Test func `A text of an account that SQLite would cut off is refused`() async throws {
        let account = try await fillAccount()
        let id = account.account.id
        let document = PolicyDocument(language: .tencent, text: "\u{0}")
        let attempts: [@Sendable (SQLiteKeyStore) async throws -> Void] = [
            { try await SampleAccount(number: 8, name: "\u{0}").insert(into: $0) },
            { try await $0.insert(account.user("\u{0}", number: 9)) },
            { try await $0.insert(account.group("\u{0}")) },
            { try await $0.insert(account.policy("\u{0}")) },
            { try await $0.insert(account.policy("q", "\u{0}")) },
            { try await $0.insert(account.accessKey("\u{0}", of: account.root)) },
            { try await $0.insert(Project(id: "x", account: id, realm: RealmID("south"), name: "\u{0}")) },
            { try await $0.changeIdentity(account.root.id) { $0.description = "\u{0}" } },
            { try await $0.setDescription("\u{0}", group: account.group("g").id) },
            { try await $0.changePolicy(account.policy("p").id) { $0.document = document } },
            { try await $0.changePolicy(account.policy("p").id) { $0.description = "\u{0}" } },
            {
                let key = SampleKey.make("with a policy", in: SampleKey.scope(), policy: document)
                try await $0.insert(key, version: nil, limit: 9)
            },
        ]
        for (number, attempt) in attempts.enumerated() {
            let error = await #expect(throws: KMSError.self, "\(number)") { try await attempt(store) }
            #expect(error?.code == .invalidParameterValue, "\(number)")
        }
        #expect(try await store.identity(account.root.id) == account.root)
        #expect(try await store.policy(named: "p", in: id) == account.policy("p"))
    }

    @Test func `A deleted user leaves nothing behind in any table`() async throws {
        let account = try await fillAccount()
        try await store.deleteIdentity(account.user("alice", number: 8).id)
        for (table, expected) in [
            ("identities", 1), ("access_keys", 1), ("group_members", 0), ("policy_attachments", 0), ("groups", 1),
            ("policies", 1),
        ] {
            let count = try await store.pool.read { try Int.fetchOne($0, sql: "SELECT count(*) FROM \(table)") }
            #expect(count == expected, "\(table)")
        }
    }

    /// An account with a user who has an access key, is in a group and has a policy, and a key with a grant.
    @discardableResult
    private func fillAccount() async throws -> SampleAccount {
        let account = SampleAccount(number: 7)
        let user = account.user("alice", number: 8)
        try await account.insert(into: store)
        try await store.insert(user)
        try await store.insert(account.accessKey("AKIDalice", of: user))
        try await store.insert(account.group("g"))
        try await store.addMembers([user.id], to: account.group("g").id)
        try await store.insert(account.policy("p"))
        try await store.attach(policy: account.policy("p").id, to: .user(user.id))
        let key = SampleKey.make("1", in: scope)
        try await store.insert(key, version: nil, limit: 10)
        _ = try await store.change([key.id], in: scope) { _ in [.addGrant(SampleKey.grant("1", on: key.id))] }
        return account
    }
}
