/// Where a page of a list in the order of creation starts.
enum PageStart: CaseIterable {
    /// With the first entry of all.
    case first
    /// After a position, as far as its second lasts; a further statement has to go on after that. (For a comparison of
    /// pairs, SQLite would not use the index up to `sequence`.)
    case laterInSecond
    /// After the second of a position.
    case afterSecond
}
