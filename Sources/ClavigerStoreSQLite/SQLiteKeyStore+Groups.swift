package import ClavigerCore
import GRDB

extension SQLiteKeyStore {
    package func insert(_ group: Group, limit: Int) async throws(KMSError) {
        try StorableText.require(group.id, group.name, group.description)
        try await writes.run { database in
            try AccountRow.requireAccount(group.account, database)
            try AccountRow.requireFree(group.name, in: "groups", of: group.account, "a group", database)
            guard try AccountRow.count(of: "groups", in: group.account, database) < limit else {
                throw KMSError.tooManyGroups(limit)
            }
            try database.run(
                "INSERT INTO groups (id, account, name, description, created_at) VALUES (?, ?, ?, ?, ?)",
                [group.id, group.account.number, group.name, group.description, group.createdAt.seconds])
        }
    }

    package func group(named name: String, in account: AccountID) async throws(KMSError) -> Group? {
        try await find(named: name, of: account, in: "groups", AccountRow.group)
    }

    package func groups(of account: AccountID, after name: String?, limit: Int) async throws(KMSError) -> [Group] {
        try await page(of: "groups", in: account, after: name, limit: limit, AccountRow.group)
    }

    package func setDescription(_ text: String, group id: String) async throws(KMSError) {
        try StorableText.require(text)
        try await writes.run { database in
            try AccountRow.requireGroup(id, database)
            try database.run("UPDATE groups SET description = ? WHERE id = ?", [text, id])
        }
    }

    package func deleteGroup(_ id: String) async throws(KMSError) {
        try await writes.run { database in
            let group = try AccountRow.requireGroup(id, database)
            let attached = try database.row(Self.heldStatement, [id])
            guard attached == nil else { throw KMSError.groupHasPolicies(group) }
            try database.run("DELETE FROM groups WHERE id = ?", [id])
        }
    }

    package func addMembers(_ identities: [String], to group: String, limit: Int) async throws(KMSError) {
        try await writes.run { database in
            let account = try AccountRow.requireGroup(group, database).account
            for identity in identities {
                try AccountRow.requireIdentity(identity, in: account, database)
                try database.run(
                    "INSERT INTO group_members (identity, group_id) VALUES (?, ?) ON CONFLICT DO NOTHING",
                    [identity, group])
                guard database.changesCount > 0 else { continue }
                // With the new one; who is in the group already stays, however many there are.
                let groups = try database.count(Self.groupsStatement, [identity])
                guard groups <= limit else { throw KMSError.tooManyGroupsOfUser(limit) }
            }
        }
    }

    static let heldStatement = "SELECT 1 FROM policy_attachments WHERE group_id = ? LIMIT 1"

    static let groupsStatement = "SELECT count(*) FROM group_members WHERE identity = ?"

    package func removeMembers(_ identities: [String], from group: String) async throws(KMSError) {
        guard StorableText.allows(group) else { return }
        let known = identities.filter(StorableText.allows)
        try await writes.run { database in
            for identity in known {
                try database.run("DELETE FROM group_members WHERE identity = ? AND group_id = ?", [identity, group])
            }
        }
    }

    package func members(of group: String) async throws(KMSError) -> [Identity] {
        try await list(
            """
            SELECT identities.* FROM group_members JOIN identities ON identities.id = group_members.identity
            WHERE group_id = :id ORDER BY name
            """, of: group, AccountRow.identity)
    }

    package func groups(ofIdentity id: String) async throws(KMSError) -> [Group] {
        try await list(
            """
            SELECT groups.* FROM group_members JOIN groups ON groups.id = group_members.group_id
            WHERE identity = :id ORDER BY name
            """, of: id, AccountRow.group)
    }
}
