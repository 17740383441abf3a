import ClavigerCore

/// Reads the statements of a policy. Whatever it does not know it refuses: a rule that is not understood must not be
/// half obeyed.
struct StatementReader {
    let grammar: PolicyGrammar
    let realms: [Realm]
    let account: Account
    let kind: PolicyKind
    let name: String

    enum Strictness {
        /// Everything must be known.
        case new

        /// Regions may have disappeared, and limits may have changed.
        case stored
    }

    let strictness: Strictness

    /// Those of new documents.
    private let limits: PolicyLimits?

    init(
        grammar: PolicyGrammar, realms: [Realm], account: Account, kind: PolicyKind, name: String,
        strictness: Strictness
    ) {
        self.grammar = grammar
        self.realms = realms
        self.account = account
        self.kind = kind
        self.name = name
        self.strictness = strictness
        switch strictness {
        case .new: limits = PolicyLimits()
        case .stored: limits = nil
        }
    }

    func policy(_ document: LocatedJSON) throws(PolicyFault) -> Policy {
        let members = try members(document, "a policy", [.version, .statement])
        guard let version = members[.version] else { throw missing(.version, in: document) }
        guard case .string(grammar.version) = version.content else {
            throw PolicyFault("the version of this language is \"\(grammar.version)\"", at: version.offset)
        }
        guard let statement = members[.statement] else { throw missing(.statement, in: document) }
        var statements = [statement]
        if case .array(let list) = statement.content { statements = list }
        guard !statements.isEmpty else {
            throw PolicyFault("a policy has one statement at least", at: statement.offset)
        }
        try limits?.check(statements: statements.count, at: statement.offset)
        var read: [PolicyStatement] = []
        for (index, statement) in statements.enumerated() {
            read.append(try self.statement(statement, StatementLabel(policy: name, number: index + 1)))
        }
        return Policy(name: name, statements: read)
    }

    private func statement(_ value: LocatedJSON, _ label: StatementLabel) throws(PolicyFault) -> PolicyStatement {
        var known: [PolicyGrammar.Member] = [.effect, .action, .resource, .condition, .principal]
        if grammar.hasExclusions { known += [.notAction, .notResource] }
        let members = try members(value, "a statement", known)
        guard let effectValue = members[.effect] else { throw missing(.effect, in: value) }
        guard case .string(let effectText) = effectValue.content, let effect = grammar.effect(effectText) else {
            let words = [PolicyStatement.Effect.allow, .deny].map { grammar.word($0) }
            throw PolicyFault("an effect is \"\(words[0])\" or \"\(words[1])\"", at: effectValue.offset)
        }
        return PolicyStatement(
            label: label, effect: effect, permissions: try permissions(members, in: value),
            principals: try principals(members, in: value), resources: try resources(members, effect, in: value),
            conditions: try members[.condition].map { value throws(PolicyFault) in
                try ConditionReader(grammar: grammar, limits: limits).conditions(value)
            } ?? [])
    }

    private func members(
        _ value: LocatedJSON, _ what: String, _ known: [PolicyGrammar.Member]
    ) throws(PolicyFault) -> [PolicyGrammar.Member: LocatedJSON] {
        var members: [PolicyGrammar.Member: LocatedJSON] = [:]
        for member in try value.members(of: what) {
            guard let word = known.first(where: { grammar.word($0) == member.name }) else {
                throw PolicyFault(
                    "\(what) has no \(PolicyFault.quote(member.name))", at: member.offset,
                    suggestion: EditDistance.nearest(to: member.name, in: known.map { grammar.word($0) }))
            }
            members[word] = member.value
        }
        return members
    }

    private func missing(_ member: PolicyGrammar.Member, in value: LocatedJSON) -> PolicyFault {
        PolicyFault("\"\(grammar.word(member))\" is missing", at: value.offset)
    }

