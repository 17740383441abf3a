extension KeyService {
    /// How often a name is looked up again that moves from key to key at the same time.
    private static let mostAttempts = 10

    // MARK: finding keys

    /// The key that has the alias, if both are at hand; `nil` means ask ``load(named:as:)``, not that there is none.
    package func resident(named alias: KeyAlias, in scope: KeyScope) -> ResidentKey? {
        guard let id = aliasHints.lookup(alias, in: scope), let resident = resident(id),
            resident.key.aliases.contains(alias), !isGone(resident.key)
        else { return nil }
        return resident
    }

    /// Fetches the key that has the alias, and its material.
    ///
    /// - Throws: `.aliasNotFound`, or `.accessDenied` to those who may not learn which keys there are.
    package func load(named alias: KeyAlias, as caller: Caller) async throws(KMSError) -> ResidentKey {
        if let resident = resident(named: alias, in: caller.scope) { return resident }
        for _ in 0..<Self.mostAttempts {
            guard let id = try await store.keyID(named: alias, in: caller.scope) else { break }
            let resident: ResidentKey
            do throws(KMSError) {
                resident = try await load(id)
            } catch {
                guard error.code == .keyNotFound else { throw error }
                continue
            }
            guard !isGone(resident.key) else { break }
            guard resident.key.aliases.contains(alias) else {
                // A change that is made, but whose end has not been told here yet: what is at hand is older than what the store said.
                invalidate(id)
                continue
            }
            aliasHints.remember(alias, in: caller.scope, id)
            return resident
        }
        throw caller.absence(of: alias)
    }

    // MARK: changing

    /// Gives the key one more name.
    ///
    /// - Throws: `.aliasExists`, `.tooManyAliases`, `.notUserKey`.
    package func createAlias(_ alias: KeyAlias, of id: KeyID, as caller: Caller) async throws(KMSError) {
        try caller.require(on: .newAlias(alias))
        try await freeingNames { () throws(KMSError) in
            try await change([id], .addAlias, as: caller) { key throws(KMSError) in
                try self.requireNoDenialOfRenaming(key, to: caller)
                try key.addAlias(alias)
                return []
            }
        }
    }

    /// Gives something a name, and once more if the name was that of a key whose time is over and which nobody has deleted yet.
    @discardableResult
    func freeingNames<Result>(
        _ body: () async throws(KMSError) -> Result
    ) async throws(KMSError) -> Result {
        do throws(KMSError) {
            return try await body()
        } catch {
            guard error.code == .aliasExists,
                try await !store.keysDue(for: .deletion, at: clock.now, limit: 1).isEmpty
            else { throw error }
            _ = try await carryOut(.deletion)
            return try await body()
        }
    }

    /// Gives the name to another key. The caller needs the right for the alias, the key that has it and the one that gets it.
    ///
    /// - Throws: `.aliasNotFound`, `.tooManyAliases`, `.notUserKey`; `.throttled` if other processes move it all the time.
    package func updateAlias(_ alias: KeyAlias, to id: KeyID, as caller: Caller) async throws(KMSError) {
        try await change(alias, .move(to: id), as: caller)
    }

    /// - Throws: `.aliasNotFound`, `.notUserKey`; `.throttled` if other processes move it all the time.
    package func deleteAlias(_ alias: KeyAlias, as caller: Caller) async throws(KMSError) {
        try await change(alias, .removal, as: caller)
    }

    /// What becomes of an alias.
    private enum AliasChange {
        case move(to: KeyID)
        case removal
    }

    /// Changes the key that has the alias, one call after the other: each would take it from under the others.
    private func change(_ alias: KeyAlias, _ change: AliasChange, as caller: Caller) async throws(KMSError) {
        try caller.require(on: .alias(alias))
        try requireUnsealed()
        let isDone = try await aliasTurnstile.run { () async throws(KMSError) -> Bool in
            for _ in 0..<Self.mostAttempts where try await attempt(change, alias, as: caller) { return true }
            return false
        }
        guard isDone else { throw KMSError(.throttled, "the alias \(alias) moves faster than it can be changed") }
    }

    /// - Returns: whether the key that had the alias still had it when it was changed.
    /// - Throws: `.aliasNotFound` if no key has it.
    private func attempt(
        _ change: AliasChange, _ alias: KeyAlias, as caller: Caller
    ) async throws(KMSError) -> Bool {
        guard let holder = try await store.keyID(named: alias, in: caller.scope),
            let key = try await store.key(holder), !isGone(key)
        else { throw .aliasNotFound(alias) }
        do throws(KMSError) {
            switch change {
            case .move(let id): try await move(alias, from: holder, to: id, as: caller)
            case .removal: try await remove(alias, from: holder, as: caller)
            }
            return true
        } catch {
            guard error.code == .aliasNotFound else { throw error }
            return false
        }
    }

    private func move(
        _ alias: KeyAlias, from holder: KeyID, to id: KeyID, as caller: Caller
    ) async throws(KMSError) {
        do throws(KMSError) {
            _ = try await changeStored([holder, id], in: caller.scope) { key throws(KMSError) in
                // Both keys come by here, once each, also if they are one. A key whose time is over has no name any more.
                if key.id == holder, self.isGone(key) { throw .aliasNotFound(alias) }
                try self.admit(key.id == id ? .addAlias : .removeAlias, on: key, as: caller)
                if holder == id {
                    guard key.aliases.contains(alias) else { throw .aliasNotFound(alias) }
                } else if key.id == holder {
                    try key.removeAlias(alias)
                } else {
                    try key.addAlias(alias)
                }
                return []
            }
        } catch {
            if error.code == .keyNotFound, try await store.key(holder) == nil { throw .aliasNotFound(alias) }
            throw Self.concealed(error, about: [id], from: caller)
        }
    }

    /// To take a key's name and to give another is to rename it, which other dialects ask for by the key.
    private func requireNoDenialOfRenaming(_ key: Key, to caller: Caller) throws(KMSError) {
        try caller.requireNoDenial(of: [.updateAlias], on: .key(key, policy: policy(of: key).policy))
    }

    private func remove(_ alias: KeyAlias, from holder: KeyID, as caller: Caller) async throws(KMSError) {
        do throws(KMSError) {
            _ = try await changeStored([holder], in: caller.scope) { key throws(KMSError) in
                try self.requireNoDenialOfRenaming(key, to: caller)
                try key.removeAlias(alias)
                return []
            }
        } catch {
            throw error.code == .keyNotFound ? .aliasNotFound(alias) : error
        }
    }

    // MARK: listing

    /// A page of the aliases in the caller's realm, in the order of their creation.
    package func aliases(offset: Int, limit: Int, as caller: Caller) async throws(KMSError) -> AliasPage {
        try caller.require(on: .all(.alias))
        try await catchUp()
        return try await store.aliases(in: caller.scope, offset: offset, limit: limit)
    }
}
