import ClavigerCore
import GRDB

/// The way of every database to the schema of this program.
enum Migrations {
    /// All steps, oldest first; new ones are appended.
    private static let all: [any Migration.Type] = [
        Migration0001.self, Migration0002.self, Migration0003.self, Migration0004.self, Migration0005.self,
    ]

    /// Brings the database forward, each step in a transaction.
    ///
    /// - Throws: `.storeUnavailable` if a newer program has changed the database, which this one could only damage.
    static func run(on pool: DatabasePool) throws {
        var migrator = DatabaseMigrator()
        for migration in all {
            migrator.registerMigration(migration.name) { try migration.migrate($0) }
        }
        guard try !pool.read(migrator.hasBeenSuperseded) else {
            throw KMSError(
                .storeUnavailable,
                "the key store was written by a newer version of this program; run that version or a later one")
        }
        try migrator.migrate(pool)
    }
}
