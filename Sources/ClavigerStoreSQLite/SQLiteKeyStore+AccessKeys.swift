package import ClavigerCore
import Foundation
import GRDB

extension SQLiteKeyStore {
    package func accessKey(_ id: String) async throws(KMSError) -> (accessKey: AccessKey, identity: Identity)? {
        guard StorableText.allows(id) else { return nil }
        return try await read { database in
            guard let row = try database.row("SELECT * FROM access_keys WHERE id = ?", [id]) else { return nil }
            let accessKey = AccountRow.accessKey(row)
            return (accessKey, try AccountRow.requireIdentity(accessKey.identity, database))
        }
    }

    package func accessKeys(of identity: String) async throws(KMSError) -> [AccessKey] {
        try await list(
            "SELECT * FROM access_keys WHERE identity = :id ORDER BY created_at, id", of: identity,
            AccountRow.accessKey)
    }

    package func insert(_ accessKey: AccessKey) async throws(KMSError) {
        try await writes.run { database in
            try AccountRow.requireIdentity(accessKey.identity, in: accessKey.account, database)
            let count = try database.row(
                "SELECT count(*) FROM access_keys WHERE identity = ?", [accessKey.identity])
            guard let count, count[0] < AccessKey.mostPerIdentity else {
                throw KMSError(
                    .tooManyAccessKeys, "the identity has \(AccessKey.mostPerIdentity) access keys, which is the limit")
            }
            try Self.store(accessKey, database)
        }
    }

    package func setEnabled(_ isEnabled: Bool, accessKey id: String) async throws(KMSError) {
        try await writes.run { database in
            try Self.requireAccessKey(id, isDispensable: !isEnabled, database)
            try database.run("UPDATE access_keys SET is_enabled = ? WHERE id = ?", [isEnabled, id])
        }
    }

    package func deleteAccessKey(_ id: String) async throws(KMSError) {
        try await writes.run { [writes] database in
            try Self.requireAccessKey(id, isDispensable: true, database)
            try database.run("DELETE FROM access_keys WHERE id = ?", [id])
            writes.wipeRemains()
        }
    }

    package func noteUse(of accessKeys: [String: Timestamp]) async throws(KMSError) {
        let uses = accessKeys.filter { StorableText.allows($0.key) }
        try await writes.run { database in
            for (id, moment) in uses {
                try database.run(
                    "UPDATE access_keys SET last_used_at = max(coalesce(last_used_at, :now), :now) WHERE id = :id",
                    ["now": moment.seconds, "id": id])
            }
        }
    }

    static func store(_ accessKey: AccessKey, _ database: Database) throws {
        try StorableText.require(accessKey.id)
        try database.run(
            """
            INSERT INTO access_keys (id, account, identity, wrapped_secret, is_enabled, created_at, last_used_at)
            VALUES (?, ?, ?, ?, ?, ?, ?)
            """,
            [
                accessKey.id, accessKey.account.number, accessKey.identity, Data(accessKey.wrappedSecret),
                accessKey.isEnabled, accessKey.createdAt.seconds, accessKey.lastUsedAt?.seconds,
            ])
    }

    /// Refuses an access key that is not there and, if it must be dispensable, the last enabled one of a root identity.
    private static func requireAccessKey(_ id: String, isDispensable: Bool, _ database: Database) throws {
        let missing = KMSError(.accessKeyNotFound, "there is no such access key")
        guard StorableText.allows(id) else { throw missing }
        let row = try database.row(
            """
            SELECT is_root, EXISTS (
                SELECT 1 FROM access_keys AS others
                WHERE others.identity = access_keys.identity AND others.is_enabled = 1 AND others.id <> access_keys.id
            ) AS has_other
            FROM access_keys JOIN identities ON identities.id = access_keys.identity WHERE access_keys.id = ?
            """, [id])
        guard let row else { throw missing }
        guard !isDispensable || !(row["is_root"] as Bool) || row["has_other"] else {
            throw KMSError(.lastRootKey, "the root identity of an account must keep an enabled access key")
        }
    }
}
