package import ClavigerCore
import Synchronization

/// A store of keys, secrets and identities that forgets everything when it is released.
package final class MemoryKeyStore: KeyStore, SecretStore, IdentityStore {
    struct State {
        var isClosed = false
        var settings: [String: [UInt8]] = [:]

        /// In the order in which they came.
        var accounts: [Account] = []
        var identities: [String: Identity] = [:]
        var accessKeys: [String: AccessKey] = [:]
        var projects: [String: Project] = [:]
        var groups: [String: Group] = [:]

        /// Ids of identities, by the id of the group that they are in.
        var members: [String: Set<String>] = [:]
        var policies: [String: StoredPolicy] = [:]

        /// By the id of the policy that they hold.
        var holders: [String: Set<PolicyHolder>] = [:]

        /// When revoked tokens would have been void by their age.
        var revokedTokens: [[UInt8]: Timestamp] = [:]

        /// In the order of creation.
        var keys: [Key] = []
        var aliases: [KeyScope: [KeyAlias: StoredAlias]] = [:]

        /// By ordinal.
        var versions: [KeyID: [KeyVersion]] = [:]
        var bindings: [KeyID: [ResourceBinding]] = [:]
        var importParameters: [[UInt8]: ImportParameters] = [:]

        /// In the order of creation.
        var grants: [KeyGrant] = []
        var lastSequence: Int64 = 0
        var lastAliasSequence: Int64 = 0

        /// In the order of creation.
        var secrets: [Secret] = []

        /// By the number of the secret and the bytes of the version's id.
        var secretValues: [Int64: [[UInt8]: SealedSecretValue]] = [:]
        var lastSecretSequence: Int64 = 0
    }

    private let state = Mutex(State())

    package init() {}

    // MARK: settings

    package func setting(_ name: String) async throws(KMSError) -> [UInt8]? {
        try access { state in state.settings[name] }
    }

    package func insertSettings(_ values: [String: [UInt8]]) async throws(KMSError) -> Bool {
        try access { state in
            guard values.keys.allSatisfy({ state.settings[$0] == nil }) else { return false }
            state.settings.merge(values) { _, new in new }
            return true
        }
    }

    // MARK: keys

    package func insert(_ key: Key, version: KeyVersion?, limit: Int) async throws(KMSError) {
        try access { state throws(KMSError) in
            for alias in key.aliases { try state.requireFree(alias, in: key.scope) }
            guard state.keys.count(where: { $0.scope == key.scope && $0.isManaged == key.isManaged }) < limit else {
                throw KMSError(.tooManyKeys, "the account holds \(limit) keys in this region")
            }
            guard !state.keys.contains(where: { $0.id == key.id }) else {
                throw KMSError(.storeUnavailable, "the key exists already")
            }
            var next = state
            next.lastSequence += 1
            next.keys.append(key.with(sequence: next.lastSequence, bindingCount: 0, grants: []))
            try next.insertAliases(of: key)
            if let version { try Self.put(version, of: key.id, limit: .max, &next) }
            state = next
        }
    }

    package func key(_ id: KeyID) async throws(KMSError) -> Key? {
        try access { state in state.keys.first { $0.id == id } }
    }

    package func versions(of id: KeyID) async throws(KMSError) -> [KeyVersion] {
        try access { state in state.versions[id, default: []] }
    }

    package func keyWithVersions(_ id: KeyID) async throws(KMSError) -> (key: Key, versions: [KeyVersion])? {
        try access { state in
            state.keys.first { $0.id == id }.map { ($0, state.versions[id, default: []]) }
        }
    }

    package func keys(_ ids: [KeyID], in scope: KeyScope) async throws(KMSError) -> [Key] {
        try access { state throws(KMSError) in try Self.indices(of: ids, in: scope, state).map { state.keys[$0] } }
    }

    package func change(
        _ ids: [KeyID],
        in scope: KeyScope,
        _ change: @escaping @Sendable (inout Key) throws(KMSError) -> [KeyEffect]
    ) async throws(KMSError) -> [Key] {
        try access { state throws(KMSError) in
            let indices = try Self.indices(of: ids, in: scope, state)
            var next = state
            var seen: Set<Int> = []
            var effects: [(index: Int, effects: [KeyEffect])] = []
            for index in indices where seen.insert(index).inserted {
                effects.append((index, try change(&next.keys[index])))
            }
            try next.exchangeAliases(effects.map { (old: state.keys[$0.index], new: next.keys[$0.index]) }, in: scope)
            for (index, effects) in effects {
                let key = next.keys[index]
                for effect in effects { try Self.apply(effect, to: key.id, &next) }
                next.keys[index] = key.with(
                    sequence: key.sequence, bindingCount: next.bindings[key.id, default: []].count,
                    aliases: next.inOrder(key.aliases, in: scope), grants: next.grants.filter { $0.key == key.id })
            }
            state = next
            return indices.map { next.keys[$0] }
        }
    }

    package func list(_ query: KeyQuery, offset: Int, limit: Int) async throws(KMSError) -> KeyPage {
        try access { state in
            // The keys are in the order of creation and the sort is stable, so those of one second stay in that order.
            var matches = state.keys.filter(query.selects).sorted { $0.createdAt < $1.createdAt }
            if query.order == .newestFirst { matches.reverse() }
            return KeyPage(keys: Array(matches.dropFirst(offset).prefix(limit)), total: matches.count)
        }
    }

    package func tags(in scope: KeyScope) async throws(KMSError) -> [(key: String, values: [String])] {
        try access { state in
            var tags: [(key: String, values: [String])] = []
            for tag in state.keys.filter({ $0.scope == scope }).flatMap(\.tags) {
                let index = tags.firstIndex { tag.isNamed($0.key) } ?? tags.count
                if index == tags.count { tags.append((tag.key, [])) }
                if !tags[index].values.contains(where: tag.value.isSame) { tags[index].values.append(tag.value) }
            }
            for index in tags.indices { tags[index].values.sort { $0.precedes($1) } }
            return tags.sorted { $0.key.precedes($1.key) }
        }
    }

    package func grants(
        retirableBy identity: String, in scope: KeyScope, offset: Int, limit: Int
    ) async throws(KMSError) -> (grants: [KeyGrant], total: Int) {
        try access { state in
            let keys = Set(state.keys.filter { $0.scope == scope }.map(\.id))
            let all = state.grants.filter { keys.contains($0.key) && $0.isRetirable(by: identity) }
            return (Array(all.dropFirst(max(0, offset)).prefix(max(0, limit))), all.count)
        }
    }

    package func keysDue(for work: DueWork, at moment: Timestamp, limit: Int) async throws(KMSError) -> [KeyID] {
        try access { state in
            let due = state.keys.compactMap { key in
                key.date(of: work).flatMap { $0 <= moment ? (date: $0, id: key.id) : nil }
            }
            return due.sorted { $0.date < $1.date }.prefix(max(0, limit)).map(\.id)
        }
    }

    package func deleteKey(_ id: KeyID, dueAt moment: Timestamp) async throws(KMSError) -> Key? {
        try access { state in
            let index = state.keys.firstIndex { $0.id == id && $0.deletionDate.map { $0 <= moment } ?? false }
            guard let index else { return nil }
            for alias in state.keys[index].aliases { state.aliases[state.keys[index].scope]?[alias] = nil }
            state.versions[id] = nil
            state.bindings[id] = nil
            state.grants.removeAll { $0.key == id }
            state.importParameters = state.importParameters.filter { $0.value.key != id }
            return state.keys.remove(at: index)
        }
    }

    package func importParameters(_ tokenDigest: [UInt8]) async throws(KMSError) -> ImportParameters? {
        try access { state in state.importParameters[tokenDigest] }
    }

    package func deleteImportParameters(expiredAt moment: Timestamp) async throws(KMSError) {
        try access { state in
            state.importParameters = state.importParameters.filter { $0.value.expiry > moment }
        }
    }

    // MARK: upkeep

    package func checkHealth() async throws(KMSError) {
        try access { _ in }
    }

    package func close() async {
        state.withLock { $0.isClosed = true }
    }

    // MARK: within

    func access<Value: Sendable>(_ body: (inout State) throws(KMSError) -> Value) throws(KMSError) -> Value {
        try state.withLock { state throws(KMSError) in
            guard !state.isClosed else { throw KMSError(.storeUnavailable, "the key store is closed") }
            return try body(&state)
        }
    }

    private static func indices(of ids: [KeyID], in scope: KeyScope, _ state: State) throws(KMSError) -> [Int] {
        var indices: [Int] = []
        for id in ids {
            guard let index = state.keys.firstIndex(where: { $0.id == id && $0.scope == scope }) else {
                throw KMSError.keyNotFound(id)
            }
            indices.append(index)
        }
        return indices
    }

    private static func apply(_ effect: KeyEffect, to id: KeyID, _ state: inout State) throws(KMSError) {
        switch effect {
        case .addVersion(let version, let limit):
            try put(version, of: id, limit: limit, &state)
        case .removeVersions:
            state.versions[id] = nil
        case .bind(let binding):
            guard !state.bindings[id, default: []].contains(where: binding.isSame) else { return }
            state.bindings[id, default: []].append(binding)
        case .unbind(let binding):
            guard let index = state.bindings[id, default: []].firstIndex(where: binding.isSame) else {
                throw KMSError(
                    .bindingNotFound,
                    "key \(id) is not bound to the resource \(binding.resource) of the product \(binding.product)")
            }
            state.bindings[id]?.remove(at: index)
        case .addImportParameters(let parameters, let supersedesEarlier):
            guard parameters.key == id else {
                throw KMSError(.internalFailure, "the import parameters belong to another key")
            }
            if supersedesEarlier { state.importParameters = state.importParameters.filter { $0.value.key != id } }
            guard state.importParameters.updateValue(parameters, forKey: parameters.tokenDigest) == nil else {
                throw KMSError(.storeUnavailable, "the import parameters exist already")
            }
        case .addGrant(let grant):
            guard grant.key == id else { throw KMSError(.internalFailure, "the grant belongs to another key") }
            guard !state.grants.contains(where: { $0.id.isSame(as: grant.id) }) else {
                throw KMSError(.storeUnavailable, "the grant exists already")
            }
            let index = state.grants.firstIndex { $0.createdAt > grant.createdAt } ?? state.grants.endIndex
            state.grants.insert(grant, at: index)
        case .removeGrant(let grant):
            guard let index = state.grants.firstIndex(where: { $0.key == id && $0.id.isSame(as: grant) }) else {
                throw KMSError(.grantNotFound, "key \(id) has no grant \(grant)")
            }
            state.grants.remove(at: index)
        }
    }

    /// Adds a version as the newest, or puts it in the place of the one with its id, whose ordinal it takes.
    private static func put(
        _ version: KeyVersion, of id: KeyID, limit: Int, _ state: inout State
    ) throws(KMSError) {
        guard version.key == id else { throw KMSError(.internalFailure, "the key version belongs to another key") }
        guard state.versions.allSatisfy({ key, versions in key == id || !versions.contains { $0.id == version.id } })
        else { throw KMSError(.storeUnavailable, "another key has a version with this id") }
        var versions = state.versions[id, default: []]
        guard versions.count(where: { $0.id != version.id }) < limit else {
            throw KMSError(.tooManyRotations, "key \(id) has \(limit) versions, which is the limit")
        }
        if let index = versions.firstIndex(where: { $0.id == version.id }) {
            versions[index] = version.with(ordinal: versions[index].ordinal)
        } else {
            versions.append(version.with(ordinal: (versions.last?.ordinal ?? 0) + 1))
        }
        state.versions[id] = versions
    }
}

