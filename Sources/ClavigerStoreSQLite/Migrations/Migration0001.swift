import GRDB

/// Settings, accounts, keys.
///
/// Ids are 16 bytes, big endian. Keys are joined by `sequence`, which is never reused.
enum Migration0001: Migration {
    static let name = "0001"

    static func migrate(_ database: Database) throws {
        try database.execute(sql: settings)
        try database.execute(sql: accounts)
        try database.execute(sql: keys)
        try database.execute(sql: aliases)
        try database.execute(sql: tags)
        try database.execute(sql: counters)
        try database.execute(sql: search)
    }

    private static let settings = """
        CREATE TABLE settings (
            name TEXT NOT NULL PRIMARY KEY,
            value BLOB NOT NULL
        ) STRICT, WITHOUT ROWID;

        CREATE TABLE health (
            id INTEGER NOT NULL PRIMARY KEY CHECK (id = 1),
            checks INTEGER NOT NULL
        ) STRICT;

        INSERT INTO health (id, checks) VALUES (1, 0);
        """

    private static let accounts = """
        CREATE TABLE accounts (
            sequence INTEGER PRIMARY KEY AUTOINCREMENT,
            number INTEGER NOT NULL UNIQUE,
            domain_name TEXT NOT NULL,
            domain_id TEXT NOT NULL UNIQUE,
            created_at INTEGER NOT NULL
        ) STRICT;

        CREATE INDEX accounts_by_creation ON accounts (created_at, sequence);

        CREATE TABLE identities (
            id TEXT NOT NULL PRIMARY KEY,
            account INTEGER NOT NULL REFERENCES accounts (number) ON DELETE CASCADE,
            name TEXT NOT NULL,
            is_root INTEGER NOT NULL CHECK (is_root IN (0, 1)),
            password_salt BLOB NOT NULL,
            password_rounds INTEGER NOT NULL,
            password_digest BLOB NOT NULL,
            created_at INTEGER NOT NULL,
            UNIQUE (account, name)
        ) STRICT, WITHOUT ROWID;

        CREATE TABLE access_keys (
            id TEXT NOT NULL PRIMARY KEY,
            account INTEGER NOT NULL REFERENCES accounts (number) ON DELETE CASCADE,
            identity TEXT NOT NULL REFERENCES identities (id) ON DELETE CASCADE,
            wrapped_secret BLOB NOT NULL,
            is_enabled INTEGER NOT NULL CHECK (is_enabled IN (0, 1)),
            created_at INTEGER NOT NULL
        ) STRICT, WITHOUT ROWID;

        CREATE INDEX access_keys_of_account ON access_keys (account);
        CREATE INDEX access_keys_of_identity ON access_keys (identity);

        CREATE TABLE projects (
            id TEXT NOT NULL PRIMARY KEY,
            account INTEGER NOT NULL REFERENCES accounts (number) ON DELETE CASCADE,
            realm TEXT NOT NULL,
            UNIQUE (account, realm)
        ) STRICT, WITHOUT ROWID;
        """

    private static let keys = """
        CREATE TABLE keys (
            sequence INTEGER PRIMARY KEY AUTOINCREMENT,
            id BLOB NOT NULL UNIQUE CHECK (length(id) = 16),
            account INTEGER NOT NULL,
            realm TEXT NOT NULL,
            role TEXT NOT NULL CHECK (role IN ('user', 'product')),
            product TEXT CHECK ((product IS NULL) = (role = 'user')),
            spec TEXT NOT NULL CHECK (spec IN ('AES_256', 'RSA_2048', 'EC_P256', 'EC_SM2')),
            usage TEXT NOT NULL CHECK (usage IN ('ENCRYPT_DECRYPT', 'SIGN_VERIFY')),
            origin TEXT NOT NULL CHECK (origin IN ('generated', 'external')),
            state TEXT NOT NULL
                CHECK (state IN ('enabled', 'disabled', 'archived', 'pendingDeletion', 'pendingImport')),
            description TEXT NOT NULL,
            created_at INTEGER NOT NULL,
            deletion_date INTEGER,
            primary_version BLOB CHECK (length(primary_version) = 16)
        ) STRICT;

        -- The columns after `sequence` let a list skip what it filters out without reading the rows.
        CREATE INDEX keys_by_creation
            ON keys (account, realm, role, created_at, sequence, state, spec, usage, origin);
        CREATE INDEX keys_by_state
            ON keys (account, realm, role, state, created_at, sequence, spec, usage, origin);
        CREATE INDEX keys_by_deletion_date
            ON keys (deletion_date, sequence, id) WHERE deletion_date IS NOT NULL;

        CREATE TABLE key_versions (
            id BLOB NOT NULL PRIMARY KEY CHECK (length(id) = 16),
            key INTEGER NOT NULL REFERENCES keys (sequence) ON DELETE CASCADE,
            ordinal INTEGER NOT NULL CHECK (ordinal > 0),
            wrapped_material BLOB NOT NULL,
            public_key BLOB,
            created_at INTEGER NOT NULL,
            UNIQUE (key, ordinal)
        ) STRICT;
        """

