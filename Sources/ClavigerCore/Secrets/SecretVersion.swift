/// One value of a secret, without the value.
package struct SecretVersion: Sendable {
    /// How clients take the value. The service stores text in either case.
    package enum Form: String, CaseIterable, Sendable {
        case text
        /// Base64, by agreement of the clients.
        case binary
    }

    /// Chosen by the client, 1 to 64 characters; unique in the secret, byte for byte.
    package let id: String
    package let form: Form
    package let createdAt: Timestamp

    /// In the order in which the version got them.
    package internal(set) var stages: [SecretStage]

    package init(id: String, form: Form, createdAt: Timestamp, stages: [SecretStage]) {
        self.id = id
        self.form = form
        self.createdAt = createdAt
        self.stages = stages
    }

    package func isNamed(_ id: String) -> Bool { self.id.utf8.elementsEqual(id.utf8) }
}

extension SecretVersion: Hashable {
    // Swift takes equivalent spellings of a text for equal.
    package static func == (left: SecretVersion, right: SecretVersion) -> Bool {
        left.isNamed(right.id) && left.form == right.form && left.createdAt == right.createdAt
            && left.stages == right.stages
    }

    // Equal bytes are equal texts.
    package func hash(into hasher: inout Hasher) {
        hasher.combine(id)
        hasher.combine(form)
        hasher.combine(createdAt)
        hasher.combine(stages)
    }
}
