/// One list of one scope as of one revision of the scope.
struct ListVersion: Hashable {
    /// The same for equal lists and different for all others.
    let fingerprint: [UInt8]
    let revision: Int64
}
