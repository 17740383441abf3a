import ClavigerCore
import Foundation

/// What policies say, worked out slowly and in the words of docs/policies.md, from the documents themselves: no
/// compiled form, no shared code.
struct ReferenceEvaluator {
    struct Document {
        let name: String
        let language: PolicyLanguage
        let tree: JSONTree
    }

    /// What the vendors have several names for: a denial of one holds for the others.
    private static let siblings: [Permission: [Permission]] = [
        .updateRotationPolicy: [.enableKeyRotation, .disableKeyRotation], .enableKeyRotation: [.updateRotationPolicy],
        .disableKeyRotation: [.updateRotationPolicy], .createKeyVersion: [.rotateKey],
        .rotateKey: [.createKeyVersion], .tagResource: [.batchTags], .untagResource: [.batchTags],
        .batchTags: [.tagResource, .untagResource], .exportDataKey: [.decrypt, .decryptDataKey],
        .generateAndExportDataKey: [.generateDataKey],
    ]

    /// `denied policy#1`, `allowed policy#2` or `notAllowed`.
    func decide(_ policies: [Document], keyPolicy: Document?, _ call: PolicyCall) -> String {
        var allowed: String?
        var denied: String?
        var deniedAsSibling: String?
        let siblings = (Self.siblings[call.permission] ?? []).map { call.needing($0) }
        let own = keyPolicy.map { [$0] } ?? []
        for document in policies.sorted(by: { $0.name < $1.name }) + own {
            let words = Words(document.language)
            for (index, statement) in (document.tree[words.statement]?.elements ?? []).enumerated() {
                let label = "\(document.name)#\(index + 1)"
                let denies = statement[words.effect]?.string.lowercased() == "deny"
                if denies, siblings.contains(where: { counts(statement, words, $0) }) {
                    deniedAsSibling = deniedAsSibling ?? label
                }
                guard counts(statement, words, call) else { continue }
                if denies {
                    denied = denied ?? label
                } else {
                    allowed = allowed ?? label
                }
            }
        }
        if let denied = denied ?? deniedAsSibling { return "denied \(denied)" }
        return allowed.map { "allowed \($0)" } ?? "notAllowed"
    }

    private struct Words {
        let language: PolicyLanguage
        let statement: String
        let effect: String
        let action: String
        let resource: String
        let condition: String
        let principal: String

        init(_ language: PolicyLanguage) {
            self.language = language
            (statement, effect, action, resource, condition, principal) =
                language == .tencent
                ? ("statement", "effect", "action", "resource", "condition", "principal")
                : ("Statement", "Effect", "Action", "Resource", "Condition", "Principal")
        }
    }

    private func counts(_ statement: JSONTree, _ words: Words, _ call: PolicyCall) -> Bool {
        isAbout(call, statement, words) && isFor(call.principal, statement[words.principal], words.language)
            && covers(call, statement, words)
            && (statement[words.condition]?.members ?? []).allSatisfy { conditions in
                conditions.value.members.allSatisfy {
                    holds(conditions.name, $0.name, $0.value.elements.map(\.string), words.language, call)
                }
            }
    }

    // MARK: actions

    private func isAbout(_ call: PolicyCall, _ statement: JSONTree, _ words: Words) -> Bool {
        if let excluded = statement["NotAction"] {
            return !excluded.elements.contains { action($0.string, covers: call.permission, words.language) }
        }
        return (statement[words.action]?.elements ?? []).contains {
            action($0.string, covers: call.permission, words.language)
        }
    }

    private func action(_ pattern: String, covers permission: Permission, _ language: PolicyLanguage) -> Bool {
        if pattern == "*" || pattern == "name/*" { return true }
        let segments = segments(pattern)
        return (DocumentedActions.page.reaching[language]?[permission] ?? []).contains { name in
            let names = self.segments(name)
            return names.count == segments.count
                && zip(segments, names).allSatisfy { fits($0, $1, questionMarks: language == .alibaba) }
        }
    }

    private func segments(_ name: String) -> [String] {
        var name = name.lowercased()
        if name.hasPrefix("name/") { name.removeFirst(5) }
        return name.components(separatedBy: ":")
    }

    // MARK: principals

    private func isFor(_ principal: Principal, _ tree: JSONTree?, _ language: PolicyLanguage) -> Bool {
        guard let tree else { return true }
        let listed = tree.members.isEmpty ? tree.elements : tree.members[0].value.elements
        let account = PolicyFixture.account
        return listed.map(\.string).contains { pattern in
            switch language {
            case .tencent:
                [
                    "*", "qcs::cam::uin/\(account.id):*", "qcs::cam::uin/\(account.id):uin/*",
                    "qcs::cam::uin/\(account.id):uin/\(principal.number)",
                ].contains(pattern)
            case .alibaba:
                pattern == "*" || pattern == "acs:ram::\(account.id):*"
                    || fits(pattern, "acs:ram::\(account.id):user/\(principal.name)", questionMarks: true)
            case .huawei:
                pattern == "*" || pattern == "iam::\(account.domainID):*"
                    || fits(pattern, "iam::\(account.domainID):user:\(principal.name)", questionMarks: false)
            }
        }
    }

