package import ClavigerCore

extension PolicyLanguage {
    /// What the name of an action stands for, whatever its case: one permission, or several that the language has one
    /// name for. `nil` if there is no such action; wildcards are none.
    package func permissions(named action: String) -> PermissionSet? {
        PolicyGrammar.of(self).actions.permissions(named: action)
    }

    /// The name that the language has for a permission, such as `name/kms:Encrypt`.
    package func name(of permission: Permission) -> String { PolicyGrammar.of(self).actions.name(of: permission) }

    /// One resource, as somebody names it who asks what a policy says: by its name in this language, by a key's id
    /// alone, or `*` for all of the kind that a permission is about.
    ///
    /// Tags and policies of resources are unknown here, and the creator of a key is unless the name tells it.
    ///
    /// - Parameters:
    ///   - permission: tells the kind that `*` means.
    ///   - account: whose resource it is; names of other accounts' resources give `nil`.
    package func resource(_ text: String, for permission: Permission, account: Account) -> AccessResource? {
        if text == "*" { return .all(permission.resourceKind) }
        if let id = try? KeyID(text: text.utf8) { return .unknownKey(id) }
        let grammar = PolicyGrammar.of(self)
        guard let parts = ResourceParts(text, self), let service = Permission.Service(rawValue: parts.service),
            parts.covers(account, grammar)
        else { return nil }
        let separator: Character =
            switch self {
            case .tencent, .alibaba: "/"
            case .huawei: ":"
            }
        let path = parts.path.split(separator: separator, maxSplits: 1, omittingEmptySubsequences: false)
        let kinds = AccessResource.Kind.allCases.filter { $0.service == service }
        guard let kind = kinds.first(where: { $0.word(in: self) == path[0] }) else { return nil }
        guard path.count == 2 else {
            return kind == .server || self == .alibaba ? .all(kind) : nil
        }
        let name = path[1]
        if kind == .server || name.isEmpty { return nil }
        if name == "*" { return .all(kind) }
        guard kind == .key else { return AccessResource(kind, .text(String(name))) }
        switch self {
        case .alibaba, .huawei: return (try? KeyID(text: name.utf8)).map { .unknownKey($0) }
        case .tencent:
            let words = name.split(separator: "/", omittingEmptySubsequences: false)
            guard words.count == 3, words[0] == "creatorUin", let id = try? KeyID(text: words[2].utf8) else {
                return nil
            }
            if words[1] == "*" { return .unknownKey(id) }
            return Int64(words[1]).map { AccessResource(.key, .key(id), creator: IdentityNumber($0)) }
        }
    }

    /// The region that the name of a resource tells; `nil` if it tells none.
    package func region(inResource text: String) -> String? {
        guard let region = ResourceParts(text, self)?.region, !region.isEmpty, region != "*" else { return nil }
        return region
    }
}
