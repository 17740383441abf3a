/// Text out of a policy, and where it stands.
struct LocatedText {
    let text: String
    let offset: Int
}

extension LocatedJSON {
    /// The members of an object.
    func members(of what: String) throws(PolicyFault) -> [Member] {
        guard case .object(let members) = content else { throw PolicyFault("\(what) is an object", at: offset) }
        return members
    }

    /// Text, or a list of text that is not empty.
    func texts(of what: String) throws(PolicyFault) -> [LocatedText] {
        try list(what, "is text or a list of texts") { value in
            if case .string(let text) = value.content { text } else { nil }
        }
    }

    /// Text, a number or a truth value, or a list of such that is not empty.
    func scalars(of what: String) throws(PolicyFault) -> [LocatedText] {
        try list(what, "is text, a number, true, false, or a list of them") { value in
            switch value.content {
            case .string(let text), .number(let text): text
            case .bool(let value): value ? "true" : "false"
            case .object, .array, .null: nil
            }
        }
    }

    private func list(
        _ what: String, _ rule: String, _ text: (LocatedJSON) -> String?
    ) throws(PolicyFault) -> [LocatedText] {
        var elements = [self]
        if case .array(let list) = content {
            guard !list.isEmpty else { throw PolicyFault("the list is empty", at: offset) }
            elements = list
        }
        var texts: [LocatedText] = []
        for element in elements {
            guard let text = text(element) else { throw PolicyFault("\(what) \(rule)", at: element.offset) }
            texts.append(LocatedText(text: text, offset: element.offset))
        }
        return texts
    }
}
