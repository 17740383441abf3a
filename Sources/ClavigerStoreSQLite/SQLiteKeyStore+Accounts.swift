package import ClavigerCore
import GRDB

extension SQLiteKeyStore {
    package func insert(
        _ account: Account, root: Identity, accessKey: AccessKey, projects: [Project]
    ) async throws(KMSError) {
        try StorableText.require(account.domainName, account.domainID)
        try await writes.run { database in
            let taken = try database.row(
                "SELECT 1 FROM accounts WHERE number = ? OR domain_name = ?", [account.id.number, account.domainName])
            let numbered = try database.row("SELECT 1 FROM identities WHERE number = ?", [root.number.value])
            guard taken == nil, numbered == nil else {
                throw KMSError(.nameExists, "an account has this number or the name \(account.domainName)")
            }
            try database.run(
                """
                INSERT INTO accounts (number, app_id, domain_name, domain_id, is_enabled, created_at)
                VALUES (?, ?, ?, ?, ?, ?)
                """,
                [
                    account.id.number, account.appID, account.domainName, account.domainID, account.isEnabled,
                    account.createdAt.seconds,
                ])
            try Self.store(root, database)
            try Self.store(accessKey, database)
            for project in projects { try Self.store(project, database) }
        }
    }

    package func accounts() async throws(KMSError) -> [Account] {
        try await read { database in
            try database.rows("SELECT * FROM accounts ORDER BY sequence").map(AccountRow.account)
        }
    }

    package func account(_ id: AccountID) async throws(KMSError) -> Account? {
        try await read { database in
            try database.row("SELECT * FROM accounts WHERE number = ?", [id.number]).map(AccountRow.account)
        }
    }

    package func account(named name: String) async throws(KMSError) -> Account? {
        guard StorableText.allows(name) else { return nil }
        return try await read { database in
            try database.row("SELECT * FROM accounts WHERE domain_name = ?", [name]).map(AccountRow.account)
        }
    }

    package func setEnabled(
        _ isEnabled: Bool, account: AccountID, at moment: Timestamp
    ) async throws(KMSError) {
        try await writes.run { database in
            try AccountRow.requireAccount(account, database)
            try database.run("UPDATE accounts SET is_enabled = ? WHERE number = ?", [isEnabled, account.number])
            guard !isEnabled else { return }
            // As Identity.endSessions(at:) does it.
            try database.run(
                "UPDATE identities SET sessions_valid_from = max(?, sessions_valid_from + 1) WHERE account = ?",
                [moment.seconds, account.number])
        }
    }

    package func projects(of account: AccountID) async throws(KMSError) -> [Project] {
        try await read { database in
            try database.rows("SELECT * FROM projects WHERE account = ? ORDER BY realm, name", [account.number])
                .map(AccountRow.project)
        }
    }

    package func project(_ id: String) async throws(KMSError) -> Project? {
        try await find(id, in: "projects", AccountRow.project)
    }

    package func insert(_ project: Project) async throws(KMSError) {
        try await writes.run { database in
            try AccountRow.requireAccount(project.account, database)
            try AccountRow.requireFree(project.name, in: "projects", of: project.account, "a project", database)
            try Self.store(project, database)
        }
    }

    package func deleteProject(_ id: String, of account: AccountID) async throws(KMSError) {
        let missing = KMSError(.projectNotFound, "the account has no project \(id)")
        guard StorableText.allows(id) else { throw missing }
        try await writes.run { database in
            try database.run("DELETE FROM projects WHERE id = ? AND account = ?", [id, account.number])
            guard database.changesCount == 1 else { throw missing }
        }
    }

    private static func store(_ project: Project, _ database: Database) throws {
        try StorableText.require(project.id, project.realm.name, project.name)
        try database.run(
            "INSERT INTO projects (id, account, realm, name) VALUES (?, ?, ?, ?)",
            [project.id, project.account.number, project.realm.name, project.name])
    }
}
