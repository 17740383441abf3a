import GRDB

/// Keys with several aliases, or none, and lists of aliases; secrets.
///
/// Moments are in seconds since 1970-01-01 UTC.
enum Migration0005: Migration {
    static let name = "0005"

    static func migrate(_ database: Database) throws {
        try database.execute(sql: aliases)
        try database.execute(sql: aliasCounts)
        try database.execute(sql: search)
        try database.execute(sql: secrets)
        try database.execute(sql: secretValues)
        try database.execute(sql: secretLists)
    }

    /// SQLite cannot change a primary key, so the table is built anew and takes the old one's place, as section 7 of SQLite's document
    /// "ALTER TABLE" describes; its triggers go with it. The sequence is the order of creation. Until now each key had one alias, which was
    /// given when the key was made.
    private static let aliases = """
        CREATE TABLE new_aliases (
            sequence INTEGER PRIMARY KEY AUTOINCREMENT,
            account INTEGER NOT NULL,
            realm TEXT NOT NULL,
            name TEXT NOT NULL,
            key INTEGER NOT NULL REFERENCES keys (sequence) ON DELETE CASCADE,
            is_primary INTEGER NOT NULL CHECK (is_primary IN (0, 1)),
            UNIQUE (account, realm, name)
        ) STRICT;

        INSERT INTO new_aliases (account, realm, name, key, is_primary)
            SELECT aliases.account, aliases.realm, aliases.name, aliases.key, aliases.is_primary
            FROM aliases JOIN keys ON keys.sequence = aliases.key
            ORDER BY keys.created_at, keys.sequence, aliases.is_primary DESC, aliases.name;
        DROP TABLE aliases;
        ALTER TABLE new_aliases RENAME TO aliases;

        CREATE INDEX aliases_of_key ON aliases (key, is_primary DESC, sequence, name);
        CREATE UNIQUE INDEX primary_alias_of_key ON aliases (key) WHERE is_primary = 1;
        CREATE INDEX aliases_by_creation ON aliases (account, realm, sequence, name, key);
        """

    /// How many aliases there are in a scope, and a number that changes whenever the place of one in their list may: when another goes.
    /// New ones come behind all others.
    private static let aliasCounts = """
        CREATE TABLE alias_counts (
            account INTEGER NOT NULL,
            realm TEXT NOT NULL,
            count INTEGER NOT NULL CHECK (count >= 0),
            revision INTEGER NOT NULL,
            PRIMARY KEY (account, realm)
        ) STRICT, WITHOUT ROWID;

        INSERT INTO alias_counts (account, realm, count, revision)
            SELECT account, realm, count(*), 1 FROM aliases GROUP BY account, realm;

        CREATE TRIGGER aliases_inserted AFTER INSERT ON aliases BEGIN
            INSERT INTO alias_counts (account, realm, count, revision) VALUES (new.account, new.realm, 1, 1)
                ON CONFLICT DO UPDATE SET count = count + 1;
        END;

        CREATE TRIGGER aliases_deleted AFTER DELETE ON aliases BEGIN
            UPDATE alias_counts SET count = count - 1, revision = revision + 1
                WHERE account = old.account AND realm = old.realm;
        END;
        """

    /// What a search looks through went with a key's primary alias. A key can be without one now, so it goes with the key.
    private static let search = """
        CREATE TRIGGER key_search_deleted AFTER DELETE ON keys BEGIN
            DELETE FROM key_search WHERE rowid = old.sequence;
        END;
        """

    /// A key can be gone before the secrets whose values it encrypts, so nothing holds them together.
    private static let secrets = """
        CREATE TABLE secrets (
            sequence INTEGER PRIMARY KEY AUTOINCREMENT,
            id BLOB NOT NULL UNIQUE CHECK (length(id) = 16),
            account INTEGER NOT NULL,
            realm TEXT NOT NULL,
            name TEXT NOT NULL,
            encryption_key BLOB NOT NULL CHECK (length(encryption_key) = 16),
            has_chosen_key INTEGER NOT NULL CHECK (has_chosen_key IN (0, 1)),
            creator INTEGER NOT NULL,
            created_at INTEGER NOT NULL,
            updated_at INTEGER NOT NULL,
            deletion_date INTEGER,
            description TEXT NOT NULL,
            UNIQUE (account, realm, name)
        ) STRICT;

        CREATE INDEX secrets_by_creation ON secrets (account, realm, created_at, sequence);
        CREATE INDEX secrets_by_deletion_date
            ON secrets (deletion_date, sequence, account, realm, name) WHERE deletion_date IS NOT NULL;

        CREATE TABLE secret_tags (
            secret INTEGER NOT NULL REFERENCES secrets (sequence) ON DELETE CASCADE,
            ordinal INTEGER NOT NULL,
            name TEXT NOT NULL,
            value TEXT NOT NULL,
            PRIMARY KEY (secret, ordinal)
        ) STRICT, WITHOUT ROWID;
        """

    /// Versions in the order in which they came, and the labels of all versions of a secret in one order, so that those of each stay in theirs.
    private static let secretValues = """
        CREATE TABLE secret_versions (
            secret INTEGER NOT NULL REFERENCES secrets (sequence) ON DELETE CASCADE,
            ordinal INTEGER NOT NULL CHECK (ordinal > 0),
            id TEXT NOT NULL,
            form TEXT NOT NULL,
            created_at INTEGER NOT NULL,
            ciphertext BLOB NOT NULL,
            UNIQUE (secret, id)
        ) STRICT;

        -- Holds all but the values, which are long.
        CREATE UNIQUE INDEX versions_of_secret ON secret_versions (secret, ordinal, id, form, created_at);

        CREATE TABLE secret_stages (
            secret INTEGER NOT NULL,
            ordinal INTEGER NOT NULL,
            name TEXT NOT NULL,
            version TEXT NOT NULL,
            PRIMARY KEY (secret, ordinal),
            UNIQUE (secret, name),
            FOREIGN KEY (secret, version) REFERENCES secret_versions (secret, id) ON DELETE CASCADE
        ) STRICT, WITHOUT ROWID;
        """

    /// How many secrets there are in a scope, a number that changes whenever one of its lists may, and what filters look through: keys and
    /// values of a secret's tags, one after the other.
    private static let secretLists = """
        CREATE TABLE secret_counts (
            account INTEGER NOT NULL,
            realm TEXT NOT NULL,
            count INTEGER NOT NULL CHECK (count >= 0),
            revision INTEGER NOT NULL,
            PRIMARY KEY (account, realm)
        ) STRICT, WITHOUT ROWID;

        CREATE VIRTUAL TABLE secret_search
            USING fts5 (name, description, tag_keys, tag_values, tokenize = 'trigram case_sensitive 1');

        CREATE TRIGGER secrets_inserted AFTER INSERT ON secrets BEGIN
            INSERT INTO secret_counts (account, realm, count, revision) VALUES (new.account, new.realm, 1, 1)
                ON CONFLICT DO UPDATE SET count = count + 1, revision = revision + 1;
        END;

        CREATE TRIGGER secrets_deleted AFTER DELETE ON secrets BEGIN
            UPDATE secret_counts SET count = count - 1, revision = revision + 1
                WHERE account = old.account AND realm = old.realm;
            DELETE FROM secret_search WHERE rowid = old.sequence;
        END;
        """
}
