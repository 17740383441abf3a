import ClavigerCore
import ClavigerIdentity

/// Makes calls, and policies that have something to do with them.
struct PolicyGenerator {
    private var random: SeededGenerator
    private static let account = PolicyFixture.account
    private static let permissions = Permission.allCases
    private static let users = [PolicyFixture.alice, PolicyFixture.bob]
    private static let sources = [
        "192.0.2.7:1", "192.0.2.200:2", "10.1.2.3:3", "2001:db8::1:4", "2001:db8:1::5:5", "::ffff:192.0.2.7:6", "unix",
    ]
    private static let networks = [
        "192.0.2.7", "192.0.2.0/24", "192.0.2.0/25", "10.0.0.0/8", "0.0.0.0/0", "2001:db8::/32", "2001:db8::1", "::/0",
        "::ffff:192.0.2.7",
    ]
    private static let moments: [Int64] = [1_700_000_000, 1_768_478_400, 1_768_478_401, 1_800_000_000]
    private static let times = [
        "1700000000", "2026-01-15T12:00:00Z", "2026-01-15T20:00:00+08:00", "2026-01-15T11:30:01-00:30", "1768478401",
        "2027-01-15T08:00:00Z", "2023-11-14T22:13:20Z",
    ]
    private static let tagKeys = ["stage", "cost", "Stage"]
    private static let texts = ["blue", "Blue", "blues", "red", "", "10", "9.5", "-3", "100", "alice", "007"]
    private static let patterns = ["b*", "*u*", "*", "blue", "?ed", "B?ue*", "1*0", "", "re?"]

    init(seed: UInt64) { random = SeededGenerator(seed: seed) }

    // MARK: calls

    mutating func call() -> PolicyCall {
        let permission =
            random.chance(50) ? random.pick([.encrypt, .decrypt, .describeKey]) : random.pick(Self.permissions)
        let kind = random.chance(95) ? permission.resourceKind : random.pick(AccessResource.Kind.allCases)
        return PolicyCall(
            permission: permission, kind: kind, target: target(kind), tags: tags(),
            realm: random.pick(Realm.builtIn), principal: random.pick(Self.users), source: random.pick(Self.sources),
            now: random.pick(Self.moments), context: context(), requestTags: tags())
    }

    private mutating func target(_ kind: AccessResource.Kind) -> PolicyCall.Target {
        if kind == .server || random.chance(15) { return .all }
        guard kind == .key else { return .named(random.pick(["alice", "bob", "blue", "a"])) }
        if random.chance(10) { return .missingKey(PolicyFixture.missingKeyID) }
        let (id, creator) = random.pick(keys)
        return .key(id, creator: creator)
    }

    private var keys: [(KeyID, Int64)] {
        [
            (PolicyFixture.alicesKeyID, PolicyFixture.alice.number.value),
            (PolicyFixture.bobsKeyID, PolicyFixture.bob.number.value),
            (PolicyFixture.rootsKeyID, PolicyFixture.root.value),
        ]
    }

    private mutating func tags() -> [KeyTag] {
        var tags: [KeyTag] = []
        for key in Self.tagKeys where random.chance(40) {
            tags.append(KeyTag(key: key, value: random.pick(Self.texts)))
        }
        return tags
    }

    private mutating func context() -> [(name: String, value: JSONTree)] {
        var members: [(name: String, value: JSONTree)] = []
        for name in ["zone", "tenant", "n"] where random.chance(60) {
            let others: [JSONTree] = [
                .word("7"), .word("null"), .array([.text("blue")]), .object([(name: "tenant", value: .text("blue"))]),
            ]
            members.append((name, random.chance(80) ? .text(random.pick(Self.texts)) : random.pick(others)))
        }
        return members
    }

    // MARK: policies

    /// A few policies, and the policy of the key that the call is about, if it has one.
    mutating func policies(
        for call: PolicyCall
    ) -> (policies: [ReferenceEvaluator.Document], keyPolicy: ReferenceEvaluator.Document?) {
        let names = ["readers", "writers", "auditors"].shuffled(using: &random)
        let policies = names.prefix(random.chance(75) ? 1 : random.below(4)).map { document($0, call, isOfKey: false) }
        var keyPolicy: ReferenceEvaluator.Document?
        if case .key = call.target, random.chance(35) { keyPolicy = document("key-policy", call, isOfKey: true) }
        return (policies, keyPolicy)
    }

