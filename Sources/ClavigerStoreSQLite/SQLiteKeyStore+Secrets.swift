package import ClavigerCore
import Foundation
import GRDB

extension SQLiteKeyStore {
    package func insert(_ secret: Secret, value: SealedSecretValue, limit: Int) async throws(KMSError) {
        try StorableText.require(secret.name.text, secret.description)
        guard let version = secret.versions.first, secret.versions.count == 1 else {
            throw KMSError(.internalFailure, "a new secret has one version")
        }
        try await writes.run { database in
            if let other = try SecretRow.fetch(secret.name, in: secret.scope, from: database) {
                try other.requireInUse()
                throw KMSError(.secretExists, "a secret of this account and region has the name \(secret.name)")
            }
            let (account, realm) = (secret.scope.account.number, secret.scope.realm.name)
            let count = try database.count(
                "SELECT count FROM secret_counts WHERE account = ? AND realm = ?", [account, realm])
            guard count < limit else {
                throw KMSError(.tooManySecrets, "the account holds \(limit) secrets in this region, which is the limit")
            }
            try database.run(
                """
                INSERT INTO secrets
                    (id, account, realm, name, encryption_key, has_chosen_key, creator, created_at, updated_at,
                    deletion_date, description)
                VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
                """,
                [
                    secret.id.blob, account, realm, secret.name.text, secret.encryptionKey.value.blob,
                    secret.hasChosenKey, secret.creator.value, secret.createdAt.seconds, secret.updatedAt.seconds,
                    secret.deletionDate?.seconds, secret.description,
                ])
            let sequence = database.lastInsertedRowID
            try Self.insert(secret.tags, ofSecret: sequence, database)
            try Self.putSearchTexts(of: secret, numbered: sequence, database)
            try Self.insert(version, value, of: sequence, database)
            try Self.insertStages(of: secret, numbered: sequence, database)
        }
    }

    package func secret(_ name: SecretName, in scope: KeyScope) async throws(KMSError) -> Secret? {
        try await read { try SecretRow.fetch(name, in: scope, from: $0) }
    }

    package func secretWithValue(
        _ name: SecretName, in scope: KeyScope, version: @escaping @Sendable (Secret) -> SecretVersion?
    ) async throws(KMSError) -> (secret: Secret, version: SecretVersion?, value: SealedSecretValue?)? {
        try await read { database in
            guard let secret = try SecretRow.fetch(name, in: scope, from: database) else { return nil }
            guard let version = version(secret) else { return (secret, nil, nil) }
            return (secret, version, try SecretRow.fetchValue(of: version, of: secret, from: database))
        }
    }

    package func changeSecret(
        _ name: SecretName, in scope: KeyScope,
        _ change: @escaping @Sendable (inout Secret) throws(KMSError) -> [SecretEffect]
    ) async throws(KMSError) -> Secret {
        try await writes.run { [writes] database in
            guard let old = try SecretRow.fetch(name, in: scope, from: database) else {
                throw KMSError(.secretNotFound, "no secret \(name) in this account and region")
            }
            var new = old
            let effects = try change(&new)
            if try Self.writeVersions(old, new, effects, database) { writes.wipeRemains() }
            try Self.write(old, new, database)
            return new
        }
    }

    package func deleteSecret(
        _ name: SecretName, in scope: KeyScope, if condition: @escaping @Sendable (Secret) throws(KMSError) -> Bool
    ) async throws(KMSError) -> Secret? {
        try await writes.run { [writes] database in
            guard let secret = try SecretRow.fetch(name, in: scope, from: database), try condition(secret) else {
                return nil
            }
            try database.run("DELETE FROM secrets WHERE sequence = ?", [secret.sequence])
            writes.wipeRemains()
            return secret
        }
    }

    package func listSecrets(_ query: SecretQuery, offset: Int, limit: Int) async throws(KMSError) -> SecretPage {
        let selection = SecretSelection(query)
        let (offset, limit) = (max(0, offset), max(0, limit))
        return try await read { [secretLists] database in
            let revision = try database.row(
                "SELECT revision FROM secret_counts WHERE account = ? AND realm = ?",
                [query.scope.account.number, query.scope.realm.name])
            guard let revision else { return SecretPage(secrets: [], total: 0) }

            let list = ListVersion(fingerprint: selection.fingerprint, revision: revision[0])
            let (sequences, total) =
                if selection.isInOrder {
                    try Self.readInOrder(
                        selection, along: SecretSelection.index, list, offset, limit, secretLists, database)
                } else {
                    try Self.readCollected(selection, list, offset, limit, secretLists, database)
                }
            return SecretPage(
                secrets: try sequences.map { try SecretRow.fetchWithoutVersions(sequence: $0, from: database) },
                total: total)
        }
    }

    package func secretsDue(
        at moment: Timestamp, limit: Int
    ) async throws(KMSError) -> [(name: SecretName, scope: KeyScope)] {
        try await read { database in
            try database.rows(Self.dueSecretsStatement, [moment.seconds, max(0, limit)]).map { row in
                let scope = KeyScope(account: AccountID(row["account"]), realm: RealmID(row["realm"]))
                return (SecretName(checked: row["name"]), scope)
            }
        }
    }

