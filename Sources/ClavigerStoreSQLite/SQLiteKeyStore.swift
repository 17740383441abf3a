package import ClavigerCore
import Foundation
import GRDB

/// Keys, secrets and identities in an SQLite database: the embedded store of a single node.
///
/// One process at a time opens the database; whoever opens the data directory sees to it. Texts that contain U+0000 are
/// refused, since SQLite would cut them off there.
package final class SQLiteKeyStore: KeyStore, SecretStore, IdentityStore {
    /// Milliseconds that a connection waits for another.
    static let busyTimeout = 5000

    let pool: DatabasePool
    let writes: SQLiteWriteQueue
    let lists = ListCache<CreationPlace>()

    /// The position is the number of an alias.
    let aliasLists = ListCache<Int64>()
    let secretLists = ListCache<CreationPlace>()

    /// Opens the database, or creates it, readable by its owner alone, and brings its schema forward.
    ///
    /// Blocks on the disk: call it before the server serves.
    package init(path: String) throws(KMSError) {
        do {
            try Self.restrictAccess(to: path)
            var configuration = Configuration()
            configuration.foreignKeysEnabled = true
            configuration.busyMode = .timeout(Double(Self.busyTimeout) / 1000)
            configuration.prepareDatabase { try $0.execute(sql: "PRAGMA secure_delete = ON") }
            pool = try DatabasePool(path: path, configuration: configuration)
            try pool.writeWithoutTransaction(Self.requireDurability)
            try Migrations.run(on: pool)
            // What was removed and not wiped before the program ended, or was a table before it was migrated.
            _ = try? pool.writeWithoutTransaction { try $0.checkpoint(.truncate) }
        } catch {
            throw KMSError(opening: error)
        }
        writes = SQLiteWriteQueue(pool)
    }

    package func checkHealth() async throws(KMSError) {
        _ = try await read { try Int.fetchOne($0, sql: "SELECT checks FROM health") }
        // Only a commit notices a full disk.
        try await writes.run { try $0.run("UPDATE health SET checks = checks + 1") }
    }

    package func close() async {
        // Whatever was handed in before is done by the time this is; statements of later calls fail.
        _ = try? await writes.run { _ in }
        await withCheckedContinuation { continuation in
            DispatchQueue.global().async { [pool] in
                try? pool.close()
                continuation.resume()
            }
        }
    }

    /// Reads as of one moment.
    func read<Value: Sendable>(_ body: @Sendable (Database) throws -> Value) async throws(KMSError) -> Value {
        do { return try await pool.read(body) } catch { throw KMSError(store: error) }
    }

    /// Gives the file its mode before SQLite opens it; SQLite gives the same to the files beside it.
    private static func restrictAccess(to path: String) throws {
        let descriptor = open(path, O_CREAT | O_EXCL | O_RDWR | O_CLOEXEC, 0o600)
        if descriptor >= 0 {
            Foundation.close(descriptor)
        } else if errno != EEXIST || chmod(path, 0o600) != 0 {
            throw POSIXError(POSIXErrorCode(rawValue: errno) ?? .EIO)
        }
    }

    /// Has every commit synced to disk.
    ///
    /// GRDB sets `synchronous = NORMAL` when it turns WAL on, after it has prepared the connection; so this runs on the open pool.
    private static func requireDurability(_ database: Database) throws {
        try database.execute(sql: "PRAGMA synchronous = FULL")
        let journal = try String.fetchOne(database, sql: "PRAGMA journal_mode")
        let synchronous = try Int.fetchOne(database, sql: "PRAGMA synchronous")
        guard journal == "wal", synchronous == 2 else {
            throw KMSError(
                .storeUnavailable, "the key store cannot keep changes: SQLite refused WAL or synchronous FULL")
        }
    }
}
