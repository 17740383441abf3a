/// JSON as the generator of policies makes it and the reference implementation reads it: without the project's parser.
indirect enum JSONTree: Sendable {
    case object([(name: String, value: JSONTree)])
    case array([JSONTree])
    case text(String)
    /// A number or a word, as it is written.
    case word(String)

    subscript(name: String) -> JSONTree? {
        guard case .object(let members) = self else { return nil }
        return members.first { $0.name == name }?.value
    }

    /// The elements of a list; anything else is a list of one.
    var elements: [JSONTree] {
        guard case .array(let elements) = self else { return [self] }
        return elements
    }

    var members: [(name: String, value: JSONTree)] {
        guard case .object(let members) = self else { return [] }
        return members
    }

    var string: String {
        switch self {
        case .text(let text), .word(let text): text
        case .object, .array: ""
        }
    }

    /// The text in one of its many forms.
    func written(_ random: inout SeededGenerator) -> String {
        var text = ""
        write(to: &text, &random)
        return text
    }

    private func write(to text: inout String, _ random: inout SeededGenerator) {
        switch self {
        case .object(let members):
            text += "{"
            for (index, member) in members.enumerated() {
                if index > 0 { text += "," }
                text += Self.space(&random)
                JSONTree.text(member.name).write(to: &text, &random)
                text += ":"
                text += Self.space(&random)
                member.value.write(to: &text, &random)
            }
            text += "}"
        case .array(let elements):
            text += "["
            for (index, element) in elements.enumerated() {
                if index > 0 { text += "," }
                text += Self.space(&random)
                element.write(to: &text, &random)
            }
            text += "]"
        case .text(let string):
            text += "\""
            // All texts of the generator are ASCII without quotes and backslashes.
            if random.chance(5), let first = string.utf8.first {
                text += "\\u00" + (first < 16 ? "0" : "") + String(first, radix: 16) + string.dropFirst()
            } else {
                text += string
            }
            text += "\""
        case .word(let word): text += word
        }
    }

    private static func space(_ random: inout SeededGenerator) -> String {
        random.chance(80) ? "" : ["\n", "  ", "\t", "\r\n "][random.below(4)]
    }
}
