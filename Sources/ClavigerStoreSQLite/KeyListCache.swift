import Synchronization

/// What lists have found out, for as long as their scope is unchanged: how to go on with the next page at no more than
/// the cost of the first.
final class KeyListCache: Sendable {
    /// One list of one scope as of one revision of the scope.
    struct List: Hashable {
        let fingerprint: [UInt8]
        let revision: Int64
    }

    /// A key's place in the order of creation.
    struct Position: Hashable {
        let createdAt: Int64
        let sequence: Int64
    }

    private struct Page: Hashable {
        let list: List
        let offset: Int
    }

    private struct State {
        var lastPositions = RecentValues<Page, Position>(capacity: 2048)
        var collections = RecentValues<List, [Int64]>(capacity: 16)
    }

    private let state = Mutex(State())

    /// The key before the one at `offset`.
    func position(before offset: Int, in list: List) -> Position? {
        state.withLock { $0.lastPositions[Page(list: list, offset: offset)] }
    }

    func remember(_ position: Position, before offset: Int, in list: List) {
        state.withLock { $0.lastPositions[Page(list: list, offset: offset)] = position }
    }

    /// The sequences of all keys of the list.
    func collection(_ list: List) -> [Int64]? {
        state.withLock { $0.collections[list] }
    }

    func remember(_ collection: [Int64], of list: List) {
        state.withLock { $0.collections[list] = collection }
    }
}
