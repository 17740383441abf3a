/// What somebody wants to do something with, as policies see it.
package struct AccessResource: Sendable {
    package enum Kind: String, CaseIterable, Sendable {
        case key, alias, secret
        case user, group, policy, project
        /// What belongs to no account.
        case server
    }

    package enum Name: Hashable, Sendable {
        /// All of the kind; the resource of what makes or lists them.
        case all
        case key(KeyID)
        case text(String)
        /// Something that the call makes, by the name that it will have.
        case new(String)
    }

    package let kind: Kind
    package let name: Name

    /// Who made it, if that is known; policies can grant all that somebody made.
    package let creator: IdentityNumber?
    package let tags: [KeyTag]

    /// The resource's own policy.
    package let policy: Policy?

    package init(
        _ kind: Kind, _ name: Name, creator: IdentityNumber? = nil, tags: [KeyTag] = [], policy: Policy? = nil
    ) {
        self.kind = kind
        self.name = name
        self.creator = creator
        self.tags = tags
        self.policy = policy
    }

    /// Whether it is what the call makes.
    var isNew: Bool {
        switch name {
        case .new: true
        case .all, .key, .text: false
        }
    }

    package static func key(_ key: Key, policy: Policy?) -> AccessResource {
        AccessResource(.key, .key(key.id), creator: key.creator, tags: key.tags, policy: policy)
    }

    package static func alias(_ alias: KeyAlias) -> AccessResource { AccessResource(.alias, .text(alias.name)) }

    package static func newAlias(_ alias: KeyAlias) -> AccessResource { AccessResource(.alias, .new(alias.name)) }

    /// A key that does not exist; only rights to keys in general cover it.
    package static func unknownKey(_ id: KeyID) -> AccessResource { AccessResource(.key, .key(id)) }

    package static func all(_ kind: Kind) -> AccessResource { AccessResource(kind, .all) }
}
