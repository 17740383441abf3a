/// Headers as the signatures of Alibaba and Huawei have them.
enum CanonicalHeaders {
    /// Appends a line `name:value` for each name, without blanks around the value; then an empty line and the line of all names.
    ///
    /// - Parameters:
    ///   - names: lower-case header names, joined with `;`.
    ///   - header: the value of a header by its lower-case name; `nil` if it is absent, and if it came more than once.
    /// - Returns: whether every header has a value.
    static func append(
        _ names: ArraySlice<UInt8>, to text: inout [UInt8], header: (ArraySlice<UInt8>) -> String?
    ) -> Bool {
        for name in Parts(names, separator: ";") {
            guard let value = header(name) else { return false }
            text.append(contentsOf: name)
            text.append(UInt8(ascii: ":"))
            value.withTrimmed { text.append(contentsOf: $0) }
            text.append(UInt8(ascii: "\n"))
        }
        text.append(UInt8(ascii: "\n"))
        text.append(contentsOf: names)
        text.append(UInt8(ascii: "\n"))
        return true
    }
}
