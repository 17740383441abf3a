import ClavigerCore

/// Reads whom a statement of a key's policy is about.
struct PrincipalReader {
    let grammar: PolicyGrammar
    let account: Account
    let limits: PolicyLimits?

    /// Identities of other accounts are left out: they never get so far as to ask for a key of this one.
    func principals(_ value: LocatedJSON) throws(PolicyFault) -> [PrincipalPattern] {
        if case .string("*") = value.content { return [.everybody] }
        let word = grammar.principalWord
        guard case .object(let members) = value.content else {
            throw PolicyFault(
                "a principal is written {\"\(word)\": [\"\(grammar.principalExample)\"]}, everybody is \"*\"",
                at: value.offset)
        }
        var texts: [LocatedText] = []
        for member in members {
            guard member.name == word else {
                throw PolicyFault(
                    "\(PolicyFault.quote(member.name)) is no kind of principal", at: member.offset, suggestion: word)
            }
            texts = try member.value.texts(of: "a principal")
        }
        guard !texts.isEmpty else { throw PolicyFault("\"\(word)\" is missing", at: value.offset) }
        var patterns: [PrincipalPattern] = []
        for text in texts {
            try limits?.check(text, grammar.wildcards)
            if let pattern = try pattern(text) { patterns.append(pattern) }
        }
        return patterns
    }

    /// `nil` for identities of other accounts.
    private func pattern(_ principal: LocatedText) throws(PolicyFault) -> PrincipalPattern? {
        if principal.text == "*" { return .everybody }
        let fault = PolicyFault(
            "\(PolicyFault.quote(principal.text)) is no principal; one is written "
                + "\(PolicyFault.quote(grammar.principalExample)), everybody \"*\"",
            at: principal.offset)
        let parts = principal.text.split(separator: ":", omittingEmptySubsequences: false).map(String.init)
        let isOwn: Bool
        let pattern: PrincipalPattern
        switch grammar.language {
        case .tencent:
            guard parts.count == 6, parts[0..<4] == ["qcs", "", "cam", ""], let owner = digits(parts[4], after: "uin/")
            else { throw fault }
            isOwn = owner == account.id.description
            if parts[5] == "*" || parts[5] == "uin/*" {
                pattern = .everybody
            } else {
                guard let number = digits(parts[5], after: "uin/").flatMap(Int64.init) else { throw fault }
                pattern = .number(IdentityNumber(number))
            }
        case .alibaba:
            guard parts.count == 5, parts[0..<3] == ["acs", "ram", ""], let owner = digits(parts[3], after: "") else {
                throw fault
            }
            isOwn = owner == account.id.description
            guard let name = name(parts[4], after: "user/") else { throw fault }
            pattern = name
        case .huawei:
            guard parts.count >= 4, parts[0..<2] == ["iam", ""], !parts[2].isEmpty else { throw fault }
            isOwn = parts[2] == account.domainID
            guard let name = name(parts[3...].joined(separator: ":"), after: "user:") else { throw fault }
            pattern = name
        }
        return isOwn ? pattern : nil
    }

    private func digits(_ text: String, after prefix: String) -> String? {
        guard text.hasPrefix(prefix) else { return nil }
        let digits = text.dropFirst(prefix.count)
        return !digits.isEmpty && digits.utf8.allSatisfy { 48...57 ~= $0 } ? String(digits) : nil
    }

    private func name(_ text: String, after prefix: String) -> PrincipalPattern? {
        if text == "*" { return .everybody }
        guard text.hasPrefix(prefix), text.utf8.count > prefix.utf8.count else { return nil }
        return .name(Glob(String(text.dropFirst(prefix.count)), grammar.wildcards))
    }
}
