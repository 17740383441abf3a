import ClavigerCore

/// The words of a policy language.
struct PolicyGrammar: Sendable {
    /// The members of policies and their statements, in no language's spelling.
    enum Member: String, CaseIterable {
        case version, statement
        case effect, action, notAction, resource, notResource, condition, principal
    }

    let language: PolicyLanguage

    /// What the member for the version says.
    let version: String
    let wildcards: Glob.Wildcards
    let actions: ActionTable

    /// Whether there are statements about all actions but some, and all resources but some.
    let hasExclusions: Bool

    /// The service of this vendor whose actions people look for in vain.
    let foreignService: String
    let operators: [String: ConditionOperator]

    /// What makes an operator one for lists, in front of it.
    let anyPrefix: String
    let allPrefix: String

    /// What makes an operator pass for calls that say nothing about the key, behind it.
    let ifExistsSuffix: String
    let keys: [String: ConditionKey]

    /// The beginnings of keys, and what the text behind them names.
    let keyFamilies: [(prefix: String, key: @Sendable (String) -> ConditionKey)]

    /// The member of a principal that lists identities, and how they are written.
    let principalWord: String
    let principalExample: String

    static func of(_ language: PolicyLanguage) -> PolicyGrammar {
        switch language {
        case .tencent: .tencent
        case .alibaba: .alibaba
        case .huawei: .huawei
        }
    }

    func word(_ member: Member) -> String {
        switch language {
        case .tencent: member.rawValue
        case .alibaba, .huawei: member.rawValue.prefix(1).uppercased() + member.rawValue.dropFirst()
        }
    }

    func word(_ effect: PolicyStatement.Effect) -> String {
        let word =
            switch effect {
            case .allow: "allow"
            case .deny: "deny"
            }
        return language == .tencent ? word : word.prefix(1).uppercased() + word.dropFirst()
    }

    func effect(_ text: String) -> PolicyStatement.Effect? {
        // Tencent's own pages write this word in several ways.
        let text = language == .tencent ? text.lowercased() : text
        return [.allow, .deny].first { word($0) == text }
    }

    func conditionKey(_ text: String) -> ConditionKey? {
        if let key = keys[text] { return key }
        for family in keyFamilies where text.hasPrefix(family.prefix) && text.utf8.count > family.prefix.utf8.count {
            return family.key(String(text.dropFirst(family.prefix.count)))
        }
        return nil
    }
}
