import ClavigerCore
import Foundation
import GRDB

/// Keys, versions and import parameters as rows.
enum KeyRow {
    /// The statement that gives the aliases of the key with a number: the primary one, then the others in the order of their creation.
    static let aliasesStatement = "SELECT name FROM aliases WHERE key = ? ORDER BY is_primary DESC, sequence"

    static func fetch(_ id: KeyID, from database: Database) throws -> Key? {
        try database.row("SELECT * FROM keys WHERE id = ?", [id.value.blob]).map { try key($0, database) }
    }

    static func fetch(_ id: KeyID, in scope: KeyScope, from database: Database) throws -> Key {
        let row = try database.row(
            "SELECT * FROM keys WHERE id = ? AND account = ? AND realm = ?",
            [id.value.blob, scope.account.number, scope.realm.name])
        guard let row else { throw KMSError.keyNotFound(id) }
        return try key(row, database)
    }

    /// The key with this number, which exists.
    static func fetch(sequence: Int64, from database: Database) throws -> Key {
        guard let row = try database.row("SELECT * FROM keys WHERE sequence = ?", [sequence]) else {
            throw KMSError.unreadableRow
        }
        return try key(row, database)
    }

    static func fetchVersions(of id: KeyID, from database: Database) throws -> [KeyVersion] {
        try database.rows(
            """
            SELECT key_versions.* FROM keys JOIN key_versions ON key_versions.key = keys.sequence
            WHERE keys.id = ? ORDER BY ordinal
            """, [id.value.blob]
        ).map { row in
            guard let version = UInt128(blob: row["id"]) else { throw KMSError.unreadableRow }
            return KeyVersion(
                id: KeyVersionID(version), key: id, ordinal: row["ordinal"],
                wrappedMaterial: [UInt8](row["wrapped_material"] as Data),
                publicKey: (row["public_key"] as Data?).map { [UInt8]($0) },
                createdAt: Timestamp(seconds: row["created_at"]))
        }
    }

    static func fetchImportParameters(_ tokenDigest: [UInt8], from database: Database) throws -> ImportParameters? {
        try database.row(
            """
            SELECT keys.id, algorithm, wrapped_private_key, expires_at
            FROM import_parameters JOIN keys ON keys.sequence = import_parameters.key WHERE token_digest = ?
            """, [Data(tokenDigest)]
        ).map { row in
            guard let id = UInt128(blob: row["id"]), let algorithm = WrappingAlgorithm(rawValue: row["algorithm"])
            else { throw KMSError.unreadableRow }
            return ImportParameters(
                tokenDigest: tokenDigest, key: KeyID(id), algorithm: algorithm,
                wrappedPrivateKey: [UInt8](row["wrapped_private_key"] as Data),
                expiry: Timestamp(seconds: row["expires_at"]))
        }
    }

    private static func key(_ row: Row, _ database: Database) throws -> Key {
        let sequence: Int64 = row["sequence"]
        let aliases = try database.rows(aliasesStatement, [sequence])
        let tags = try database.rows("SELECT name, value FROM tags WHERE key = ? ORDER BY ordinal", [sequence])
        let primaryVersion = try (row["primary_version"] as Data?).map { blob in
            guard let value = UInt128(blob: blob) else { throw KMSError.unreadableRow }
            return KeyVersionID(value)
        }
        guard let id = UInt128(blob: row["id"]), let spec = KeySpec(rawValue: row["spec"]),
            let usage = KeyUsage(rawValue: row["usage"]), let origin = KeyOrigin(rawValue: row["origin"]),
            let state = KeyState(rawValue: row["state"])
        else { throw KMSError.unreadableRow }
        return Key(
            id: KeyID(id), scope: KeyScope(account: AccountID(row["account"]), realm: RealmID(row["realm"])),
            spec: spec,
            usage: usage, origin: origin, owner: (row["product"] as String?).map(KeyOwner.product) ?? .user,
            creator: IdentityNumber(row["creator"]), createdAt: Timestamp(seconds: row["created_at"]),
            sequence: sequence, state: state,
            aliases: aliases.map { KeyAlias(checked: $0["name"]) }, description: row["description"],
            deletionDate: (row["deletion_date"] as Int64?).map(Timestamp.init(seconds:)),
            primaryVersion: primaryVersion, rotationPolicy: rotationPolicy(row),
            lastRotation: (row["last_rotation"] as Int64?).map(Timestamp.init(seconds:)),
            importedMaterial: importedMaterial(row), bindingCount: row["binding_count"],
            enterpriseProject: row["enterprise_project"],
            tags: tags.map { KeyTag(key: $0["name"], value: $0["value"]) },
            grants: (row["grant_count"] as Int) == 0 ? [] : try GrantRow.fetch(ofKey: sequence, from: database),
            policy: try policy(row))
    }

    private static func policy(_ row: Row) throws -> PolicyDocument? {
        guard let text = row["policy"] as String? else { return nil }
        guard let language = PolicyLanguage(rawValue: row["policy_language"]) else { throw KMSError.unreadableRow }
        return PolicyDocument(language: language, text: text)
    }

    private static func rotationPolicy(_ row: Row) -> RotationPolicy? {
        guard let period = row["rotation_period"] as Int64?, let next = row["next_rotation"] as Int64? else {
            return nil
        }
        return RotationPolicy(period: .seconds(period), nextRotation: Timestamp(seconds: next))
    }

    private static func importedMaterial(_ row: Row) -> ImportedMaterial? {
        (row["material_digest"] as Data?).map { digest in
            ImportedMaterial(
                digest: [UInt8](digest), expiry: (row["material_expiry"] as Int64?).map(Timestamp.init(seconds:)))
        }
    }
}
