import ClavigerCrypto

/// Parameters of the secrets' API that are the text of JSON.
enum SecretParameter {
    /// Tags; `nil` if there are none.
    static func tags(_ tags: [KeyValue]) -> String? {
        guard !tags.isEmpty else { return nil }
        return array(tags) { json, tag in
            json.object { json in
                json.member("TagKey", tag.name)
                json.member("TagValue", tag.value)
            }
        }
    }

    /// Names of tags, or labels of versions; `nil` if there are none.
    static func texts(_ texts: [String]) -> String? { texts.isEmpty ? nil : array(texts) { $0.string($1) } }

    /// The filter of a list, which has one field; `nil` if there is none.
    static func filter(_ filters: [SecretFilter]) -> String? {
        guard let field = filters.first?.field else { return nil }
        return array([field]) { json, field in
            json.object { json in
                json.member("Key", field.parameter)
                json.name("Values")
                json.array(filters) { $0.string($1.value) }
            }
        }
    }

    private static func array<Element>(
        _ elements: [Element], _ element: (inout JSONWriter, Element) -> Void
    ) -> String {
        var json = JSONWriter()
        json.array(elements, element)
        return String(decoding: json.bytes, as: UTF8.self)
    }
}