    // MARK: resources

    private func covers(_ call: PolicyCall, _ statement: JSONTree, _ words: Words) -> Bool {
        if let excluded = statement["NotResource"] {
            return !excluded.elements.contains { resource($0.string, covers: call, words.language) }
        }
        guard let resources = statement[words.resource] else { return true }
        return resources.elements.contains { resource($0.string, covers: call, words.language) }
    }

    private func resource(_ pattern: String, covers call: PolicyCall, _ language: PolicyLanguage) -> Bool {
        if pattern == "*" { return true }
        var segments = pattern.components(separatedBy: ":")
        if language == .tencent { segments.removeFirst(2) }
        if language == .alibaba { segments.removeFirst() }
        let (service, region, account) = (segments[0].lowercased(), segments[1], segments[2])
        let path = segments[3...].joined(separator: ":")
        let questionMarks = language == .alibaba
        let isKMS = [.key, .alias, .secret].contains(call.kind)
        guard service == "*" || service == (isKMS ? "kms" : "claviger") else { return false }
        if !region.isEmpty, region != "*" {
            let names =
                switch language {
                case .tencent: call.realm.tencentNames
                case .alibaba: call.realm.alibabaNames
                case .huawei: call.realm.huaweiNames
                }
            guard isKMS, names.contains(where: { fits(region, $0, questionMarks: questionMarks) }) else { return false }
        }
        let owner = PolicyFixture.account
        let owners = language == .huawei ? [owner.domainID] : ["\(owner.id)", "uin/\(owner.id)"]
        guard account.isEmpty || owners.contains(where: { fits(account, $0, questionMarks: questionMarks) }) else {
            return false
        }
        return texts(call, language).contains { fits(path, $0, questionMarks: questionMarks) }
    }

    private func texts(_ call: PolicyCall, _ language: PolicyLanguage) -> [String] {
        if call.kind == .server { return ["server"] }
        let kind = call.kind == .key && language == .huawei ? "KeyId" : call.kind.rawValue
        let mark = language == .huawei ? ":" : "/"
        switch call.target {
        case .all: return language == .alibaba ? [kind, "\(kind)/*"] : ["\(kind)\(mark)*"]
        case .missingKey: return ["\(kind)\(mark)*"]
        case .named(let name): return ["\(kind)\(mark)\(name)"]
        case .key(let id, let creator):
            return language == .tencent ? ["key/creatorUin/\(creator)/\(id)"] : ["\(kind)\(mark)\(id)"]
        }
    }

    // MARK: conditions

    private func holds(
        _ name: String, _ key: String, _ wanted: [String], _ language: PolicyLanguage, _ call: PolicyCall
    ) -> Bool {
        let actual = values(key, call)
        var name = name.lowercased().replacing("_", with: "")
        var quantifier = ""
        for prefix in ["foranyvalue:", "forallvalues:", "forallvalue:"] where name.hasPrefix(prefix) {
            quantifier = prefix
            name.removeFirst(prefix.count)
        }
        if name.hasSuffix("ifexists") || name.hasSuffix("ifexist") {
            if actual.isEmpty { return true }
            name = name.hasSuffix("s") ? String(name.dropLast(8)) : String(name.dropLast(7))
        }
        switch name {
        case "nullequal", "null": return wanted.contains(actual.isEmpty ? "true" : "false")
        case "isnullorempty": return wanted.contains(actual.allSatisfy(\.isEmpty) ? "true" : "false")
        case "isnotnullorempty": return wanted.contains(actual.allSatisfy(\.isEmpty) ? "false" : "true")
        default: break
        }
        let isNegated = name.contains("not")
        let test = name.replacing("not", with: "")
        func passes(_ value: String) -> Bool {
            wanted.contains { compare(test, value, $0, questionMarks: language == .alibaba) }
        }
        switch quantifier {
        case "foranyvalue:": return actual.contains { passes($0) != isNegated }
        case "forallvalues:", "forallvalue:": return actual.allSatisfy { passes($0) != isNegated }
        default: return isNegated ? !actual.contains { passes($0) } : actual.contains { passes($0) }
        }
    }

