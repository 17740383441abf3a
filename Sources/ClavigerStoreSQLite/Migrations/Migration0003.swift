import GRDB

/// Users, groups and policies; accounts and projects with names; creators and policies of keys.
///
/// Moments are in seconds since 1970-01-01 UTC. Tables whose conditions change are built anew, as in ``Migration0002``.
enum Migration0003: Migration {
    static let name = "0003"

    static func migrate(_ database: Database) throws {
        try database.execute(sql: accounts)
        try database.execute(sql: identities)
        try database.execute(sql: newProjects)
        try fillProjects(database)
        try database.execute(sql: exchangeProjects)
        try database.execute(sql: groups)
        try database.execute(sql: policies)
        try database.execute(sql: revokedTokens)
        try database.execute(sql: keys)
    }

    /// Names of accounts were free; of those that share one, all but the oldest get their number behind it.
    private static let accounts = """
        ALTER TABLE accounts ADD COLUMN app_id INTEGER NOT NULL DEFAULT 0;
        ALTER TABLE accounts ADD COLUMN is_enabled INTEGER NOT NULL DEFAULT 1 CHECK (is_enabled IN (0, 1));

        UPDATE accounts SET app_id = 1250000000 + number % 100000000;
        UPDATE accounts SET domain_name = domain_name || '-' || number
            WHERE EXISTS (
                SELECT 1 FROM accounts AS others WHERE others.domain_name = accounts.domain_name
                AND (others.created_at, others.sequence) < (accounts.created_at, accounts.sequence)
            );
        CREATE UNIQUE INDEX accounts_by_name ON accounts (domain_name);
        """

    /// Until now every identity was the root of its account.
    private static let identities = """
        CREATE TABLE new_identities (
            id TEXT NOT NULL PRIMARY KEY,
            account INTEGER NOT NULL REFERENCES accounts (number) ON DELETE CASCADE,
            number INTEGER NOT NULL UNIQUE CHECK (is_root = 0 OR number = account),
            name TEXT NOT NULL,
            is_root INTEGER NOT NULL CHECK (is_root IN (0, 1)),
            description TEXT NOT NULL,
            is_enabled INTEGER NOT NULL CHECK (is_enabled IN (is_root, 1)),
            password_salt BLOB,
            password_rounds INTEGER CHECK ((password_rounds IS NULL) = (password_salt IS NULL)),
            password_digest BLOB CHECK ((password_digest IS NULL) = (password_salt IS NULL)),
            sessions_valid_from INTEGER NOT NULL,
            created_at INTEGER NOT NULL,
            UNIQUE (account, name)
        ) STRICT, WITHOUT ROWID;

        INSERT INTO new_identities
            (id, account, number, name, is_root, description, is_enabled, password_salt, password_rounds,
            password_digest, sessions_valid_from, created_at)
            SELECT id, account, account, name, is_root, '', 1, password_salt, password_rounds, password_digest, 0,
                created_at
            FROM identities;
        DROP TABLE identities;
        ALTER TABLE new_identities RENAME TO identities;

        ALTER TABLE access_keys ADD COLUMN last_used_at INTEGER;
        """

    private static let newProjects = """
        CREATE TABLE new_projects (
            id TEXT NOT NULL PRIMARY KEY,
            account INTEGER NOT NULL REFERENCES accounts (number) ON DELETE CASCADE,
            realm TEXT NOT NULL,
            name TEXT NOT NULL,
            UNIQUE (account, name)
        ) STRICT, WITHOUT ROWID;
        """

    /// Gives every project the name of its realm in Huawei's dialect; that of a realm of which no name is known is the realm's own.
    private static func fillProjects(_ database: Database) throws {
        let names = ["south": "ae-ad-1", "east": "cn-east-3", "north": "cn-north-4", "guomi": "cn-south-4"]
        var taken: Set<[String]> = []
        for row in try Row.fetchAll(database, sql: "SELECT id, account, realm FROM projects ORDER BY account, realm") {
            let (account, realm): (Int64, String) = (row["account"], row["realm"])
            var name = names[realm] ?? realm
            // A realm can be called what another's name is.
            if !taken.insert([String(account), name]).inserted { name += "_" + realm }
            try database.execute(
                sql: "INSERT INTO new_projects (id, account, realm, name) VALUES (?, ?, ?, ?)",
                arguments: [row["id"] as String, account, realm, name])
        }
    }

    private static let exchangeProjects = """
        DROP TABLE projects;
        ALTER TABLE new_projects RENAME TO projects;
        """

    private static let groups = """
        CREATE TABLE groups (
            id TEXT NOT NULL PRIMARY KEY,
            account INTEGER NOT NULL REFERENCES accounts (number) ON DELETE CASCADE,
            name TEXT NOT NULL,
            description TEXT NOT NULL,
            created_at INTEGER NOT NULL,
            UNIQUE (account, name)
        ) STRICT, WITHOUT ROWID;

        CREATE TABLE group_members (
            identity TEXT NOT NULL REFERENCES identities (id) ON DELETE CASCADE,
            group_id TEXT NOT NULL REFERENCES groups (id) ON DELETE CASCADE,
            PRIMARY KEY (identity, group_id)
        ) STRICT, WITHOUT ROWID;

        CREATE INDEX members_of_group ON group_members (group_id, identity);
        """

    /// A policy is attached to an identity or to a group. The schema does not let go of one that is attached.
    private static let policies = """
        CREATE TABLE policies (
            id TEXT NOT NULL PRIMARY KEY,
            account INTEGER NOT NULL REFERENCES accounts (number) ON DELETE CASCADE,
            name TEXT NOT NULL,
            description TEXT NOT NULL,
            language TEXT NOT NULL,
            document TEXT NOT NULL,
            created_at INTEGER NOT NULL,
            updated_at INTEGER NOT NULL,
            UNIQUE (account, name)
        ) STRICT;

        CREATE TABLE policy_attachments (
            policy TEXT NOT NULL REFERENCES policies (id),
            identity TEXT REFERENCES identities (id) ON DELETE CASCADE,
            group_id TEXT REFERENCES groups (id) ON DELETE CASCADE CHECK ((group_id IS NULL) <> (identity IS NULL))
        ) STRICT;

        CREATE UNIQUE INDEX policies_of_identity ON policy_attachments (identity, policy) WHERE identity IS NOT NULL;
        CREATE UNIQUE INDEX policies_of_group ON policy_attachments (group_id, policy) WHERE group_id IS NOT NULL;
        CREATE INDEX holders_of_policy ON policy_attachments (policy, identity, group_id);
        """

    private static let revokedTokens = """
        CREATE TABLE revoked_tokens (
            id BLOB NOT NULL PRIMARY KEY,
            expires_at INTEGER NOT NULL
        ) STRICT, WITHOUT ROWID;

        CREATE INDEX revoked_tokens_by_expiry ON revoked_tokens (expires_at);
        """

    /// Until now every key was made by the root of its account. The new columns stand last, so that a long policy is in nobody's way.
    private static let keys = """
        ALTER TABLE keys ADD COLUMN creator INTEGER NOT NULL DEFAULT 0;
        ALTER TABLE keys ADD COLUMN policy_language TEXT;
        ALTER TABLE keys ADD COLUMN policy TEXT CHECK ((policy IS NULL) = (policy_language IS NULL));

        UPDATE keys SET creator = account;
        """
}