    /// The text of a document.
    mutating func text(of document: ReferenceEvaluator.Document) -> String { document.tree.written(&random) }

    private mutating func document(
        _ name: String, _ call: PolicyCall, isOfKey: Bool
    ) -> ReferenceEvaluator.Document {
        let language = random.pick(PolicyLanguage.allCases)
        let statements = (0...(random.chance(70) ? 0 : random.below(3))).map { _ in
            statement(call, language, isOfKey: isOfKey)
        }
        let words =
            language == .tencent
            ? ("version", "statement", "2.0") : ("Version", "Statement", language == .alibaba ? "1" : "1.1")
        let list = statements.count == 1 && random.chance(50) ? statements[0] : .array(statements)
        var members: [(name: String, value: JSONTree)] = [(words.0, .text(words.2)), (words.1, list)]
        members.shuffle(using: &random)
        return ReferenceEvaluator.Document(name: name, language: language, tree: .object(members))
    }

    private mutating func statement(_ call: PolicyCall, _ language: PolicyLanguage, isOfKey: Bool) -> JSONTree {
        func word(_ text: String) -> String {
            language == .tencent ? text : text.prefix(1).uppercased() + text.dropFirst()
        }
        let effect = random.chance(70) ? "allow" : "deny"
        var members: [(name: String, value: JSONTree)] = [
            (word("effect"), .text(language == .tencent && random.chance(20) ? effect.uppercased() : word(effect)))
        ]
        let actions = list { $0.action(call, language) }
        members.append((language == .alibaba && random.chance(10) ? "NotAction" : word("action"), actions))
        if !(isOfKey || language == .huawei) || random.chance(60) {
            let resources = list { $0.resource(call, language) }
            members.append((language == .alibaba && random.chance(10) ? "NotResource" : word("resource"), resources))
        }
        if isOfKey { members.append((word("principal"), principal(language))) }
        if random.chance(35) { members.append((word("condition"), conditions(language))) }
        members.shuffle(using: &random)
        return .object(members)
    }

    private mutating func list(_ text: (inout PolicyGenerator) -> String) -> JSONTree {
        if random.chance(50) { return .text(text(&self)) }
        return .array((0...random.below(2)).map { _ in .text(text(&self)) })
    }

    /// Puts wildcards for a part of the text, so that the pattern still fits it.
    private mutating func patterned(_ text: String, _ language: PolicyLanguage) -> String {
        let letters = Array(text)
        let from = random.below(letters.count + 1)
        let to = from + random.below(letters.count - from + 1)
        let isMark = language == .alibaba && to > from && random.chance(30)
        return String(letters[..<from]) + (isMark ? String(repeating: "?", count: to - from) : "*")
            + String(letters[to...])
    }

    // MARK: actions

    private mutating func action(_ call: PolicyCall, _ language: PolicyLanguage) -> String {
        let permission = random.chance(70) ? call.permission : random.pick(Self.permissions)
        var name = language.name(of: permission)
        if random.chance(25) {
            name = random.pick(DocumentedActions.page.reaching[language]?[permission] ?? [name])
        }
        if language == .tencent, random.chance(40) { name.removeFirst("name/".count) }
        if random.chance(25) {
            var segments = name.split(separator: ":").map(String.init)
            let last = segments.count - 1
            segments[last] = patterned(segments[last], language)
            if language == .huawei, random.chance(30) { segments[1] = "*" }
            name = segments.joined(separator: ":")
        } else if random.chance(8) {
            name = random.pick(
                language == .huawei ? ["*:*:*", "kms:*:*", "kms:cmk:*"] : ["*", "kms:*", "*:*", "claviger:*"])
        }
        return random.chance(10) ? name.lowercased() : name
    }

    // MARK: resources

