import Synchronization

/// What lists have found out, for as long as what they list is unchanged: how to go on with the next page at no more than
/// the cost of the first.
///
/// A position says behind which entry a page starts.
final class ListCache<Position: Sendable>: Sendable {
    private struct Page: Hashable {
        let list: ListVersion
        let offset: Int
    }

    private struct State {
        var lastPositions = RecentValues<Page, Position>(capacity: 2048)
        var collections = RecentValues<ListVersion, [Int64]>(capacity: 16)
    }

    private let state = Mutex(State())

    /// The entry before the one at `offset`.
    func position(before offset: Int, in list: ListVersion) -> Position? {
        state.withLock { $0.lastPositions[Page(list: list, offset: offset)] }
    }

    func remember(_ position: Position, before offset: Int, in list: ListVersion) {
        state.withLock { $0.lastPositions[Page(list: list, offset: offset)] = position }
    }

    /// The sequences of all entries of the list.
    func collection(_ list: ListVersion) -> [Int64]? {
        state.withLock { $0.collections[list] }
    }

    func remember(_ collection: [Int64], of list: ListVersion) {
        state.withLock { $0.collections[list] = collection }
    }
}
