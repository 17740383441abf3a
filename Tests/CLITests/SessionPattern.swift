/// Expected lines with patterns in them.
///
/// `<id>` is a UUID, `<time>` a local time, `<base64>` and `<number>` what they say, `<any>` anything within a line.
/// `<id=NAME>` remembers what stood there: `{NAME}` stands for it in later lines, and `$NAME` in later commands.
enum SessionPattern {
    private static let kinds = [
        "id": "[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}",
        "time": "[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}(?:[.][0-9]{3})?[+-][0-9]{2}:[0-9]{2}",
        "base64": "[A-Za-z0-9+/]+={0,2}",
        "number": "[0-9]+",
        "any": ".*",
    ]

    /// Whether the lines are as expected; adds what they name to `names`.
    static func matches(_ lines: [String], _ expected: [String], _ names: inout [String: String]) throws -> Bool {
        guard let first = expected.first else { return lines.isEmpty }
        if first == "..." {
            for start in 0...lines.count {
                var found = names
                if try matches(Array(lines[start...]), Array(expected.dropFirst()), &found) {
                    names = found
                    return true
                }
            }
            return false
        }
        guard let line = lines.first, try matches(line, first, &names) else { return false }
        return try matches(Array(lines.dropFirst()), Array(expected.dropFirst()), &names)
    }

    private static func matches(_ line: String, _ expected: String, _ names: inout [String: String]) throws -> Bool {
        var pattern = ""
        var captured: [String] = []
        var rest = expected[...]
        while let character = rest.first {
            if let match = rest.prefixMatch(of: /<([a-z0-9]+)(?:=([A-Z_]+))?>/), let kind = kinds[String(match.1)] {
                if let name = match.2 { captured.append(String(name)) }
                pattern += match.2 == nil ? "(?:\(kind))" : "(\(kind))"
                rest = rest[match.range.upperBound...]
            } else if let match = rest.prefixMatch(of: /\{([A-Z_]+)\}/), let value = names[String(match.1)] {
                pattern += value.map(escaped).joined()
                rest = rest[match.range.upperBound...]
            } else {
                pattern += escaped(character)
                rest = rest.dropFirst()
            }
        }
        guard let match = try Regex(pattern).wholeMatch(in: line) else { return false }
        for (index, name) in captured.enumerated() {
            if let text = match.output[index + 1].substring { names[name] = String(text) }
        }
        return true
    }

    private static func escaped(_ character: Character) -> String {
        #"\.^$|?*+()[]{}/-#&~"#.contains(character) ? "\\\(character)" : String(character)
    }
}
