import ClavigerCrypto

/// Where a page ends in its list, as answers tell it.
struct PageEnd: Sendable {
    /// The marker of the next page; `nil` on the last one, and behind the end.
    let next: Int?
    let total: Int

    /// - Parameters:
    ///   - offset: how many entries come before the page; it can be past every end.
    ///   - count: how many are on it.
    init(offset: Int, count: Int, total: Int) {
        // The sum is taken only where entries follow, and there it is less than their number.
        next = count > 0 && offset < total - count ? offset + count : nil
        self.total = total
    }

    func encode(to json: inout JSONWriter) {
        json.member("next_marker", next.map(String.init) ?? "")
        json.member("truncated", next == nil ? "false" : "true")
        json.member("total", total)
    }
}
