import ClavigerCrypto

extension JSONValue {
    /// The number, if this is one of whole digits that fits.
    var integer: Int64? {
        guard case .number(let digits) = self else { return nil }
        return Int64(String(decoding: digits, as: UTF8.self))
    }

    var isTrue: Bool { self == .bool(true) }

    /// The array's elements; empty for anything else.
    var elements: [JSONValue] {
        guard case .array(let elements) = self else { return [] }
        return elements
    }

    static func text(_ text: String) -> JSONValue { .string(Array(text.utf8)[...]) }

    static func integer(_ number: some BinaryInteger) -> JSONValue { .number(Array(String(number).utf8)[...]) }

    /// An object of `members`, in their order, without those that are `nil`.
    static func members(_ members: KeyValuePairs<String, JSONValue?>) -> JSONValue {
        .object(
            members.compactMap { name, value in
                value.map { Member(name: Array(name.utf8)[...], value: $0) }
            })
    }

    /// An object with the members of another at its end.
    func adding(contentsOf other: JSONValue) -> JSONValue {
        guard case .object(let own) = self, case .object(let more) = other else { return self }
        return .object(own + more)
    }
}
