import ClavigerCore
import GRDB
import Synchronization

/// The one way to change the database: changes that wait together share a transaction, and so the one sync to disk at its end.
///
/// Each change runs in a savepoint of its own, so that its failure undoes it alone. Its caller goes on when the whole group
/// rests on disk. A change that has been handed in is carried out even if its caller is cancelled: its outcome must never be
/// in doubt.
final class SQLiteWriteQueue: Sendable {
    /// Milliseconds that a wipe waits for readers.
    private static let wipePatience = 100

    /// Bounds how long the first change of a group waits for the last.
    private static let largestGroup = 128

    private struct Change {
        /// Makes the change; returns what tells its caller, once it is durable. Throws only if the transaction is lost.
        let attempt: @Sendable (Database) throws -> @Sendable () -> Void
        let fail: @Sendable (any Error) -> Void
    }

    private struct State {
        var waiting: [Change] = []
        var isRunning = false
        var mustWipe = false
    }

    private let pool: DatabasePool
    private let state = Mutex(State())

    init(_ pool: DatabasePool) { self.pool = pool }

    /// Runs `body` in a transaction and returns when its changes are durable.
    func run<Value: Sendable>(_ body: @escaping @Sendable (Database) throws -> Value) async throws(KMSError) -> Value {
        let result: Result<Value, any Error> = await withCheckedContinuation { continuation in
            enqueue(
                Change { database in
                    let result = try Self.inSavepoint(of: database, body)
                    return { continuation.resume(returning: result) }
                } fail: {
                    continuation.resume(returning: .failure($0))
                })
        }
        do { return try result.get() } catch { throw KMSError(store: error) }
    }

    /// Has what a change has removed wiped out of the files before the change's caller goes on. For use within the change.
    func wipeRemains() { state.withLock { $0.mustWipe = true } }

    private func enqueue(_ change: Change) {
        let mustStart = state.withLock { state in
            state.waiting.append(change)
            defer { state.isRunning = true }
            return !state.isRunning
        }
        if mustStart {
            pool.asyncWriteWithoutTransaction { self.runGroups(in: $0) }
        }
    }

    /// Works until nothing waits, on the thread of the pool's writer.
    private func runGroups(in database: Database) {
        while let group = nextGroup() {
            do {
                var outcomes: [@Sendable () -> Void] = []
                try database.inTransaction(.immediate) {
                    for change in group {
                        outcomes.append(try change.attempt(database))
                    }
                    return .commit
                }
                if state.withLock(\.mustWipe) { wipe(database) }
                for tell in outcomes { tell() }
            } catch {
                for change in group { change.fail(error) }
            }
        }
    }

    /// Empties the write-ahead log into the database. A commit alone is added to the log, which keeps the pages of
    /// earlier commits, and leaves the database as it was.
    private func wipe(_ database: Database) {
        do {
            // Others wait meanwhile, so a reader is not waited for long.
            try database.execute(sql: "PRAGMA busy_timeout = \(Self.wipePatience)")
            defer { try? database.execute(sql: "PRAGMA busy_timeout = \(SQLiteKeyStore.busyTimeout)") }
            try database.checkpoint(.truncate)
            state.withLock { $0.mustWipe = false }
        } catch {
            // Somebody reads for longer than the log waits, or the disk fails. The change is durable all the same, and
            // the next group tries again.
        }
    }

    private func nextGroup() -> [Change]? {
        state.withLock { state in
            guard !state.waiting.isEmpty else {
                state.isRunning = false
                return nil
            }
            let group = Array(state.waiting.prefix(Self.largestGroup))
            state.waiting.removeFirst(group.count)
            return group
        }
    }

    private static func inSavepoint<Value>(
        of database: Database, _ body: (Database) throws -> Value
    ) throws -> Result<Value, any Error> {
        var value: Value?
        do {
            try database.inSavepoint {
                value = try body(database)
                return .commit
            }
        } catch {
            // SQLite gives the transaction up by itself when the disk fails or is full; whatever ran next would be a
            // transaction of its own.
            guard database.isInsideTransaction else { throw error }
            return .failure(error)
        }
        return .success(value!)  // the savepoint ended without an error, so the body gave its value
    }
}
