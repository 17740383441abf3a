package import ClavigerCrypto

/// How an answer is compared with what a transcript expects.
package enum JSONComparison {
    /// In what an answer differs.
    ///
    /// - Parameter matches: whether an expected text, which may be a pattern, fits what was answered.
    package static func mismatches(
        _ expected: JSONValue, _ actual: JSONValue, at path: String, matches: (String, JSONValue) throws -> Bool
    ) rethrows -> [String] {
        switch (expected, actual) {
        case (.object(let wanted), .object(let found)):
            let names = Set(wanted.map(\.name)).union(found.map(\.name))
            return try names.flatMap { name -> [String] in
                let text = String(decoding: name, as: UTF8.self)
                guard let left = wanted.first(where: { $0.name == name }) else {
                    return ["\(path).\(text) is too much"]
                }
                guard let right = found.first(where: { $0.name == name }) else { return ["\(path).\(text) is missing"] }
                return try mismatches(left.value, right.value, at: "\(path).\(text)", matches: matches)
            }
        case (.array(let wanted), .array(let found)):
            guard wanted.count == found.count else { return ["\(path) has \(found.count) elements"] }
            return try zip(wanted, found).enumerated().flatMap {
                try mismatches($1.0, $1.1, at: "\(path).\($0)", matches: matches)
            }
        case (.string, _):
            return try matches(expected.text ?? "", actual) ? [] : ["\(path) is not \(expected.text ?? "")"]
        default: return expected == actual ? [] : ["\(path) differs"]
        }
    }
}
