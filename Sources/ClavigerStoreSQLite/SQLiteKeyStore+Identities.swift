package import ClavigerCore
import Foundation
import GRDB

extension SQLiteKeyStore {
    package func insert(_ identity: Identity, limit: Int) async throws(KMSError) {
        try await writes.run { database in
            try AccountRow.requireAccount(identity.account, database)
            try AccountRow.requireFree(identity.name, in: "identities", of: identity.account, "an identity", database)
            let numbered = try database.row("SELECT 1 FROM identities WHERE number = ?", [identity.number.value])
            guard numbered == nil else {
                throw KMSError(.nameExists, "an identity has the number \(identity.number)")
            }
            // The root identity is counted too, and is no user.
            let users = try AccountRow.count(of: "identities", in: identity.account, database) - 1
            guard users < limit else { throw KMSError.tooManyUsers(limit) }
            try Self.store(identity, database)
        }
    }

    package func identity(_ id: String) async throws(KMSError) -> Identity? {
        try await find(id, in: "identities", AccountRow.identity)
    }

    package func identity(named name: String, in account: AccountID) async throws(KMSError) -> Identity? {
        try await find(named: name, of: account, in: "identities", AccountRow.identity)
    }

    package func identities(
        of account: AccountID, after name: String?, limit: Int
    ) async throws(KMSError) -> [Identity] {
        try await page(of: "identities", in: account, after: name, limit: limit, AccountRow.identity)
    }

    @discardableResult
    package func changeIdentity(
        _ id: String, _ change: @escaping @Sendable (inout Identity) throws(KMSError) -> Void
    ) async throws(KMSError) -> Identity {
        try await writes.run { [writes] database in
            let old = try AccountRow.requireIdentity(id, database)
            var new = old
            try change(&new)
            guard new.isEnabled || !new.isRoot else {
                throw KMSError(.rootIdentity, "the root identity of an account cannot be disabled")
            }
            try StorableText.require(new.description)
            try database.run(
                """
                UPDATE identities SET description = ?, is_enabled = ?, password_salt = ?, password_rounds = ?,
                    password_digest = ?, sessions_valid_from = ?
                WHERE id = ?
                """,
                [
                    new.description, new.isEnabled, new.password.map { Data($0.salt) }, new.password?.rounds,
                    new.password.map { Data($0.digest) }, new.sessionsValidFrom.seconds, id,
                ])
            if old.password != nil, old.password != new.password { writes.wipeRemains() }
            return new
        }
    }

    package func deleteIdentity(_ id: String) async throws(KMSError) {
        try await writes.run { [writes] database in
            guard !(try AccountRow.requireIdentity(id, database).isRoot) else {
                throw KMSError(.identityNotFound, "there is no such user")
            }
            try database.run("DELETE FROM identities WHERE id = ?", [id])
            writes.wipeRemains()
        }
    }

    static func store(_ identity: Identity, _ database: Database) throws {
        try StorableText.require(identity.id, identity.name, identity.description)
        try database.run(
            """
            INSERT INTO identities
                (id, account, number, name, is_root, description, is_enabled, password_salt, password_rounds,
                password_digest, sessions_valid_from, created_at)
            VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
            """,
            [
                identity.id, identity.account.number, identity.number.value, identity.name, identity.isRoot,
                identity.description, identity.isEnabled, identity.password.map { Data($0.salt) },
                identity.password?.rounds, identity.password.map { Data($0.digest) },
                identity.sessionsValidFrom.seconds, identity.createdAt.seconds,
            ])
    }
}