    private mutating func resource(_ call: PolicyCall, _ language: PolicyLanguage) -> String {
        if random.chance(20) { return "*" }
        let kind = random.chance(80) ? call.kind : random.pick(AccessResource.Kind.allCases)
        let isKMS = [.key, .alias, .secret].contains(kind)
        var service = random.chance(15) ? "*" : isKMS ? "kms" : "claviger"
        if language == .huawei, random.chance(30) { service = service.uppercased() }
        let realm = random.chance(70) ? call.realm : random.pick(Realm.builtIn)
        let names =
            switch language {
            case .tencent: realm.tencentNames
            case .alibaba: realm.alibabaNames
            case .huawei: realm.huaweiNames
            }
        var region = random.pick(["", "*"])
        if isKMS || service == "*", random.chance(40) {
            region = random.pick(names)
            if random.chance(30) { region = patterned(region, language) }
        }
        let path = path(kind, call, language)
        let number = "\(Self.account.id)"
        switch language {
        case .tencent:
            let owner = random.pick(["", "*", number, "uin/\(number)", "uin/*", "uin/1000*"])
            return "qcs:\(random.pick(["", "*"])):\(service):\(region):\(owner):\(path)"
        case .alibaba:
            return "acs:\(service):\(region):\(random.pick(["", "*", number, "1*1", "?00000000001"])):\(path)"
        case .huawei:
            return "\(service):\(region):\(random.pick(["", "*", Self.account.domainID, "0011*"])):\(path)"
        }
    }

    private mutating func path(_ kind: AccessResource.Kind, _ call: PolicyCall, _ language: PolicyLanguage) -> String {
        if random.chance(8) { return "*" }
        if kind == .server { return "server" }
        let word = kind == .key && language == .huawei ? "KeyId" : kind.rawValue
        let mark = language == .huawei ? ":" : "/"
        if random.chance(15) { return "\(word)\(mark)*" }
        if language == .alibaba, random.chance(8) { return random.chance(50) ? word : patterned(word, language) }
        var name = random.pick(["alice", "bob", "blue", "a"])
        if kind == .key {
            let (id, creator) = meantKey(call)
            name = "\(id)"
            if language == .tencent {
                let other = random.pick(keys).1
                let maker = random.chance(20) ? "*" : random.chance(15) ? "\(other)" : "\(creator)"
                name = "creatorUin/\(maker)/" + (random.chance(30) ? "*" : name)
            }
        } else if case .named(let meant) = call.target, random.chance(60) {
            name = meant
        }
        let path = "\(word)\(mark)\(name)"
        if random.chance(15) {
            // Behind the word for the kind, which must be one that there is.
            return "\(word)\(mark)" + patterned(name, language)
        }
        return random.chance(5) ? "*" + path.dropFirst(random.below(path.count)) : path
    }

    private mutating func meantKey(_ call: PolicyCall) -> (KeyID, Int64) {
        if case .key(let id, let creator) = call.target, random.chance(70) { return (id, creator) }
        return random.chance(10) ? (PolicyFixture.missingKeyID, PolicyFixture.root.value) : random.pick(keys)
    }

    // MARK: principals

    private mutating func principal(_ language: PolicyLanguage) -> JSONTree {
        if random.chance(20) { return .text("*") }
        let user = random.pick(Self.users)
        let (number, domain) = ("\(Self.account.id)", Self.account.domainID)
        switch language {
        case .tencent:
            let forms = [
                "qcs::cam::uin/\(number):uin/\(user.number)", "qcs::cam::uin/\(number):*",
                "qcs::cam::uin/\(number):uin/*", "qcs::cam::uin/7:uin/\(user.number)", "*",
            ]
            return .object([("qcs", list { $0.random.pick(forms) })])
        case .alibaba:
            let forms = [
                "acs:ram::\(number):user/\(user.name)", "acs:ram::\(number):user/?*b*", "acs:ram::\(number):*",
                "acs:ram::7:user/\(user.name)", "*",
            ]
            return .object([("RAM", list { $0.random.pick(forms) })])
        case .huawei:
            let forms = [
                "iam::\(domain):user:\(user.name)", "iam::\(domain):user:a*", "iam::\(domain):*",
                "iam::ff:user:\(user.name)", "*",
            ]
            return .object([("IAM", list { $0.random.pick(forms) })])
        }
    }

    // MARK: conditions

    private mutating func conditions(_ language: PolicyLanguage) -> JSONTree {
        var members: [(name: String, value: JSONTree)] = []
        for _ in 0...(random.chance(70) ? 0 : 1) {
            let (name, tests) = condition(language)
            if !members.contains(where: { $0.name == name }) { members.append((name, tests)) }
        }
        return .object(members)
    }

