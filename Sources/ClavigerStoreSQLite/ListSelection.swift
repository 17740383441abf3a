import GRDB

/// What a query selects from a list in the order of creation, as SQL statements that all take the same arguments first.
protocol ListSelection {
    var arguments: StatementArguments { get }

    /// The same for equal selections and different for all others, in every byte of their texts.
    var fingerprint: [UInt8] { get }

    /// The statement that counts, for what is found in order.
    var countStatement: String { get }

    /// The statement that gives the sequences of all selected entries at once.
    var collectionStatement: String { get }

    /// The statement that gives a page in order; its further arguments are those of the start, limit and offset.
    func pageStatement(index: String, from start: PageStart) -> String
}