    /// One of two members that exclude each other; `nil` if neither is there.
    private func either(
        _ member: PolicyGrammar.Member, _ exclusion: PolicyGrammar.Member,
        _ members: [PolicyGrammar.Member: LocatedJSON]
    ) throws(PolicyFault) -> (value: LocatedJSON, isExclusion: Bool)? {
        guard let excluded = members[exclusion] else { return members[member].map { ($0, false) } }
        guard members[member] == nil else {
            throw PolicyFault(
                "\"\(grammar.word(member))\" and \"\(grammar.word(exclusion))\" exclude each other", at: excluded.offset
            )
        }
        return (excluded, true)
    }

    // MARK: actions

    private func permissions(
        _ members: [PolicyGrammar.Member: LocatedJSON], in statement: LocatedJSON
    ) throws(PolicyFault) -> PermissionSet {
        guard let (value, isExclusion) = try either(.action, .notAction, members) else {
            throw missing(.action, in: statement)
        }
        var permissions = PermissionSet([])
        for action in try value.texts(of: "an action") {
            try limits?.check(action)
            guard let found = grammar.actions.permissions(fitting: action.text) else { throw unknown(action) }
            permissions = permissions.union(found)
        }
        return isExclusion ? PermissionSet.all.subtracting(permissions) : permissions
    }

    private func unknown(_ action: LocatedText) -> PolicyFault {
        let bare = action.text.hasPrefix("name/") ? action.text.dropFirst("name/".count) : action.text[...]
        if bare.hasPrefix("\(grammar.foreignService):") {
            return PolicyFault(
                "\(PolicyFault.quote(action.text)) is no action; users and policies are administered here by actions such as "
                    + PolicyFault.quote(grammar.actions.name(of: .createUser)),
                at: action.offset)
        }
        return PolicyFault(
            "\(PolicyFault.quote(action.text)) is no action", at: action.offset,
            suggestion: grammar.actions.suggestion(for: action.text))
    }

    // MARK: resources

    private func resources(
        _ members: [PolicyGrammar.Member: LocatedJSON], _ effect: PolicyStatement.Effect, in statement: LocatedJSON
    ) throws(PolicyFault) -> PolicyStatement.Resources {
        guard let (value, isExclusion) = try either(.resource, .notResource, members) else {
            // The policy of a key is about that key. The vendor of the third language leaves resources out where all
            // are meant.
            guard kind == .key || grammar.language == .huawei else { throw missing(.resource, in: statement) }
            return .these([.everything])
        }
        let reader = ResourceReader(
            grammar: grammar, realms: realms, account: account,
            unknownRegion: unknownRegion(effect, isExclusion: isExclusion))
        var patterns: [ResourcePattern] = []
        for text in try value.texts(of: "a resource") {
            try limits?.count(text, grammar.wildcards)
            patterns.append(try reader.pattern(text.text, at: text.offset))
        }
        return isExclusion ? .allBut(patterns) : .these(patterns)
    }

    /// What a region that disappeared stands for: it must not give anybody more rights.
    private func unknownRegion(
        _ effect: PolicyStatement.Effect, isExclusion: Bool
    ) -> ResourceReader.UnknownRegion? {
        switch strictness {
        case .new: nil
        case .stored: (effect == .deny) != isExclusion ? .everywhere : .nowhere
        }
    }

    // MARK: principals

    private func principals(
        _ members: [PolicyGrammar.Member: LocatedJSON], in statement: LocatedJSON
    ) throws(PolicyFault) -> [PrincipalPattern]? {
        switch kind {
        case .identity:
            guard let value = members[.principal] else { return nil }
            throw PolicyFault(
                "a policy of users and groups is about who has it; only a key's policy has a principal",
                at: value.offset)
        case .key:
            guard let value = members[.principal] else { throw missing(.principal, in: statement) }
            return try PrincipalReader(grammar: grammar, account: account, limits: limits).principals(value)
        }
    }
}
