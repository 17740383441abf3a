package import ClavigerCrypto

/// What somebody says who asks for the token of an identity.
package struct TokenRequest: Sendable {
    /// A thing by its name or by its id.
    package enum Reference: Hashable, Sendable {
        case name(String)
        case id(String)
    }

    /// Who it is.
    package enum User: Hashable, Sendable {
        /// By name, within the account whose domain is named; a number counts as its name too.
        case name(String, domain: Reference)
        /// The id of an identity.
        case id(String)
    }

    /// What the token shall count for.
    package enum Scope: Hashable, Sendable {
        /// A project of the user's account.
        case project(Reference)
        /// The whole account, which must be the user's.
        case domain(Reference)
        /// The whole account.
        case unscoped
    }

    package let user: User

    /// Text in UTF-8.
    package let password: KeyMaterial
    package let scope: Scope

    package init(user: User, password: KeyMaterial, scope: Scope) {
        self.user = user
        self.password = password
        self.scope = scope
    }
}
