package import ClavigerCore
import GRDB

extension SQLiteKeyStore {
    package func keyID(named alias: KeyAlias, in scope: KeyScope) async throws(KMSError) -> KeyID? {
        // No stored text holds what cannot be stored, nor may it be cut off to match one.
        guard StorableText.allows(alias.name) else { return nil }
        return try await read { database in
            try database.row(Self.holderStatement, [scope.account.number, scope.realm.name, alias.name])
                .map { try Self.keyID($0) }
        }
    }

    package func aliases(in scope: KeyScope, offset: Int, limit: Int) async throws(KMSError) -> AliasPage {
        let (offset, limit) = (max(0, offset), max(0, limit))
        return try await read { [aliasLists] database in
            let (account, realm) = (scope.account.number, scope.realm.name)
            let counts = try database.row(
                "SELECT count, revision FROM alias_counts WHERE account = ? AND realm = ?", [account, realm])
            guard let counts else { return AliasPage(aliases: [], total: 0) }
            let total: Int = counts["count"]
            guard offset < total, limit > 0 else { return AliasPage(aliases: [], total: total) }

            let list = ListVersion(fingerprint: Array("\(account) \(realm)".utf8), revision: counts["revision"])
            let position = offset == 0 ? 0 : aliasLists.position(before: offset, in: list)
            let rows = try database.rows(
                Self.aliasPageStatement, [account, realm, position ?? 0, limit, position == nil ? offset : 0])
            if let last = rows.last { aliasLists.remember(last["sequence"], before: offset + rows.count, in: list) }
            return AliasPage(
                aliases: try rows.map { AliasEntry(alias: KeyAlias(checked: $0["name"]), key: try Self.keyID($0)) },
                total: total)
        }
    }

    /// The statement that gives the id of the key that has a name; its arguments are account, realm and name.
    static let holderStatement = """
        SELECT keys.id FROM aliases JOIN keys ON keys.sequence = aliases.key
        WHERE aliases.account = ? AND aliases.realm = ? AND aliases.name = ?
        """

    /// The statement that gives a page; its arguments are account, realm, the sequence after which it starts, limit and offset.
    static let aliasPageStatement = """
        SELECT sequence, name, (SELECT id FROM keys WHERE keys.sequence = aliases.key) AS id
        FROM aliases INDEXED BY aliases_by_creation
        WHERE account = ? AND realm = ? AND sequence > ? ORDER BY sequence LIMIT ? OFFSET ?
        """

    private static func keyID(_ row: Row) throws -> KeyID {
        guard let id = UInt128(blob: row["id"]) else { throw KMSError.unreadableRow }
        return KeyID(id)
    }

    // MARK: within a change

    /// Refuses aliases that a key has, or that are given twice.
    static func requireFree(_ aliases: [KeyAlias], in scope: KeyScope, _ database: Database) throws {
        var seen: Set<KeyAlias> = []
        for alias in aliases {
            try StorableText.require(alias.name)
            let taken = try database.row(holderStatement, [scope.account.number, scope.realm.name, alias.name])
            guard taken == nil, seen.insert(alias).inserted else { throw aliasExists(alias) }
        }
    }

    /// Stores the aliases of a new key, and what a search finds it by.
    static func insertAliases(of key: Key, numbered sequence: Int64, _ database: Database) throws {
        try database.run(
            "INSERT INTO key_search (rowid, key_id, alias) VALUES (?, ?, ?)",
            [sequence, key.id.description, key.primaryAlias?.name ?? ""])
        for (index, alias) in key.aliases.enumerated() {
            try insert(alias, of: sequence, isPrimary: index == 0, in: key.scope, database)
        }
    }

    /// Gives keys their new aliases in the place of the old ones. Those that stay keep their place in the order of creation, whichever key has
    /// them; another name of a primary alias takes the place of the old one.
    ///
    /// Old names go before the first new one comes, so that keys can exchange them.
    static func exchangeAliases(_ changes: [(old: Key, new: Key)], in scope: KeyScope, _ database: Database) throws {
        guard !changes.isEmpty else { return }
        let former = Set(changes.flatMap(\.old.aliases))
        var names: Set<KeyAlias> = []
        for alias in changes.flatMap(\.new.aliases) where !names.insert(alias).inserted { throw aliasExists(alias) }

        let changesOfPrimary = changes.filter { $0.old.primaryAlias != $0.new.primaryAlias }
        for (old, _) in changesOfPrimary {
            try database.run("UPDATE aliases SET is_primary = 0 WHERE key = ? AND is_primary = 1", [old.sequence])
        }
        var renamed: Set<KeyAlias> = []
        for (old, new) in changes {
            for (index, alias) in old.aliases.enumerated() where !names.contains(alias) {
                if index == 0, let successor = new.primaryAlias, !former.contains(successor) {
                    try requireFree([successor], in: scope, database)
                    try update("name = ?", successor.name, of: alias, in: scope, database)
                    renamed.insert(successor)
                } else {
                    try database.run(
                        "DELETE FROM aliases WHERE account = ? AND realm = ? AND name = ?",
                        [scope.account.number, scope.realm.name, alias.name])
                }
            }
        }
        for (old, new) in changes {
            let own = Set(old.aliases)
            for alias in new.aliases where !own.contains(alias) && !renamed.contains(alias) {
                if former.contains(alias) {
                    try update("key = ?", old.sequence, of: alias, in: scope, database)
                } else {
                    try requireFree([alias], in: scope, database)
                    try insert(alias, of: old.sequence, isPrimary: false, in: scope, database)
                }
            }
        }
        for (old, new) in changesOfPrimary {
            if let alias = new.primaryAlias { try update("is_primary = ?", 1, of: alias, in: scope, database) }
            try database.run(
                "UPDATE key_search SET alias = ? WHERE rowid = ?", [new.primaryAlias?.name ?? "", old.sequence])
        }
        if !changesOfPrimary.isEmpty {
            try database.run(
                "UPDATE scope_revisions SET revision = revision + 1 WHERE account = ? AND realm = ?",
                [scope.account.number, scope.realm.name])
        }
    }

    private static func insert(
        _ alias: KeyAlias, of sequence: Int64, isPrimary: Bool, in scope: KeyScope, _ database: Database
    ) throws {
        try database.run(
            "INSERT INTO aliases (account, realm, name, key, is_primary) VALUES (?, ?, ?, ?, ?)",
            [scope.account.number, scope.realm.name, alias.name, sequence, isPrimary ? 1 : 0])
    }

    private static func update(
        _ assignment: String, _ value: some DatabaseValueConvertible, of alias: KeyAlias, in scope: KeyScope,
        _ database: Database
    ) throws {
        try database.run(
            "UPDATE aliases SET \(assignment) WHERE account = ? AND realm = ? AND name = ?",
            [value, scope.account.number, scope.realm.name, alias.name])
    }

    private static func aliasExists(_ alias: KeyAlias) -> KMSError {
        KMSError(.aliasExists, "another key of this account and region has the alias \(alias)")
    }
}