extension Key {
    /// The key with what is the store's to give; it keeps its aliases and grants if none are said.
    package func with(
        sequence: Int64, bindingCount: Int, aliases: [KeyAlias]? = nil, grants: [KeyGrant]? = nil
    ) -> Key {
        Key(
            id: id, scope: scope, spec: spec, usage: usage, origin: origin, owner: owner, creator: creator,
            createdAt: createdAt, sequence: sequence, state: state, aliases: aliases ?? self.aliases,
            description: description, deletionDate: deletionDate, primaryVersion: primaryVersion,
            rotationPolicy: rotationPolicy, lastRotation: lastRotation, importedMaterial: importedMaterial,
            bindingCount: bindingCount, enterpriseProject: enterpriseProject, tags: tags, grants: grants ?? self.grants,
            policy: policy)
    }

    /// When the work is due.
    fileprivate func date(of work: DueWork) -> Timestamp? {
        switch work {
        case .deletion: deletionDate
        case .rotation: state == .enabled ? rotationPolicy?.nextRotation : nil
        case .materialExpiry: importedMaterial?.expiry
        }
    }
}

extension KeyVersion {
    func with(ordinal: Int) -> KeyVersion {
        KeyVersion(
            id: id, key: key, ordinal: ordinal, wrappedMaterial: wrappedMaterial, publicKey: publicKey,
            createdAt: createdAt)
    }
}

