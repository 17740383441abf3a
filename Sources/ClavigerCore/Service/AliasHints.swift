import Synchronization

/// Which keys had which aliases when they were last looked up. Whoever follows a hint asks the key whether it still has the name.
final class AliasHints: Sendable {
    private struct Place: Hashable {
        let alias: KeyAlias
        let scope: KeyScope
    }

    private let hints = Mutex<[Place: KeyID]>([:])
    private let capacity: Int

    /// Hints for about `capacity` aliases; beyond it any gives way.
    init(capacity: Int) { self.capacity = max(1, capacity) }

    func lookup(_ alias: KeyAlias, in scope: KeyScope) -> KeyID? {
        hints.withLock { $0[Place(alias: alias, scope: scope)] }
    }

    func remember(_ alias: KeyAlias, in scope: KeyScope, _ id: KeyID) {
        let place = Place(alias: alias, scope: scope)
        hints.withLock { hints in
            if hints.count >= capacity, hints[place] == nil { _ = hints.popFirst() }
            hints[place] = id
        }
    }
}
