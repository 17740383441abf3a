import ClavigerCore
import Foundation
import GRDB

/// Accounts and what is in them as rows.
enum AccountRow {
    static func account(_ row: Row) -> Account {
        Account(
            id: AccountID(row["number"]), appID: row["app_id"], domainName: row["domain_name"],
            domainID: row["domain_id"], isEnabled: row["is_enabled"], createdAt: Timestamp(seconds: row["created_at"]))
    }

    static func project(_ row: Row) -> Project {
        Project(
            id: row["id"], account: AccountID(row["account"]), realm: RealmID(row["realm"]), name: row["name"])
    }

    static func identity(_ row: Row) -> Identity {
        let password = (row["password_digest"] as Data?).map { digest in
            PasswordDigest(
                salt: [UInt8](row["password_salt"] as Data), rounds: row["password_rounds"], digest: [UInt8](digest))
        }
        return Identity(
            id: row["id"], number: IdentityNumber(row["number"]), account: AccountID(row["account"]),
            name: row["name"], isRoot: row["is_root"], description: row["description"], isEnabled: row["is_enabled"],
            password: password, sessionsValidFrom: Timestamp(seconds: row["sessions_valid_from"]),
            createdAt: Timestamp(seconds: row["created_at"]))
    }

    static func accessKey(_ row: Row) -> AccessKey {
        AccessKey(
            id: row["id"], account: AccountID(row["account"]), identity: row["identity"],
            wrappedSecret: [UInt8](row["wrapped_secret"] as Data), isEnabled: row["is_enabled"],
            createdAt: Timestamp(seconds: row["created_at"]),
            lastUsedAt: (row["last_used_at"] as Int64?).map(Timestamp.init(seconds:)))
    }

    static func group(_ row: Row) -> Group {
        Group(
            id: row["id"], account: AccountID(row["account"]), name: row["name"], description: row["description"],
            createdAt: Timestamp(seconds: row["created_at"]))
    }

    static func policy(_ row: Row) throws(KMSError) -> StoredPolicy {
        guard let language = PolicyLanguage(rawValue: row["language"]) else { throw .unreadableRow }
        return StoredPolicy(
            id: row["id"], account: AccountID(row["account"]), name: row["name"], description: row["description"],
            document: PolicyDocument(language: language, text: row["document"]),
            createdAt: Timestamp(seconds: row["created_at"]), updatedAt: Timestamp(seconds: row["updated_at"]))
    }

    // MARK: by id, within a change

    static func requireAccount(_ id: AccountID, _ database: Database) throws {
        guard try database.row("SELECT 1 FROM accounts WHERE number = ?", [id.number]) != nil else {
            throw KMSError(.accountNotFound, "no account has the number \(id)")
        }
    }

    @discardableResult
    static func requireIdentity(_ id: String, in account: AccountID? = nil, _ database: Database) throws -> Identity {
        let identity = try find(id, in: "identities", database).map(identity)
        guard let identity, account.map({ $0 == identity.account }) ?? true else {
            throw KMSError(.identityNotFound, "there is no such identity")
        }
        return identity
    }

    @discardableResult
    static func requireGroup(_ id: String, in account: AccountID? = nil, _ database: Database) throws -> Group {
        let group = try find(id, in: "groups", database).map(group)
        guard let group, account.map({ $0 == group.account }) ?? true else {
            throw KMSError(.groupNotFound, "there is no such group")
        }
        return group
    }

    @discardableResult
    static func requirePolicy(_ id: String, _ database: Database) throws -> StoredPolicy {
        guard let row = try find(id, in: "policies", database) else {
            throw KMSError(.policyNotFound, "there is no such policy")
        }
        return try policy(row)
    }

    /// Refuses a name that another of the table has in the account.
    static func requireFree(
        _ name: String, in table: String, of account: AccountID, _ thing: String, _ database: Database
    ) throws {
        let taken = try database.row(
            "SELECT 1 FROM \(table) WHERE account = ? AND name = ?", [account.number, name])
        guard taken == nil else { throw KMSError(.nameExists, "the account has \(thing) \(name)") }
    }

    /// How many rows of the table the account has.
    static func count(of table: String, in account: AccountID, _ database: Database) throws -> Int {
        try database.count(countStatement(of: table), [account.number])
    }

    static func countStatement(of table: String) -> String { "SELECT count(*) FROM \(table) WHERE account = ?" }

    private static func find(_ id: String, in table: String, _ database: Database) throws -> Row? {
        // A text that cannot be stored must not be cut off to match one.
        guard StorableText.allows(id) else { return nil }
        return try database.row("SELECT * FROM \(table) WHERE id = ?", [id])
    }
}
