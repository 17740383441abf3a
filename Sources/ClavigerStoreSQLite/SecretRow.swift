import ClavigerCore
import Foundation
import GRDB

/// Secrets and their versions as rows.
enum SecretRow {
    /// The statement that gives the versions of the secret with a number, the oldest first.
    static let versionsStatement = "SELECT id, form, created_at FROM secret_versions WHERE secret = ? ORDER BY ordinal"

    /// The statement that gives the labels of all versions of the secret with a number.
    static let stagesStatement = "SELECT version, name FROM secret_stages WHERE secret = ? ORDER BY ordinal"

    /// The statement that gives a value; its arguments are the secret's number and the version's id.
    static let valueStatement = "SELECT ciphertext FROM secret_versions WHERE secret = ? AND id = ?"

    static func fetch(_ name: SecretName, in scope: KeyScope, from database: Database) throws -> Secret? {
        // No stored text holds what cannot be stored, nor may it be cut off to match one; here and below.
        guard StorableText.allows(name.text) else { return nil }
        return try database.row(
            "SELECT * FROM secrets WHERE account = ? AND realm = ? AND name = ?",
            [scope.account.number, scope.realm.name, name.text]
        ).map { try secret($0, versions: fetchVersions(of: $0["sequence"], from: database), database) }
    }

    /// The secret with this number, which exists, without its versions.
    static func fetchWithoutVersions(sequence: Int64, from database: Database) throws -> Secret {
        guard let row = try database.row("SELECT * FROM secrets WHERE sequence = ?", [sequence]) else {
            throw KMSError.unreadableRow
        }
        return try secret(row, versions: [], database)
    }

    static func fetchValue(
        of version: SecretVersion, of secret: Secret, from database: Database
    ) throws -> SealedSecretValue? {
        guard StorableText.allows(version.id) else { return nil }
        return try database.row(valueStatement, [secret.sequence, version.id]).map {
            SealedSecretValue(ciphertext: [UInt8]($0["ciphertext"] as Data))
        }
    }

    private static func fetchVersions(of secret: Int64, from database: Database) throws -> [SecretVersion] {
        let stages = try database.rows(stagesStatement, [secret]).map { row in
            (version: row["version"] as String, stage: SecretStage(checked: row["name"]))
        }
        return try database.rows(versionsStatement, [secret]).map { row in
            guard let form = SecretVersion.Form(rawValue: row["form"]) else { throw KMSError.unreadableRow }
            let id: String = row["id"]
            return SecretVersion(
                id: id, form: form, createdAt: Timestamp(seconds: row["created_at"]),
                stages: stages.filter { $0.version.utf8.elementsEqual(id.utf8) }.map(\.stage))
        }
    }

    private static func secret(_ row: Row, versions: [SecretVersion], _ database: Database) throws -> Secret {
        let sequence: Int64 = row["sequence"]
        let tags = try database.rows(
            "SELECT name, value FROM secret_tags WHERE secret = ? ORDER BY ordinal", [sequence])
        guard let id = UInt128(blob: row["id"]), let key = UInt128(blob: row["encryption_key"]) else {
            throw KMSError.unreadableRow
        }
        return Secret(
            id: id, scope: KeyScope(account: AccountID(row["account"]), realm: RealmID(row["realm"])),
            name: SecretName(checked: row["name"]), encryptionKey: KeyID(key), hasChosenKey: row["has_chosen_key"],
            creator: IdentityNumber(row["creator"]), createdAt: Timestamp(seconds: row["created_at"]),
            sequence: sequence, updatedAt: Timestamp(seconds: row["updated_at"]), description: row["description"],
            deletionDate: (row["deletion_date"] as Int64?).map(Timestamp.init(seconds:)),
            tags: tags.map { KeyTag(key: $0["name"], value: $0["value"]) }, versions: versions)
    }
}
