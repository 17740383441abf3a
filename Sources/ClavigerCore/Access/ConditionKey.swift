import ClavigerCrypto

/// What a condition asks about.
package enum ConditionKey: Hashable, Sendable {
    /// The caller's address.
    case source
    case currentTime

    /// Whether the caller proved to be there with a second factor; nobody ever does.
    case multiFactor

    /// Of the caller.
    case principalNumber
    case principalName
    case principalID

    /// The value of a tag of the resource, and of one that the call gives.
    case resourceTag(String)
    case requestTag(String)

    /// All tags, each as `name&value`.
    case resourceTags
    case requestTags

    /// A member of the encryption context; one that is no text is as if it were not there.
    case encryptionContext(String)
}

extension ConditionKey {
    package enum Kind: Sendable {
        case address, time, flag, text
    }

    package var kind: Kind {
        switch self {
        case .source: .address
        case .currentTime: .time
        case .multiFactor: .flag
        case .principalNumber, .principalName, .principalID, .resourceTag, .requestTag, .resourceTags, .requestTags,
            .encryptionContext:
            .text
        }
    }

    /// Whether it asks about the call itself, and not about who makes it or what it is about.
    var isOfCall: Bool {
        switch self {
        case .source, .currentTime, .requestTag, .requestTags, .encryptionContext: true
        case .multiFactor, .principalNumber, .principalName, .principalID, .resourceTag, .resourceTags: false
        }
    }

    /// What a call says about it: no value if it says nothing, several only of lists.
    func values(_ resource: AccessResource, _ principal: Principal, _ facts: AccessFacts) -> [ConditionValue] {
        switch self {
        case .source: IPAddress(source: facts.source).map { [.address($0)] } ?? []
        case .currentTime: [.time(facts.now)]
        case .multiFactor: [.flag(false)]
        case .principalNumber: [.text(principal.number.description.utf8[...])]
        case .principalName: [.text(of: principal.name)]
        case .principalID: [.text(principal.identity.utf8[...])]
        case .resourceTag(let name): Self.values(of: name, in: resource.tags)
        case .requestTag(let name): Self.values(of: name, in: facts.requestTags)
        case .resourceTags: resource.tags.map { .text(of: "\($0.key)&\($0.value)") }
        case .requestTags: facts.requestTags.map { .text(of: "\($0.key)&\($0.value)") }
        case .encryptionContext(let name):
            facts.encryptionContext.text(named: name).map { text in
                // Copied only if it is looked at.
                guard text.count <= ConditionValue.mostBytes else { return [.longText] }
                return [.text(String(decoding: text, as: UTF8.self).utf8[...])]
            } ?? []
        }
    }

    private static func values(of name: String, in tags: [KeyTag]) -> [ConditionValue] {
        // Bytes are compared: to Unicode, different bytes can be the same text.
        tags.first { $0.key.utf8.elementsEqual(name.utf8) }.map { [.text(of: $0.value)] } ?? []
    }
}
