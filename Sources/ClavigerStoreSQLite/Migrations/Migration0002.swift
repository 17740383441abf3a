import GRDB

/// Key specs without a list in the schema, rotation, material from outside, resource bindings, import parameters.
///
/// SQLite cannot change a table's conditions, so `keys` is built anew and takes the old one's place, as section 7 of
/// SQLite's document "ALTER TABLE" describes. The migrator has turned foreign keys off, so nothing that refers to a key
/// is touched, and checks them all before it commits.
enum Migration0002: Migration {
    static let name = "0002"

    static func migrate(_ database: Database) throws {
        try database.execute(sql: newKeys)
        try database.execute(sql: exchange)
        try database.execute(sql: indexes)
        try database.execute(sql: triggers)
        try database.execute(sql: bindings)
        try database.execute(sql: importParameters)
    }

    /// Periods are in seconds, moments in seconds since 1970-01-01 UTC.
    private static let newKeys = """
        CREATE TABLE new_keys (
            sequence INTEGER PRIMARY KEY AUTOINCREMENT,
            id BLOB NOT NULL UNIQUE CHECK (length(id) = 16),
            account INTEGER NOT NULL,
            realm TEXT NOT NULL,
            role TEXT NOT NULL CHECK (role IN ('user', 'product')),
            product TEXT CHECK ((product IS NULL) = (role = 'user')),
            spec TEXT NOT NULL,
            usage TEXT NOT NULL CHECK (usage IN ('ENCRYPT_DECRYPT', 'SIGN_VERIFY')),
            origin TEXT NOT NULL CHECK (origin IN ('generated', 'external')),
            state TEXT NOT NULL
                CHECK (state IN ('enabled', 'disabled', 'archived', 'pendingDeletion', 'pendingImport')),
            description TEXT NOT NULL,
            created_at INTEGER NOT NULL,
            deletion_date INTEGER,
            primary_version BLOB CHECK (length(primary_version) = 16),
            rotation_period INTEGER CHECK (rotation_period > 0),
            next_rotation INTEGER CHECK ((next_rotation IS NULL) = (rotation_period IS NULL)),
            last_rotation INTEGER,
            material_digest BLOB CHECK (length(material_digest) > 0),
            material_expiry INTEGER CHECK (material_expiry IS NULL OR material_digest IS NOT NULL),
            binding_count INTEGER NOT NULL DEFAULT 0 CHECK (binding_count >= 0)
        ) STRICT;
        """

    /// The highest sequence comes along, even if its key is gone. The trigger refers to `keys`; while there is no such
    /// table, SQLite would refuse to rename any.
    private static let exchange = """
        INSERT INTO new_keys
            (sequence, id, account, realm, role, product, spec, usage, origin, state, description, created_at,
            deletion_date, primary_version)
            SELECT sequence, id, account, realm, role, product, spec, usage, origin, state, description, created_at,
                deletion_date, primary_version
            FROM keys;
        DELETE FROM sqlite_sequence WHERE name = 'new_keys';
        INSERT INTO sqlite_sequence (name, seq) SELECT 'new_keys', seq FROM sqlite_sequence WHERE name = 'keys';

        DROP TRIGGER aliases_inserted;
        DROP TABLE keys;
        ALTER TABLE new_keys RENAME TO keys;
        """

    private static let indexes = """
        -- The columns after `sequence` let a list skip what it filters out without reading the rows.
        CREATE INDEX keys_by_creation
            ON keys (account, realm, role, created_at, sequence, state, spec, usage, origin);
        CREATE INDEX keys_by_state
            ON keys (account, realm, role, state, created_at, sequence, spec, usage, origin);

        CREATE INDEX keys_by_deletion_date
            ON keys (deletion_date, sequence, id) WHERE deletion_date IS NOT NULL;
        CREATE INDEX keys_by_next_rotation
            ON keys (next_rotation, sequence, id, state) WHERE state = 'enabled' AND next_rotation IS NOT NULL;
        CREATE INDEX keys_by_material_expiry
            ON keys (material_expiry, sequence, id) WHERE material_expiry IS NOT NULL;
        """

    /// Those of the first step that went with the old table.
    private static let triggers = """
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

        CREATE TRIGGER aliases_inserted AFTER INSERT ON aliases WHEN new.is_primary = 1 BEGIN
            INSERT INTO key_search (rowid, key_id, alias)
                SELECT new.key, substr(hex, 1, 8) || '-' || substr(hex, 9, 4) || '-' || substr(hex, 13, 4)
                    || '-' || substr(hex, 17, 4) || '-' || substr(hex, 21), new.name
                FROM (SELECT lower(hex(id)) AS hex FROM keys WHERE sequence = new.key);
            UPDATE scope_revisions SET revision = revision + 1
                WHERE account = new.account AND realm = new.realm;
        END;
        """

    /// A key's bindings and their number. No list depends on either, so the scope's revision stays. When the key itself
    /// is deleted, its row is gone before its bindings are, and the second trigger finds nothing to change.
    private static let bindings = """
        CREATE TABLE resource_bindings (
            key INTEGER NOT NULL REFERENCES keys (sequence) ON DELETE CASCADE,
            product TEXT NOT NULL,
            resource TEXT NOT NULL,
            PRIMARY KEY (key, product, resource)
        ) STRICT, WITHOUT ROWID;

        CREATE TRIGGER resource_bindings_inserted AFTER INSERT ON resource_bindings BEGIN
            UPDATE keys SET binding_count = binding_count + 1 WHERE sequence = new.key;
        END;

        CREATE TRIGGER resource_bindings_deleted AFTER DELETE ON resource_bindings BEGIN
            UPDATE keys SET binding_count = binding_count - 1 WHERE sequence = old.key;
        END;
        """

    private static let importParameters = """
        CREATE TABLE import_parameters (
            token_digest BLOB NOT NULL PRIMARY KEY CHECK (length(token_digest) = 32),
            key INTEGER NOT NULL REFERENCES keys (sequence) ON DELETE CASCADE,
            algorithm TEXT NOT NULL,
            wrapped_private_key BLOB NOT NULL,
            expires_at INTEGER NOT NULL
        ) STRICT;

        CREATE INDEX import_parameters_of_key ON import_parameters (key);
        CREATE INDEX import_parameters_by_expiry ON import_parameters (expires_at);
        """
}
