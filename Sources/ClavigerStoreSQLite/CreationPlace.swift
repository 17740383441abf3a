/// A place in the order of creation.
struct CreationPlace: Hashable {
    /// Seconds since 1970-01-01 UTC.
    let createdAt: Int64
    let sequence: Int64
}
