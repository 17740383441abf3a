import GRDB

/// Enterprise projects of keys, lists of keys of both roles, tags that change, grants.
///
/// Moments are in seconds since 1970-01-01 UTC.
enum Migration0004: Migration {
    static let name = "0004"

    static func migrate(_ database: Database) throws {
        try database.execute(sql: columns)
        try database.execute(sql: indexes)
        try database.execute(sql: counters)
        try database.execute(sql: tags)
        try database.execute(sql: grants)
    }

    private static let columns = """
        ALTER TABLE keys ADD COLUMN enterprise_project TEXT NOT NULL DEFAULT '0';
        ALTER TABLE keys ADD COLUMN grant_count INTEGER NOT NULL DEFAULT 0 CHECK (grant_count >= 0);
        """

    private static let indexes = """
        DROP INDEX keys_by_creation;
        DROP INDEX keys_by_state;

        -- The columns after `sequence` let a list skip what it filters out without reading the rows.
        CREATE INDEX keys_by_creation
            ON keys (account, realm, role, created_at, sequence, state, spec, usage, origin, enterprise_project);
        CREATE INDEX keys_by_state
            ON keys (account, realm, role, state, created_at, sequence, spec, usage, origin, enterprise_project);

        -- For lists of keys of users and products together.
        CREATE INDEX all_keys_by_creation
            ON keys (account, realm, created_at, sequence, state, spec, usage, origin, enterprise_project);
        CREATE INDEX all_keys_by_state
            ON keys (account, realm, state, created_at, sequence, spec, usage, origin, enterprise_project);
        """

    /// SQLite cannot change a primary key, so the table is built anew. The triggers that refer to it go first: while there is no such
    /// table, SQLite would refuse to rename any.
    ///
    /// Enterprise projects come and go as customers like; those without keys must not make counting slower for good.
    private static let counters = """
        DROP TRIGGER keys_inserted;
        DROP TRIGGER keys_deleted;
        DROP TRIGGER keys_changed;

        CREATE TABLE new_key_counts (
            account INTEGER NOT NULL,
            realm TEXT NOT NULL,
            role TEXT NOT NULL,
            state TEXT NOT NULL,
            spec TEXT NOT NULL,
            usage TEXT NOT NULL,
            origin TEXT NOT NULL,
            enterprise_project TEXT NOT NULL,
            count INTEGER NOT NULL CHECK (count >= 0),
            PRIMARY KEY (account, realm, role, state, spec, usage, origin, enterprise_project)
        ) STRICT, WITHOUT ROWID;

        INSERT INTO new_key_counts (account, realm, role, state, spec, usage, origin, enterprise_project, count)
            SELECT account, realm, role, state, spec, usage, origin, '0', count FROM key_counts WHERE count > 0;
        DROP TABLE key_counts;
        ALTER TABLE new_key_counts RENAME TO key_counts;

        CREATE TRIGGER key_counts_emptied AFTER UPDATE OF count ON key_counts WHEN new.count = 0 BEGIN
            DELETE FROM key_counts
                WHERE account = new.account AND realm = new.realm AND role = new.role AND state = new.state
                AND spec = new.spec AND usage = new.usage AND origin = new.origin
                AND enterprise_project = new.enterprise_project;
        END;

        CREATE TRIGGER keys_inserted AFTER INSERT ON keys BEGIN
            INSERT INTO key_counts (account, realm, role, state, spec, usage, origin, enterprise_project, count)
                VALUES (new.account, new.realm, new.role, new.state, new.spec, new.usage, new.origin,
                    new.enterprise_project, 1)
                ON CONFLICT DO UPDATE SET count = count + 1;
            INSERT INTO scope_revisions (account, realm, revision) VALUES (new.account, new.realm, 1)
                ON CONFLICT DO UPDATE SET revision = revision + 1;
        END;

        CREATE TRIGGER keys_deleted AFTER DELETE ON keys BEGIN
            UPDATE key_counts SET count = count - 1
                WHERE account = old.account AND realm = old.realm AND role = old.role AND state = old.state
                AND spec = old.spec AND usage = old.usage AND origin = old.origin
                AND enterprise_project = old.enterprise_project;
            UPDATE scope_revisions SET revision = revision + 1
                WHERE account = old.account AND realm = old.realm;
        END;

        CREATE TRIGGER keys_changed AFTER UPDATE OF state ON keys WHEN new.state <> old.state BEGIN
            UPDATE key_counts SET count = count - 1
                WHERE account = old.account AND realm = old.realm AND role = old.role AND state = old.state
                AND spec = old.spec AND usage = old.usage AND origin = old.origin
                AND enterprise_project = old.enterprise_project;
            INSERT INTO key_counts (account, realm, role, state, spec, usage, origin, enterprise_project, count)
                VALUES (new.account, new.realm, new.role, new.state, new.spec, new.usage, new.origin,
                    new.enterprise_project, 1)
                ON CONFLICT DO UPDATE SET count = count + 1;
            UPDATE scope_revisions SET revision = revision + 1
                WHERE account = new.account AND realm = new.realm;
        END;
        """

    /// Until now a key kept the tags with which it was made. Lists depend on them; they are replaced, never updated.
    private static let tags = """
        CREATE TRIGGER tags_inserted AFTER INSERT ON tags BEGIN
            UPDATE scope_revisions SET revision = revision + 1
                WHERE account = new.account AND realm = new.realm;
        END;

        CREATE TRIGGER tags_deleted AFTER DELETE ON tags BEGIN
            UPDATE scope_revisions SET revision = revision + 1
                WHERE account = old.account AND realm = old.realm;
        END;
        """

    /// A grant without a grantee is everybody's in the account. Operations are parted by spaces, in the order in which they were given;
    /// `grantee_retires` says whether giving up the grant is one of them.
    ///
    /// Grants are counted as bindings are: no list depends on them, and when a key is deleted, its row is gone before its grants are.
    private static let grants = """
        CREATE TABLE grants (
            sequence INTEGER PRIMARY KEY,
            id TEXT NOT NULL UNIQUE,
            key INTEGER NOT NULL REFERENCES keys (sequence) ON DELETE CASCADE,
            account INTEGER NOT NULL,
            realm TEXT NOT NULL,
            grantee TEXT,
            operations TEXT NOT NULL CHECK (operations <> ''),
            grantee_retires INTEGER NOT NULL CHECK (grantee_retires IN (0, 1)),
            name TEXT NOT NULL,
            retiring_identity TEXT,
            issuer TEXT NOT NULL,
            created_at INTEGER NOT NULL
        ) STRICT;

        CREATE INDEX grants_of_key ON grants (key, created_at, sequence);
        CREATE INDEX grants_by_retiring_identity
            ON grants (account, realm, retiring_identity, created_at, sequence) WHERE retiring_identity IS NOT NULL;
        CREATE INDEX grants_by_retiring_grantee
            ON grants (account, realm, grantee, created_at, sequence, retiring_identity, grantee_retires)
            WHERE grantee_retires = 1;

        CREATE TRIGGER grants_inserted AFTER INSERT ON grants BEGIN
            UPDATE keys SET grant_count = grant_count + 1 WHERE sequence = new.key;
        END;

        CREATE TRIGGER grants_deleted AFTER DELETE ON grants BEGIN
            UPDATE keys SET grant_count = grant_count - 1 WHERE sequence = old.key;
        END;
        """
}
