import Synchronization

/// Keys that are at hand without asking the store.
///
/// An entry can be installed only if no change of a key in its shard came between reading it from the store and installing it; so a
/// slow reader never brings back the state from before a change.
final class KeyCache: Sendable {
    private struct Shard {
        var entries: [KeyID: ResidentKey] = [:]
        var changes: UInt64 = 0
    }

    // An array of noncopyable mutexes cannot be built, so each has an object around it.
    private final class Lock: Sendable {
        let shard = Mutex(Shard())
    }

    private static let shardCount = 16

    private let locks = (0..<KeyCache.shardCount).map { _ in Lock() }
    private let capacityPerShard: Int

    /// A cache of about `capacity` keys; beyond it any key gives way.
    init(capacity: Int) { capacityPerShard = max(1, capacity / Self.shardCount) }

    private func lock(for id: KeyID) -> Lock { locks[Int(truncatingIfNeeded: id.value) & (Self.shardCount - 1)] }

    func lookup(_ id: KeyID) -> ResidentKey? { lock(for: id).shard.withLock { $0.entries[id] } }

    /// A mark to be read before the store is, and given to ``install(_:unlessChangedSince:)``.
    func changes(around id: KeyID) -> UInt64 { lock(for: id).shard.withLock { $0.changes } }

    func install(_ resident: ResidentKey, unlessChangedSince mark: UInt64) -> Bool {
        lock(for: resident.key.id).shard.withLock { shard in
            guard shard.changes == mark else { return false }
            if shard.entries.count >= capacityPerShard, shard.entries[resident.key.id] == nil {
                // Whoever still works with it will not hear of its changes.
                shard.entries.popFirst()?.value.markStale()
            }
            shard.entries.updateValue(resident, forKey: resident.key.id)?.markStale()
            return true
        }
    }

    /// Forgets a key that has changed; its material is wiped when the last operation with it ends.
    func invalidate(_ id: KeyID) {
        lock(for: id).shard.withLock { shard in
            shard.changes &+= 1
            shard.entries.removeValue(forKey: id)?.markStale()
        }
    }

    func removeAll() {
        for lock in locks {
            lock.shard.withLock { shard in
                shard.changes &+= 1
                for resident in shard.entries.values { resident.markStale() }
                shard.entries = [:]
            }
        }
    }
}