    private mutating func condition(_ language: PolicyLanguage) -> (String, JSONTree) {
        let keys = keys(language)
        var name: String
        let key: String
        let values: JSONTree
        switch random.below(7) {
        case 0:
            name =
                language == .tencent
                ? random.pick(["ip_equal", "ip_not_equal"]) : random.pick(["IpAddress", "NotIpAddress"])
            key = keys.source
            values = list { $0.random.pick(Self.networks) }
        case 1:
            name = order("date", "Date", language)
            key = keys.time
            values = list { $0.random.pick(Self.times) }
        case 2:
            name = language == .tencent ? "bool_equal" : "Bool"
            key = keys.flag
            values = random.chance(50) ? .word(random.pick(["true", "false"])) : .text(random.pick(["true", "false"]))
        case 3:
            name =
                switch language {
                case .tencent: "null_equal"
                case .alibaba: "Null"
                case .huawei: random.pick(["IsNullOrEmpty", "IsNotNullOrEmpty"])
                }
            key = random.pick(keys.texts + [keys.source, keys.time])
            return (name, .object([(key, .word(random.pick(["true", "false"])))]))
        case 4:
            name = order("numeric", language == .huawei ? "Number" : "Numeric", language)
            key = random.pick(keys.texts)
            values =
                random.chance(50)
                ? .word(random.pick(["10", "-3", "9.5"])) : list { $0.random.pick(["10", "9.50", "7", "-100"]) }
        default:
            name = random.pick(textOperators(language))
            key = random.pick(keys.texts)
            let isPattern = name.lowercased().contains("like")
            let isList = key.hasSuffix("_tag")
            values = list { generator in
                let text = generator.random.pick(isPattern ? Self.patterns : Self.texts)
                return isList ? "\(generator.random.pick(Self.tagKeys))&\(text)" : text
            }
        }
        if random.chance(15) { name += language == .tencent ? "_if_exist" : "IfExists" }
        if random.chance(20) {
            let prefixes =
                language == .tencent ? ["for_any_value:", "for_all_value:"] : ["ForAnyValue:", "ForAllValues:"]
            name = random.pick(prefixes) + name
        }
        return (name, .object([(key, values)]))
    }

    private mutating func order(_ snake: String, _ camel: String, _ language: PolicyLanguage) -> String {
        language == .tencent
            ? "\(snake)_"
                + random.pick([
                    "equal", "not_equal", "less_than", "less_than_equal", "greater_than", "greater_than_equal",
                ])
            : camel
                + random.pick(["Equals", "NotEquals", "LessThan", "LessThanEquals", "GreaterThan", "GreaterThanEquals"])
    }

    private func textOperators(_ language: PolicyLanguage) -> [String] {
        switch language {
        case .tencent:
            [
                "string_equal", "string_not_equal", "string_equal_ignore_case", "string_not_equal_ignore_case",
                "string_like", "string_not_like",
            ]
        case .alibaba:
            [
                "StringEquals", "StringNotEquals", "StringEqualsIgnoreCase", "StringNotEqualsIgnoreCase", "StringLike",
                "StringNotLike",
            ]
        case .huawei:
            [
                "StringEquals", "StringNotEquals", "StringEqualsIgnoreCase", "StringNotEqualsIgnoreCase", "StringLike",
                "StringNotLike", "StringStartWith", "StringNotStartWith", "StringEndWith", "StringNotEndWith",
            ]
        }
    }

    private func keys(_ language: PolicyLanguage) -> (source: String, time: String, flag: String, texts: [String]) {
        let context = ["kms:EncryptionContext:tenant", "kms:EncryptionContext:n"]
        switch language {
        case .tencent:
            return (
                "qcs:ip", "qcs:current_time", "qcs:mfa",
                context + [
                    "qcs:uin", "qcs:username", "qcs:resource_tag", "qcs:request_tag", "qcs:resource_tag/stage",
                    "qcs:request_tag/cost",
                ]
            )
        case .alibaba:
            return (
                "acs:SourceIp", "acs:CurrentTime", "acs:MFAPresent",
                context + ["acs:PrincipalUsername", "kms:tag/stage", "acs:ResourceTag/cost", "acs:RequestTag/stage"]
            )
        case .huawei:
            return (
                "g:SourceIp", "g:CurrentTime", "g:MFAPresent",
                context + ["g:UserName", "g:UserId", "g:ResourceTag/stage", "g:RequestTag/cost"]
            )
        }
    }
}