extension ResourceBinding {
    /// Byte for byte, as aliases are.
    fileprivate func isSame(as other: ResourceBinding) -> Bool {
        product.isSame(as: other.product) && resource.isSame(as: other.resource)
    }
}

extension KeyGrant {
    /// Whether the grant itself lets an identity of the key's account give it up.
    fileprivate func isRetirable(by identity: String) -> Bool {
        if let retiringIdentity, retiringIdentity.isSame(as: identity) { return true }
        guard operations.contains(.retireGrant) else { return false }
        return switch grantee {
        case .identity(let id): id.isSame(as: identity)
        case .account: true
        }
    }
}

extension KeyQuery {
    fileprivate func selects(_ key: Key) -> Bool {
        key.scope == scope && (role.map { ($0 == .product) == key.isManaged } ?? true)
            && (states?.contains(key.state) ?? true)
            && (purposes?.contains(Purpose(spec: key.spec, usage: key.usage)) ?? true)
            && (origin.map { $0 == key.origin } ?? true)
            && (enterpriseProject.map { $0.isSame(as: key.enterpriseProject) } ?? true)
            && (alias.map { key.primaryAlias == KeyAlias(checked: $0) } ?? true)
            && (search.map { key.primaryName.holds($0) || key.id.description.holds($0) } ?? true)
            && tagFilters.allSatisfy { filter in key.tags.contains { filter.selects($0) } }
    }
}

extension KeyQuery.TagFilter {
    fileprivate func selects(_ tag: KeyTag) -> Bool {
        tag.key.isSame(as: key) && (values.isEmpty || values.contains { $0.isSame(as: tag.value) })
    }
}