    /// The statement that gives names and scopes, along the index; its arguments are moment and limit.
    static let dueSecretsStatement = """
        SELECT account, realm, name FROM secrets WHERE deletion_date <= ? ORDER BY deletion_date, sequence LIMIT ?
        """

    // MARK: within a change

    /// Stores what has changed of the secret itself.
    private static func write(_ old: Secret, _ new: Secret, _ database: Database) throws {
        try StorableText.require(new.description)
        try database.run(
            "UPDATE secrets SET updated_at = ?, deletion_date = ?, description = ? WHERE sequence = ?",
            [new.updatedAt.seconds, new.deletionDate?.seconds, new.description, old.sequence])
        // Swift takes equivalent spellings of a text for equal; here they are different texts. Tags count byte for byte by themselves.
        let isDescribedAnew = !old.description.utf8.elementsEqual(new.description.utf8)
        guard isDescribedAnew || old.tags != new.tags else { return }
        if old.tags != new.tags {
            try database.run("DELETE FROM secret_tags WHERE secret = ?", [old.sequence])
            try insert(new.tags, ofSecret: old.sequence, database)
        }
        try putSearchTexts(of: new, numbered: old.sequence, database)
        try database.run(
            "UPDATE secret_counts SET revision = revision + 1 WHERE account = ? AND realm = ?",
            [old.scope.account.number, old.scope.realm.name])
    }

    /// Stores the versions that have come, with their values, forgets those that are gone, and gives them their labels.
    ///
    /// - Returns: whether values have been removed.
    private static func writeVersions(
        _ old: Secret, _ new: Secret, _ effects: [SecretEffect], _ database: Database
    ) throws -> Bool {
        func isIn(_ versions: [SecretVersion]) -> (SecretVersion) -> Bool {
            { version in
                versions.contains {
                    $0.isNamed(version.id) && $0.form == version.form && $0.createdAt == version.createdAt
                }
            }
        }
        let gone = old.versions.filter { !isIn(new.versions)($0) }
        let come = new.versions.filter { !isIn(old.versions)($0) }
        for effect in effects {
            switch effect {
            case .addValue(_, let version):
                guard come.contains(where: { $0.isNamed(version) }) else {
                    throw KMSError(.internalFailure, "a value is for no new version of its secret")
                }
            }
        }
        let isLabelledAnew = !old.versions.elementsEqual(new.versions) { $0.isNamed($1.id) && $0.stages == $1.stages }
        guard isLabelledAnew || !gone.isEmpty || !come.isEmpty else { return false }

        try database.run("DELETE FROM secret_stages WHERE secret = ?", [old.sequence])
        for version in gone {
            try database.run("DELETE FROM secret_versions WHERE secret = ? AND id = ?", [old.sequence, version.id])
        }
        for version in come {
            let values = effects.compactMap { effect in
                switch effect {
                case .addValue(let value, let id): version.isNamed(id) ? value : nil
                }
            }
            guard let value = values.last else {
                throw KMSError(.internalFailure, "a new version of a secret has no value")
            }
            try insert(version, value, of: old.sequence, database)
        }
        try insertStages(of: new, numbered: old.sequence, database)
        return !gone.isEmpty
    }

    private static func insert(
        _ version: SecretVersion, _ value: SealedSecretValue, of sequence: Int64, _ database: Database
    ) throws {
        try StorableText.require(version.id)
        try database.run(
            """
            INSERT INTO secret_versions (secret, ordinal, id, form, created_at, ciphertext)
            VALUES (?, (SELECT 1 + COALESCE(MAX(ordinal), 0) FROM secret_versions WHERE secret = ?), ?, ?, ?, ?)
            """,
            [
                sequence, sequence, version.id, version.form.rawValue, version.createdAt.seconds,
                Data(value.ciphertext),
            ])
    }

    private static func insertStages(of secret: Secret, numbered sequence: Int64, _ database: Database) throws {
        let labels = secret.versions.flatMap { version in version.stages.map { (version.id, $0.name) } }
        for (ordinal, (version, name)) in labels.enumerated() {
            try StorableText.require(name)
            try database.run(
                "INSERT INTO secret_stages (secret, ordinal, name, version) VALUES (?, ?, ?, ?)",
                [sequence, ordinal, name, version])
        }
    }

    private static func insert(_ tags: [KeyTag], ofSecret sequence: Int64, _ database: Database) throws {
        for (ordinal, tag) in tags.enumerated() {
            try StorableText.require(tag.key, tag.value)
            try database.run(
                "INSERT INTO secret_tags (secret, ordinal, name, value) VALUES (?, ?, ?, ?)",
                [sequence, ordinal, tag.key, tag.value])
        }
    }

    /// Stores what filters look through.
    private static func putSearchTexts(of secret: Secret, numbered sequence: Int64, _ database: Database) throws {
        try database.run(
            "REPLACE INTO secret_search (rowid, name, description, tag_keys, tag_values) VALUES (?, ?, ?, ?, ?)",
            [
                sequence, secret.name.text, secret.description, secret.tags.map(\.key).joined(separator: " "),
                secret.tags.map(\.value).joined(separator: " "),
            ])
    }
}
