import ClavigerCrypto

extension JSONValue {
    /// JSON text in lines, indented by two blanks.
    var prettyPrinted: String {
        var text: [UInt8] = []
        append(to: &text, indentation: 0)
        return String(decoding: text, as: UTF8.self)
    }

    /// JSON text without white space.
    var compact: [UInt8] {
        var text: [UInt8] = []
        append(to: &text, indentation: nil)
        return text
    }

    private func append(to text: inout [UInt8], indentation: Int?) {
        switch self {
        case .null: text.append(contentsOf: "null".utf8)
        case .bool(let value): text.append(contentsOf: (value ? "true" : "false").utf8)
        case .number(let digits): text.append(contentsOf: digits)
        case .string(let string): Self.append(string, to: &text)
        case .array(let elements):
            Self.append("[", elements, "]", to: &text, indentation) { element, text, indentation in
                element.append(to: &text, indentation: indentation)
            }
        case .object(let members):
            Self.append("{", members, "}", to: &text, indentation) { member, text, indentation in
                Self.append(member.name, to: &text)
                text.append(contentsOf: (indentation == nil ? ":" : ": ").utf8)
                member.value.append(to: &text, indentation: indentation)
            }
        }
    }

    private static func append(_ string: ArraySlice<UInt8>, to text: inout [UInt8]) {
        var json = JSONWriter(capacity: string.count + 2)
        json.string(string)
        text.append(contentsOf: json.bytes)
    }

    private static func append<Item>(
        _ opening: String, _ items: [Item], _ closing: String, to text: inout [UInt8], _ indentation: Int?,
        _ item: (Item, inout [UInt8], Int?) -> Void
    ) {
        func startLine(_ indentation: Int?) {
            guard let indentation else { return }
            text.append(UInt8(ascii: "\n"))
            text.append(contentsOf: repeatElement(UInt8(ascii: " "), count: indentation))
        }
        text.append(contentsOf: opening.utf8)
        for (index, element) in items.enumerated() {
            if index > 0 { text.append(UInt8(ascii: ",")) }
            startLine(indentation.map { $0 + 2 })
            item(element, &text, indentation.map { $0 + 2 })
        }
        if !items.isEmpty { startLine(indentation) }
        text.append(contentsOf: closing.utf8)
    }
}
