package import ClavigerCore
import ClavigerCrypto

/// Parses `application/x-www-form-urlencoded` text (WHATWG URL standard, section 5.1), as queries and bodies have it.
///
/// Stricter than the standard where a lenient reader would let two programs see different requests: a broken escape, a name given twice
/// and invalid UTF-8 are refused.
package enum FormParser {
    private static let mostPairs = 10_000

    /// One parameter, decoded.
    package struct Pair: Hashable, Sendable {
        package let name: [UInt8]
        package let value: [UInt8]
    }

    /// The parameters in their order.
    package static func parse(_ text: ArraySlice<UInt8>, plus: PercentEncoding.Plus = .blank) throws(KMSError) -> [Pair]
    {
        var pairs: [Pair] = []
        var names: Set<[UInt8]> = []
        for part in text.split(separator: UInt8(ascii: "&")) {
            guard pairs.count < mostPairs else { throw KMSError(.invalidParameter, "too many parameters") }
            let equals = part.firstIndex(of: UInt8(ascii: "=")) ?? part.endIndex
            let name = try decode(part[..<equals], plus)
            let value = equals < part.endIndex ? try decode(part[(equals + 1)...], plus) : []
            guard names.insert(name).inserted else {
                throw KMSError(.invalidParameter, "a parameter is given twice")
            }
            pairs.append(Pair(name: name, value: value))
        }
        return pairs
    }

    private static func decode(_ text: ArraySlice<UInt8>, _ plus: PercentEncoding.Plus) throws(KMSError) -> [UInt8] {
        guard let bytes = PercentEncoding.decode(text, plus: plus) else {
            throw KMSError(.invalidParameter, "a percent sign is followed by two hexadecimal digits")
        }
        guard UTF8Text.isValid(bytes) else { throw KMSError(.invalidParameter, "parameters are text in UTF-8") }
        return bytes
    }
}
