package import ClavigerCrypto

/// What tests do with answers.
extension JSONValue {
    package init(text: String) { self = .string(Array(text.utf8)[...]) }

    package init(number: Int64) { self = .number(Array(String(number).utf8)[...]) }

    /// The value as compact JSON.
    package var jsonText: [UInt8] {
        var json = JSONWriter()
        write(to: &json)
        return json.bytes
    }

    /// The beginning of its JSON, for messages.
    package var shown: String { String(decoding: jsonText.prefix(600), as: UTF8.self) }

    private func write(to json: inout JSONWriter) {
        switch self {
        case .object(let members):
            json.object { json in
                for member in members {
                    json.name(member.name)
                    member.value.write(to: &json)
                }
            }
        case .array(let elements): json.array(elements) { $1.write(to: &$0) }
        case .string(let text): json.string(text)
        case .number(let digits): json.raw(Array(digits))
        case .bool(let value): json.bool(value)
        case .null: json.null()
        }
    }

    /// What is at a path of names and numbers of elements, with dots between.
    package func value(at path: String) -> JSONValue? {
        var value: JSONValue? = self
        for word in path.split(separator: ".") {
            if case .array(let elements) = value, let index = Int(word) {
                value = elements.indices.contains(index) ? elements[index] : nil
            } else {
                value = value?[String(word)]
            }
        }
        return value
    }

    package var integer: Int64? {
        guard case .number(let digits) = self else { return nil }
        return Int64(String(decoding: digits, as: UTF8.self))
    }

    /// What a text in base64 stands for.
    package var bytes: [UInt8]? { text.flatMap { try? Base64.decode(Array($0.utf8)) } }
}
