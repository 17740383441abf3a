/// A set of resources of one account, as a policy describes it.
///
/// What is common is kept as what it means and compared without making text; anything else is a pattern of the text
/// that the language has for a resource.
package struct ResourcePattern: Hashable, Sendable {
    package enum Extent: Hashable, Sendable {
        /// All there are, now and in future, also what lists and makes them.
        case everything

        /// What lists and makes them, and not one of them.
        case container

        /// All keys that somebody made.
        case keys(madeBy: IdentityNumber)

        /// One key, if this identity made it; whoever made it if that is `nil`.
        case key(KeyID, madeBy: IdentityNumber?)

        /// Those whose text fits.
        case fitting(Glob, PolicyLanguage)
    }

    // Flat values that are compared without counting references: patterns are asked for each request.
    private enum Plain: Hashable {
        case everything, container, text
        case keys(madeBy: IdentityNumber)
        case key(KeyID, madeBy: IdentityNumber?)
    }

    private let kinds: ResourceKinds
    private let isAnywhere: Bool
    private let plain: Plain
    private let language: PolicyLanguage
    private let realms: [RealmID]
    private let glob: Glob?

    /// - Parameter realms: where the resources are; `nil` means anywhere. What belongs to no region is only anywhere.
    package init(kinds: ResourceKinds, realms: [RealmID]?, extent: Extent) {
        self.kinds = kinds
        self.realms = realms ?? []
        isAnywhere = realms == nil
        switch extent {
        case .everything: (plain, language, glob) = (.everything, .tencent, nil)
        case .container: (plain, language, glob) = (.container, .tencent, nil)
        case .keys(let creator): (plain, language, glob) = (.keys(madeBy: creator), .tencent, nil)
        case .key(let id, let creator): (plain, language, glob) = (.key(id, madeBy: creator), .tencent, nil)
        case .fitting(let pattern, let spoken): (plain, language, glob) = (.text, spoken, pattern)
        }
    }

    /// Everything of the account.
    package static let everything = ResourcePattern(kinds: .all, realms: nil, extent: .everything)

    func covers(_ resource: AccessResource, _ texts: inout ResourceTexts, in realm: Realm) -> Bool {
        guard kinds.contains(resource.kind), isAnywhere || resource.kind.isRegional && realms.contains(realm.id) else {
            return false
        }
        switch plain {
        case .everything: return true
        case .container: return resource.name == .all || resource.isNew
        case .keys(let creator): return resource.kind == .key && resource.creator == creator
        case .key(let id, let creator):
            guard case .key(id) = resource.name, let maker = resource.creator else { return false }
            return creator == nil || creator == maker
        case .text:
            guard let glob else { return false }
            return texts.of(resource, in: language).contains { glob.matches($0.utf8) }
        }
    }
}