    private static let aliases = """
        CREATE TABLE aliases (
            account INTEGER NOT NULL,
            realm TEXT NOT NULL,
            name TEXT NOT NULL,
            key INTEGER NOT NULL REFERENCES keys (sequence) ON DELETE CASCADE,
            is_primary INTEGER NOT NULL CHECK (is_primary IN (0, 1)),
            PRIMARY KEY (account, realm, name)
        ) STRICT, WITHOUT ROWID;

        CREATE INDEX aliases_of_key ON aliases (key);
        CREATE UNIQUE INDEX primary_alias_of_key ON aliases (key) WHERE is_primary = 1;
        """

    private static let tags = """
        CREATE TABLE tags (
            key INTEGER NOT NULL REFERENCES keys (sequence) ON DELETE CASCADE,
            ordinal INTEGER NOT NULL,
            account INTEGER NOT NULL,
            realm TEXT NOT NULL,
            name TEXT NOT NULL,
            value TEXT NOT NULL,
            PRIMARY KEY (key, ordinal)
        ) STRICT, WITHOUT ROWID;

        CREATE INDEX tags_by_name ON tags (account, realm, name, value, key);
        """

    /// How many keys there are of each sort, and a number for each scope that changes whenever one of its lists may.
    private static let counters = """
        CREATE TABLE key_counts (
            account INTEGER NOT NULL,
            realm TEXT NOT NULL,
            role TEXT NOT NULL,
            state TEXT NOT NULL,
            spec TEXT NOT NULL,
            usage TEXT NOT NULL,
            origin TEXT NOT NULL,
            count INTEGER NOT NULL CHECK (count >= 0),
            PRIMARY KEY (account, realm, role, state, spec, usage, origin)
        ) STRICT, WITHOUT ROWID;

        CREATE TABLE scope_revisions (
            account INTEGER NOT NULL,
            realm TEXT NOT NULL,
            revision INTEGER NOT NULL,
            PRIMARY KEY (account, realm)
        ) STRICT, WITHOUT ROWID;

        CREATE TRIGGER keys_inserted AFTER INSERT ON keys BEGIN
            INSERT INTO key_counts (account, realm, role, state, spec, usage, origin, count)
                VALUES (new.account, new.realm, new.role, new.state, new.spec, new.usage, new.origin, 1)
                ON CONFLICT DO UPDATE SET count = count + 1;
            INSERT INTO scope_revisions (account, realm, revision) VALUES (new.account, new.realm, 1)
                ON CONFLICT DO UPDATE SET revision = revision + 1;
        END;

        CREATE TRIGGER keys_deleted AFTER DELETE ON keys BEGIN
            UPDATE key_counts SET count = count - 1
                WHERE account = old.account AND realm = old.realm AND role = old.role AND state = old.state
                AND spec = old.spec AND usage = old.usage AND origin = old.origin;
            UPDATE scope_revisions SET revision = revision + 1
                WHERE account = old.account AND realm = old.realm;
        END;

        CREATE TRIGGER keys_changed AFTER UPDATE OF state ON keys WHEN new.state <> old.state BEGIN
            UPDATE key_counts SET count = count - 1
                WHERE account = old.account AND realm = old.realm AND role = old.role AND state = old.state
                AND spec = old.spec AND usage = old.usage AND origin = old.origin;
            INSERT INTO key_counts (account, realm, role, state, spec, usage, origin, count)
                VALUES (new.account, new.realm, new.role, new.state, new.spec, new.usage, new.origin, 1)
                ON CONFLICT DO UPDATE SET count = count + 1;
            UPDATE scope_revisions SET revision = revision + 1
                WHERE account = new.account AND realm = new.realm;
        END;
        """

    /// What a search looks through: the text of the key's id, and its primary alias.
    private static let search = """
        CREATE VIRTUAL TABLE key_search USING fts5 (key_id, alias, tokenize = 'trigram case_sensitive 1');

        CREATE TRIGGER aliases_inserted AFTER INSERT ON aliases WHEN new.is_primary = 1 BEGIN
            INSERT INTO key_search (rowid, key_id, alias)
                SELECT new.key, substr(hex, 1, 8) || '-' || substr(hex, 9, 4) || '-' || substr(hex, 13, 4)
                    || '-' || substr(hex, 17, 4) || '-' || substr(hex, 21), new.name
                FROM (SELECT lower(hex(id)) AS hex FROM keys WHERE sequence = new.key);
            UPDATE scope_revisions SET revision = revision + 1
                WHERE account = new.account AND realm = new.realm;
        END;

        CREATE TRIGGER aliases_deleted AFTER DELETE ON aliases WHEN old.is_primary = 1 BEGIN
            DELETE FROM key_search WHERE rowid = old.key;
        END;
        """
}
