package import ClavigerCore

/// A question to the policies of a user: might he do this?
package struct PolicyQuestion: Sendable {
    /// The user's name.
    package let user: String

    /// An action in the words of a policy language, such as `kms:Encrypt`.
    package let action: String

    /// The language of action and resource; `nil` for whichever knows the action.
    package let language: PolicyLanguage?

    /// A resource in the words of the language, or the id of a key; `nil` for everything of the kind that the action concerns.
    package let resource: String?
    package let realm: Realm
    package let facts: AccessFacts

    package init(
        user: String, action: String, language: PolicyLanguage? = nil, resource: String? = nil, realm: Realm,
        facts: AccessFacts
    ) {
        self.user = user
        self.action = action
        self.language = language
        self.resource = resource
        self.realm = realm
        self.facts = facts
    }
}
