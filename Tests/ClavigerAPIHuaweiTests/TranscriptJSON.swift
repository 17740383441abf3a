import ClavigerCrypto

extension JSONValue {
    /// The value as compact JSON.
    var jsonText: [UInt8] {
        var json = JSONWriter()
        write(to: &json)
        return json.bytes
    }

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
    func value(at path: String) -> JSONValue? {
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
}
