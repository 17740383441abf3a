/// A part of a list that is ordered by name.
package struct Page<Item: Sendable>: Sendable {
    package let items: [Item]

    /// The name of the last item, behind which the list goes on; `nil` at its end.
    package let next: String?

    /// - Parameter items: one more than `limit` if the list goes on.
    init(_ items: [Item], limit: Int, name: (Item) -> String) {
        self.items = Array(items.prefix(limit))
        next = items.count > limit ? self.items.last.map(name) : nil
    }
}
