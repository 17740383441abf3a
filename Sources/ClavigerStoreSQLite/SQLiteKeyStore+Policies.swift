package import ClavigerCore
import GRDB

extension SQLiteKeyStore {
    package func insert(_ policy: StoredPolicy, limit: Int) async throws(KMSError) {
        try StorableText.require(policy.id, policy.name, policy.description, policy.document.text)
        try await writes.run { database in
            try AccountRow.requireAccount(policy.account, database)
            try AccountRow.requireFree(policy.name, in: "policies", of: policy.account, "a policy", database)
            guard try AccountRow.count(of: "policies", in: policy.account, database) < limit else {
                throw KMSError.tooManyPolicies(limit)
            }
            try database.run(
                """
                INSERT INTO policies (id, account, name, description, language, document, created_at, updated_at)
                VALUES (?, ?, ?, ?, ?, ?, ?, ?)
                """,
                [
                    policy.id, policy.account.number, policy.name, policy.description,
                    policy.document.language.rawValue, policy.document.text, policy.createdAt.seconds,
                    policy.updatedAt.seconds,
                ])
        }
    }

    package func policy(named name: String, in account: AccountID) async throws(KMSError) -> StoredPolicy? {
        try await find(named: name, of: account, in: "policies", AccountRow.policy)
    }

    package func policies(
        of account: AccountID, after name: String?, limit: Int
    ) async throws(KMSError) -> [StoredPolicy] {
        try await page(of: "policies", in: account, after: name, limit: limit, AccountRow.policy)
    }

    @discardableResult
    package func changePolicy(
        _ id: String, _ change: @escaping @Sendable (inout StoredPolicy) throws(KMSError) -> Void
    ) async throws(KMSError) -> StoredPolicy {
        try await writes.run { database in
            var policy = try AccountRow.requirePolicy(id, database)
            try change(&policy)
            try StorableText.require(policy.description, policy.document.text)
            try database.run(
                "UPDATE policies SET description = ?, language = ?, document = ?, updated_at = ? WHERE id = ?",
                [
                    policy.description, policy.document.language.rawValue, policy.document.text,
                    policy.updatedAt.seconds, id,
                ])
            return policy
        }
    }

    package func deletePolicy(_ id: String) async throws(KMSError) {
        try await writes.run { database in
            let policy = try AccountRow.requirePolicy(id, database)
            let attached = try database.row("SELECT 1 FROM policy_attachments WHERE policy = ? LIMIT 1", [id])
            guard attached == nil else {
                throw KMSError(.policyInUse, "the policy \(policy.name) is attached to users or groups")
            }
            try database.run("DELETE FROM policies WHERE id = ?", [id])
        }
    }

    // MARK: attachments

    package func attach(policy id: String, to holder: PolicyHolder, limit: Int) async throws(KMSError) {
        try await writes.run { database in
            let account = try AccountRow.requirePolicy(id, database).account
            switch holder {
            case .user(let identity): try AccountRow.requireIdentity(identity, in: account, database)
            case .group(let group): try AccountRow.requireGroup(group, in: account, database)
            }
            try database.run(
                "INSERT INTO policy_attachments (policy, \(holder.column)) VALUES (?, ?) ON CONFLICT DO NOTHING",
                [id, holder.id])
            guard database.changesCount > 0 else { return }
            // With the new one; what is attached already stays, however much there is.
            guard try database.count(Self.attachedStatement(to: holder), [holder.id]) <= limit else {
                throw KMSError.tooManyPoliciesOfHolder(limit)
            }
        }
    }

    static func attachedStatement(to holder: PolicyHolder) -> String {
        "SELECT count(*) FROM policy_attachments WHERE \(holder.column) = ?"
    }

    package func detach(policy id: String, from holder: PolicyHolder) async throws(KMSError) {
        guard StorableText.allows(id), StorableText.allows(holder.id) else { return }
        try await writes.run { database in
            try database.run(
                "DELETE FROM policy_attachments WHERE policy = ? AND \(holder.column) = ?", [id, holder.id])
        }
    }

    package func policies(attachedTo holder: PolicyHolder) async throws(KMSError) -> [StoredPolicy] {
        try await list(
            """
            SELECT policies.* FROM policy_attachments JOIN policies ON policies.id = policy_attachments.policy
            WHERE \(holder.column) = :id ORDER BY name
            """, of: holder.id, AccountRow.policy)
    }

    package func holders(ofPolicy id: String) async throws(KMSError) -> (users: [Identity], groups: [Group]) {
        guard StorableText.allows(id) else { return ([], []) }
        return try await read { database in
            let users = try database.rows(Self.holdersStatement(in: "identities", by: "identity"), ["id": id])
            let groups = try database.rows(Self.holdersStatement(in: "groups", by: "group_id"), ["id": id])
            return (users.map(AccountRow.identity), groups.map(AccountRow.group))
        }
    }

    package func policies(applyingTo identity: String) async throws(KMSError) -> [StoredPolicy] {
        try await list(Self.applyingStatement, of: identity, AccountRow.policy)
    }

    private static func holdersStatement(in table: String, by column: String) -> String {
        """
        SELECT \(table).* FROM policy_attachments JOIN \(table) ON \(table).id = policy_attachments.\(column)
        WHERE policy = :id ORDER BY name
        """
    }

    static let applyingStatement = """
        SELECT * FROM policies WHERE id IN (
            SELECT policy FROM policy_attachments WHERE identity = :id
            UNION
            SELECT policy FROM group_members JOIN policy_attachments
                ON policy_attachments.group_id = group_members.group_id
            WHERE group_members.identity = :id
        ) ORDER BY name
        """
}

extension PolicyHolder {
    fileprivate var id: String {
        switch self {
        case .user(let id), .group(let id): id
        }
    }

    /// Where attachments have the id.
    fileprivate var column: String {
        switch self {
        case .user: "identity"
        case .group: "group_id"
        }
    }
}
