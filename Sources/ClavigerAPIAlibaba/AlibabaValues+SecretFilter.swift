import ClavigerCore
import ClavigerCrypto

extension AlibabaValues {
    private static let secretFields: [(word: String, field: SecretQuery.Field)] = [
        ("SecretName", .name), ("Description", .description), ("TagKey", .tagKey), ("TagValue", .tagValue),
    ]

    /// As many texts a filter can look for: each is compared with every secret.
    private static let mostFilterValues = 100

    /// Which secrets a list shall have: JSON text, a list of at most one object with `Key` and `Values`; `nil` stands for all.
    ///
    /// - Throws: `.invalidParameter`.
    func secretFilter(_ name: StaticString = "Filters") throws(KMSError) -> SecretQuery.Filter? {
        guard let value = try json(name) else { return nil }
        guard case .array(let entries) = value, entries.count <= 1 else {
            throw KMSError(.invalidParameter, "\(name) is a list of one object with Key and Values")
        }
        guard let entry = entries.first else { return nil }
        guard let word = entry["Key"]?.text, let field = Self.secretFields.first(where: { $0.word == word })?.field
        else {
            let words = Self.secretFields.map(\.word).joined(separator: ", ")
            throw KMSError(.invalidParameter, "the Key of a filter is one of: \(words)")
        }
        guard case .array(let values) = entry["Values"], (1...Self.mostFilterValues).contains(values.count) else {
            throw KMSError(
                .invalidParameter, "the Values of a filter are a list of 1 to \(Self.mostFilterValues) texts")
        }
        let texts = values.compactMap(\.text)
        guard texts.count == values.count else { throw KMSError(.invalidParameter, "the Values of a filter are texts") }
        return SecretQuery.Filter(field: field, values: texts)
    }
}
