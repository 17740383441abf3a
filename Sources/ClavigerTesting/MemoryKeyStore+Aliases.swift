package import ClavigerCore

extension MemoryKeyStore {
    /// Which key has an alias, and the alias's place in the order of creation.
    struct StoredAlias {
        let sequence: Int64
        var key: KeyID
    }

    package func keyID(named alias: KeyAlias, in scope: KeyScope) async throws(KMSError) -> KeyID? {
        try access { state in state.aliases[scope]?[alias]?.key }
    }

    package func aliases(in scope: KeyScope, offset: Int, limit: Int) async throws(KMSError) -> AliasPage {
        try access { state in
            let all = state.aliases[scope, default: [:]].sorted { $0.value.sequence < $1.value.sequence }
            let page = all.dropFirst(max(0, offset)).prefix(max(0, limit))
            return AliasPage(
                aliases: page.map { AliasEntry(alias: $0.key, key: $0.value.key) }, total: all.count)
        }
    }
}

extension MemoryKeyStore.State {
    func requireFree(_ alias: KeyAlias, in scope: KeyScope) throws(KMSError) {
        guard aliases[scope]?[alias] == nil else {
            throw KMSError(.aliasExists, "another key of this account and region has the alias \(alias)")
        }
    }

    mutating func insertAliases(of key: Key) throws(KMSError) {
        for alias in key.aliases { try insert(alias, of: key.id, in: key.scope) }
    }

    /// Gives keys their new aliases in the place of the old ones. Those that stay keep their place in the order of creation, whichever key has
    /// them; another name of a primary alias takes the place of the old one.
    mutating func exchangeAliases(_ changes: [(old: Key, new: Key)], in scope: KeyScope) throws(KMSError) {
        let former = aliases[scope, default: [:]]
        for alias in changes.flatMap(\.old.aliases) { aliases[scope]?[alias] = nil }
        let kept = Set(changes.flatMap(\.new.aliases)).intersection(former.keys)
        // First those that stay, so that no new one looks free that is theirs.
        for (_, new) in changes {
            for alias in new.aliases {
                guard let stored = former[alias] else { continue }
                try requireFree(alias, in: scope)
                aliases[scope]?[alias] = MemoryKeyStore.StoredAlias(sequence: stored.sequence, key: new.id)
            }
        }
        for (old, new) in changes {
            for (index, alias) in new.aliases.enumerated() where former[alias] == nil {
                let renamed = index == 0 ? old.primaryAlias.flatMap { kept.contains($0) ? nil : former[$0] } : nil
                try insert(alias, of: new.id, in: scope, sequence: renamed?.sequence)
            }
        }
    }

    /// The primary alias first, the others in the order of creation.
    func inOrder(_ names: [KeyAlias], in scope: KeyScope) -> [KeyAlias] {
        let stored = aliases[scope, default: [:]]
        let others = names.dropFirst().sorted { stored[$0]?.sequence ?? 0 < stored[$1]?.sequence ?? 0 }
        return names.prefix(1) + others
    }

    private mutating func insert(
        _ alias: KeyAlias, of key: KeyID, in scope: KeyScope, sequence: Int64? = nil
    ) throws(KMSError) {
        try requireFree(alias, in: scope)
        if sequence == nil { lastAliasSequence += 1 }
        aliases[scope, default: [:]][alias] = MemoryKeyStore.StoredAlias(
            sequence: sequence ?? lastAliasSequence, key: key)
    }
}
