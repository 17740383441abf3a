import ClavigerCrypto

extension AuditFilter {
    /// Texts that each record it asks for holds, as the log's writer spells them, so that most other records need not be parsed.
    ///
    /// A record that holds them all may still be another one.
    var needles: [[UInt8]] {
        var needles: [[UInt8]] = []
        if let key { needles.append(Self.quoted(key)) }
        // The colon leaves out what only has the name among its resources.
        if let principal { needles.append([UInt8(ascii: ":")] + Self.quoted(principal)) }
        if let source { needles.append(Array(Self.member("source", source).dropLast())) }
        if let action {
            let isPrefix = action.utf8.last == UInt8(ascii: "*")
            needles.append(
                isPrefix ? Self.member("action", String(action.dropLast())).dropLast() : Self.member("action", action))
        }
        if let outcome, outcome != Self.refused { needles.append(Self.member("outcome", outcome)) }
        if let account { needles.append(Self.member("account", account)) }
        return needles
    }

    /// A text that no record it asks for holds.
    var forbidden: [UInt8]? { outcome == Self.refused ? Self.member("outcome", "ok") : nil }

    private static func quoted(_ text: String) -> [UInt8] {
        var json = JSONWriter(capacity: 64)
        json.string(text)
        return json.bytes
    }

    private static func member(_ name: StaticString, _ text: String) -> [UInt8] {
        var json = JSONWriter(capacity: 64)
        json.member(name, text)
        return json.bytes
    }
}
