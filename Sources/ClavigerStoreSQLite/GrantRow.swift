import ClavigerCore
import GRDB

/// Grants as rows.
enum GrantRow {
    private static let selection =
        "SELECT grants.*, keys.id AS key_id FROM grants JOIN keys ON keys.sequence = grants.key"

    /// The grants on the key with this number, oldest first.
    static func fetch(ofKey sequence: Int64, from database: Database) throws -> [KeyGrant] {
        try database.rows(ofKeyStatement, [sequence]).map(grant)
    }

    static let ofKeyStatement = "\(selection) WHERE grants.key = ? ORDER BY grants.created_at, grants.sequence"

    /// The grant with this number, which exists.
    static func fetch(sequence: Int64, from database: Database) throws -> KeyGrant {
        guard let row = try database.row("\(selection) WHERE grants.sequence = ?", [sequence]) else {
            throw KMSError.unreadableRow
        }
        return try grant(row)
    }

    static func insert(_ grant: KeyGrant, on key: Key, _ database: Database) throws {
        guard grant.key == key.id else { throw KMSError(.internalFailure, "the grant belongs to another key") }
        let grantee: String? =
            switch grant.grantee {
            case .identity(let id): id
            case .account: nil
            }
        try StorableText.require(
            grant.id, grantee ?? "", grant.name, grant.retiringIdentity ?? "", grant.issuer)
        try database.run(
            """
            INSERT INTO grants
                (id, key, account, realm, grantee, operations, grantee_retires, name, retiring_identity, issuer,
                created_at)
            VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
            """,
            [
                grant.id, key.sequence, key.scope.account.number, key.scope.realm.name, grantee,
                grant.operations.map(\.rawValue).joined(separator: " "), grant.operations.contains(.retireGrant),
                grant.name, grant.retiringIdentity, grant.issuer, grant.createdAt.seconds,
            ])
    }

    static func delete(_ id: String, on key: Key, _ database: Database) throws {
        let missing = KMSError(.grantNotFound, "key \(key.id) has no grant \(id)")
        // No stored text holds what cannot be stored, nor may it be cut off to match one.
        guard StorableText.allows(id) else { throw missing }
        try database.run("DELETE FROM grants WHERE id = ? AND key = ?", [id, key.sequence])
        guard database.changesCount == 1 else { throw missing }
    }

    private static func grant(_ row: Row) throws -> KeyGrant {
        let operations = try (row["operations"] as String).split(separator: " ").map { name in
            guard let operation = GrantOperation(rawValue: String(name)) else { throw KMSError.unreadableRow }
            return operation
        }
        guard let key = UInt128(blob: row["key_id"]) else { throw KMSError.unreadableRow }
        return KeyGrant(
            id: row["id"], key: KeyID(key),
            grantee: (row["grantee"] as String?).map(KeyGrant.Grantee.identity) ?? .account,
            operations: operations, name: row["name"], retiringIdentity: row["retiring_identity"],
            issuer: row["issuer"], createdAt: Timestamp(seconds: row["created_at"]))
    }
}
