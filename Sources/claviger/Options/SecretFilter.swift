import ArgumentParser

/// An argument `FIELD=TEXT`: secrets in whose field the text is contained.
struct SecretFilter: Hashable, Sendable, ExpressibleByArgument {
    enum Field: String, CaseIterable, Sendable {
        case name
        case description
        case tagKey = "tag-key"
        case tagValue = "tag-value"

        /// The field's name in the API.
        var parameter: String {
            switch self {
            case .name: "SecretName"
            case .description: "Description"
            case .tagKey: "TagKey"
            case .tagValue: "TagValue"
            }
        }
    }

    let field: Field
    let value: String

    init?(argument: String) {
        guard let pair = KeyValue(argument: argument), let field = Field(rawValue: pair.name), !pair.value.isEmpty
        else { return nil }
        self.field = field
        value = pair.value
    }
}