    private func values(_ key: String, _ call: PolicyCall) -> [String] {
        let tags: [KeyTag]
        switch call.target {
        case .key, .named: tags = call.tags
        case .all, .missingKey: tags = []
        }
        switch key {
        case "qcs:ip", "acs:SourceIp", "g:SourceIp":
            let address = call.source.components(separatedBy: ":").dropLast().joined(separator: ":")
            return bits(address) == nil ? [] : [address]
        case "qcs:current_time", "acs:CurrentTime", "g:CurrentTime": return ["\(call.now)"]
        case "qcs:mfa", "acs:MFAPresent", "g:MFAPresent": return ["false"]
        case "qcs:uin": return ["\(call.principal.number)"]
        case "qcs:username", "acs:PrincipalUsername", "g:UserName": return [call.principal.name]
        case "g:UserId": return [call.principal.identity]
        case "qcs:resource_tag": return tags.map { "\($0.key)&\($0.value)" }
        case "qcs:request_tag": return call.requestTags.map { "\($0.key)&\($0.value)" }
        default: break
        }
        if key.hasPrefix("kms:EncryptionContext:") {
            let name = String(key.dropFirst("kms:EncryptionContext:".count))
            if case .text(let text)? = call.context.first(where: { $0.name == name })?.value { return [text] }
            return []
        }
        let isRequest = key.lowercased().contains("request")
        let name = key.components(separatedBy: "/").dropFirst().joined(separator: "/")
        return (isRequest ? call.requestTags : tags).filter { $0.key == name }.map(\.value)
    }

    private func compare(_ test: String, _ actual: String, _ wanted: String, questionMarks: Bool) -> Bool {
        switch test {
        case "stringequal", "stringequals": return actual == wanted
        case "stringequalignorecase", "stringequalsignorecase": return actual.lowercased() == wanted.lowercased()
        case "stringlike": return fits(wanted, actual, questionMarks: questionMarks)
        case "stringstartwith": return actual.hasPrefix(wanted)
        case "stringendwith": return actual.hasSuffix(wanted)
        case "boolequal", "bool": return actual == wanted
        case "ipequal", "ipaddress": return isInside(actual, wanted)
        default: break
        }
        let left: Decimal?
        let right: Decimal?
        if test.hasPrefix("date") {
            left = Decimal(string: actual)
            right = seconds(wanted)
        } else {
            left = actual.wholeMatch(of: /-?[0-9]+(\.[0-9]+)?/) == nil ? nil : Decimal(string: actual)
            right = Decimal(string: wanted)
        }
        guard let left, let right else { return false }
        if test.hasSuffix("lessthan") { return left < right }
        if test.hasSuffix("lessthanequal") || test.hasSuffix("lessthanequals") { return left <= right }
        if test.hasSuffix("greaterthan") { return left > right }
        if test.hasSuffix("greaterthanequal") || test.hasSuffix("greaterthanequals") { return left >= right }
        return left == right
    }

    private func seconds(_ text: String) -> Decimal? {
        if let seconds = Int64(text) { return Decimal(seconds) }
        return (try? Date(text, strategy: .iso8601)).map { Decimal(Int64($0.timeIntervalSince1970)) }
    }

    private func isInside(_ address: String, _ network: String) -> Bool {
        let parts = network.components(separatedBy: "/")
        guard let actual = bits(address), let wanted = bits(parts[0]), actual.count == wanted.count else {
            return false
        }
        let length = parts.count == 2 ? Int(parts[1]) ?? 0 : wanted.count
        return actual.prefix(length) == wanted.prefix(length)
    }

    /// An address as 32 or 128 letters `0` and `1`. The generator writes all addresses of IPv6 with one `::`.
    private func bits(_ address: String) -> String? {
        func binary(_ value: Int, _ width: Int) -> String {
            let digits = String(value, radix: 2)
            return String(repeating: "0", count: width - digits.count) + digits
        }
        let plain = address.hasPrefix("::ffff:") ? String(address.dropFirst(7)) : address
        let octets = plain.components(separatedBy: ".").compactMap { Int($0) }
        if octets.count == 4 { return octets.map { binary($0, 8) }.joined() }
        let halves = address.components(separatedBy: "::")
        guard halves.count == 2 else { return nil }
        let groups = halves.map { half in
            half.isEmpty ? [] : half.components(separatedBy: ":").map { binary(Int($0, radix: 16) ?? 0, 16) }
        }
        let zeros = Array(repeating: binary(0, 16), count: 8 - groups[0].count - groups[1].count)
        return (groups[0] + zeros + groups[1]).joined()
    }

    // MARK: wildcards

    /// Tries all that an asterisk can stand for; remembers what it tried.
    private func fits(_ pattern: String, _ text: String, questionMarks: Bool) -> Bool {
        let (pattern, text) = (Array(pattern.unicodeScalars), Array(text.unicodeScalars))
        if !pattern.contains("*"), !pattern.contains("?") { return pattern == text }
        var known: [Int: Bool] = [:]
        func rest(_ from: Int, _ at: Int) -> Bool {
            if from == pattern.count { return at == text.count }
            let place = from * (text.count + 1) + at
            if let answer = known[place] { return answer }
            let answer: Bool
            switch pattern[from] {
            case "*": answer = rest(from + 1, at) || at < text.count && rest(from, at + 1)
            case "?" where questionMarks: answer = at < text.count && rest(from + 1, at + 1)
            case let letter: answer = at < text.count && text[at] == letter && rest(from + 1, at + 1)
            }
            known[place] = answer
            return answer
        }
        return rest(0, 0)
    }
}
