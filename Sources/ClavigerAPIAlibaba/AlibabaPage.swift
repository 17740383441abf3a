import ClavigerCrypto

/// A part of a list, by the number of its page.
struct AlibabaPage: Sendable {
    /// From 1.
    let number: Int
    let size: Int

    /// How many elements stand before the page; no list has so many that it would matter where this ends.
    var offset: Int {
        let (offset, overflow) = (number - 1).multipliedReportingOverflow(by: size)
        return overflow ? Int.max : offset
    }

    func encode(total: Int, to json: inout JSONWriter) {
        json.member("TotalCount", total)
        json.member("PageNumber", number)
        json.member("PageSize", size)
    }

    /// The page's part of a list that is there as a whole.
    func cut<Element>(_ list: [Element]) -> ArraySlice<Element> { list.dropFirst(offset).prefix(size) }
}
