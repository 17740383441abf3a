package import ClavigerCore
import Foundation
import GRDB

extension SQLiteKeyStore {
    package func insert(
        _ account: Account, root: Identity, accessKey: AccessKey, projects: [Project]
    ) async throws(KMSError) {
        try StorableText.require(account.domainName, account.domainID, root.id, root.name, accessKey.id)
        try await writes.run { database in
            try database.run(
                "INSERT INTO accounts (number, domain_name, domain_id, created_at) VALUES (?, ?, ?, ?)",
                [account.id.number, account.domainName, account.domainID, account.createdAt.seconds])
            try database.run(
                """
                INSERT INTO identities
                    (id, account, name, is_root, password_salt, password_rounds, password_digest, created_at)
                VALUES (?, ?, ?, ?, ?, ?, ?, ?)
                """,
                [
                    root.id, root.account.number, root.name, root.isRoot, Data(root.password.salt),
                    root.password.rounds,
                    Data(root.password.digest), root.createdAt.seconds,
                ])
            try database.run(
                """
                INSERT INTO access_keys (id, account, identity, wrapped_secret, is_enabled, created_at)
                VALUES (?, ?, ?, ?, ?, ?)
                """,
                [
                    accessKey.id, accessKey.account.number, accessKey.identity, Data(accessKey.wrappedSecret),
                    accessKey.isEnabled, accessKey.createdAt.seconds,
                ])
            for project in projects {
                try database.run(
                    "INSERT INTO projects (id, account, realm) VALUES (?, ?, ?)",
                    [project.id, project.account.number, project.realm.name])
            }
        }
    }

    package func accounts() async throws(KMSError) -> [Account] {
        try await read { database in
            try database.rows("SELECT * FROM accounts ORDER BY created_at, sequence").map { row in
                Account(
                    id: AccountID(row["number"]), domainName: row["domain_name"], domainID: row["domain_id"],
                    createdAt: Timestamp(seconds: row["created_at"]))
            }
        }
    }

    package func accessKey(_ id: String) async throws(KMSError) -> (accessKey: AccessKey, identity: Identity)? {
        guard StorableText.allows(id) else { return nil }
        return try await read { database in
            let row = try database.row(
                """
                SELECT access_keys.id AS access_key_id, wrapped_secret, is_enabled,
                    access_keys.created_at AS access_key_created_at, identities.*
                FROM access_keys JOIN identities ON identities.id = access_keys.identity
                WHERE access_keys.id = ?
                """, [id])
            return row.map { row in
                let identity = Identity(
                    id: row["id"], account: AccountID(row["account"]), name: row["name"], isRoot: row["is_root"],
                    password: PasswordDigest(
                        salt: [UInt8](row["password_salt"] as Data), rounds: row["password_rounds"],
                        digest: [UInt8](row["password_digest"] as Data)),
                    createdAt: Timestamp(seconds: row["created_at"]))
                let accessKey = AccessKey(
                    id: row["access_key_id"], account: identity.account, identity: identity.id,
                    wrappedSecret: [UInt8](row["wrapped_secret"] as Data), isEnabled: row["is_enabled"],
                    createdAt: Timestamp(seconds: row["access_key_created_at"]))
                return (accessKey, identity)
            }
        }
    }
}
