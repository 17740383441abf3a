import ClavigerCore
import ClavigerTesting
import Synchronization

/// A memory store whose next reading of a key with its versions ends only when the test says so; what it read is then old.
final class SlowKeyStore: KeyStore {
    private struct Gate {
        var isArmed = false
        var hasRead: CheckedContinuation<Void, Never>?
        var didRead = false
        var held: CheckedContinuation<Void, Never>?
    }

    let base = MemoryKeyStore()
    private let refused = Mutex<KeyID?>(nil)

    /// Lets changes of a key fail.
    func refuseChanges(of id: KeyID?) { refused.withLock { $0 = id } }

    private let imports = Mutex((arrived: 0, expected: 0))

    /// Lets imports wait for their parameters until there are so many.
    func gatherImports(_ count: Int) { imports.withLock { $0 = (0, count) } }

    private let lists = Mutex(0)

    /// How often somebody has asked for a list, or for the key with an alias.
    var searches: Int { lists.withLock { $0 } }

    private let gate = Mutex(Gate())

    /// Makes the next reading wait.
    func hold() { gate.withLock { $0 = Gate(isArmed: true) } }

    /// Returns when the reading that waits has read.
    func waitUntilRead() async {
        await withCheckedContinuation { continuation in
            let isReady = gate.withLock { gate in
                if gate.didRead { return true }
                gate.hasRead = continuation
                return false
            }
            if isReady { continuation.resume() }
        }
    }

    /// Lets the reading end.
    func release() { gate.withLock { $0.held.take() }?.resume() }

    func keyWithVersions(_ id: KeyID) async throws(KMSError) -> (key: Key, versions: [KeyVersion])? {
        let found = try await base.keyWithVersions(id)
        guard gate.withLock({ gate in gate.isArmed.exchange(false) }) else { return found }
        await withCheckedContinuation { continuation in
            let reader = gate.withLock { gate in
                gate.held = continuation
                gate.didRead = true
                return gate.hasRead.take()
            }
            reader?.resume()
        }
        return found
    }

    func setting(_ name: String) async throws(KMSError) -> [UInt8]? { try await base.setting(name) }

    func insertSettings(_ values: [String: [UInt8]]) async throws(KMSError) -> Bool {
        try await base.insertSettings(values)
    }

    func insert(_ key: Key, version: KeyVersion?, limit: Int) async throws(KMSError) {
        try await base.insert(key, version: version, limit: limit)
    }

    func key(_ id: KeyID) async throws(KMSError) -> Key? { try await base.key(id) }

    func versions(of id: KeyID) async throws(KMSError) -> [KeyVersion] { try await base.versions(of: id) }

    func keys(_ ids: [KeyID], in scope: KeyScope) async throws(KMSError) -> [Key] {
        try await base.keys(ids, in: scope)
    }

    func change(
        _ ids: [KeyID], in scope: KeyScope, _ change: @escaping @Sendable (inout Key) throws(KMSError) -> [KeyEffect]
    ) async throws(KMSError) -> [Key] {
        if let id = refused.withLock(\.self), ids.contains(id) { throw KMSError(.storeUnavailable, "refused") }
        return try await base.change(ids, in: scope, change)
    }

    func list(_ query: KeyQuery, offset: Int, limit: Int) async throws(KMSError) -> KeyPage {
        lists.withLock { $0 += 1 }
        return try await base.list(query, offset: offset, limit: limit)
    }

    func keyID(named alias: KeyAlias, in scope: KeyScope) async throws(KMSError) -> KeyID? {
        lists.withLock { $0 += 1 }
        return try await base.keyID(named: alias, in: scope)
    }

    func aliases(in scope: KeyScope, offset: Int, limit: Int) async throws(KMSError) -> AliasPage {
        try await base.aliases(in: scope, offset: offset, limit: limit)
    }

    func tags(in scope: KeyScope) async throws(KMSError) -> [(key: String, values: [String])] {
        try await base.tags(in: scope)
    }

    func grants(
        retirableBy identity: String, in scope: KeyScope, offset: Int, limit: Int
    ) async throws(KMSError) -> (grants: [KeyGrant], total: Int) {
        try await base.grants(retirableBy: identity, in: scope, offset: offset, limit: limit)
    }

    func keysDue(for work: DueWork, at moment: Timestamp, limit: Int) async throws(KMSError) -> [KeyID] {
        try await base.keysDue(for: work, at: moment, limit: limit)
    }

    func importParameters(_ tokenDigest: [UInt8]) async throws(KMSError) -> ImportParameters? {
        imports.withLock { $0.arrived += 1 }
        while imports.withLock({ $0.arrived < $0.expected }) { await Task.yield() }
        return try await base.importParameters(tokenDigest)
    }

    func deleteImportParameters(expiredAt moment: Timestamp) async throws(KMSError) {
        try await base.deleteImportParameters(expiredAt: moment)
    }

    func deleteKey(_ id: KeyID, dueAt moment: Timestamp) async throws(KMSError) -> Key? {
        try await base.deleteKey(id, dueAt: moment)
    }

    func checkHealth() async throws(KMSError) { try await base.checkHealth() }

    func close() async { await base.close() }
}

extension Bool {
    /// Sets another value and gives the old one.
    fileprivate mutating func exchange(_ value: Bool) -> Bool {
        defer { self = value }
        return self
    }
}
