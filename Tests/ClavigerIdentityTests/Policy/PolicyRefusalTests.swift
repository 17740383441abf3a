import ClavigerCore
import ClavigerIdentity
import Testing

/// Documents that are refused, and the very words.
@Suite struct PolicyRefusalTests {
    private func message(_ text: String, _ kind: PolicyKind, _ language: PolicyLanguage?) -> String? {
        let document = PolicyDocument(language: language ?? PolicyReader.language(of: text) ?? .tencent, text: text)
        let error = #expect(throws: KMSError.self) {
            try PolicyFixture.reader.read(document, named: "policy", for: kind, account: PolicyFixture.account)
        }
        #expect(error?.code == .invalidPolicy)
        return error?.message
    }

    private func expect(
        _ text: String, _ message: String, for kind: PolicyKind = .identity, in language: PolicyLanguage? = nil
    ) {
        #expect(self.message(text, kind, language) == message)
    }

    @Test func `The seed's own slip is refused with its position and what was meant`() {
        expect(
            """
            {
              "version": "2.0",
              "statement": [
                {
                  "effect": "allow",
                  "action": [
                    "name/kms>ListKey",
                    "name/kms:GetKeyAttributes"
                  ],
                  "resource": "*"
                }
              ]
            }
            """,
            #"line 7, column 9: "name/kms>ListKey" is no action; did you mean "name/kms:ListKey"?"#)
    }

    @Test func `Columns count characters, not bytes`() {
        expect(
            #"{"version":"2.0","statement":{"effect":"allow","resource":"*","注":1}}"#,
            #"line 1, column 63: a statement has no "注""#)
        expect(
            "{\"version\":\"2.0\",\"statement\":{\"effect\":\"allow\",\"action\":[\"name/kms:Encrypt\",\r\n\t\"kms\\u003aDecrypt\",\"é\"]}}",
            #"line 2, column 21: "é" is no action"#)
    }

    // MARK: actions

    @Test(arguments: [
        (PolicyLanguage.tencent, "name/kms>CreateKey", "name/kms:CreateKey"),
        (.tencent, "name/kms.GetKeyAttributes", "name/kms:GetKeyAttributes"),
        (.tencent, "kms.GetServiceStatus", "name/kms:GetServiceStatus"),
        (.tencent, "kms::GenerateDataKey", "name/kms:GenerateDataKey"),
        (.tencent, "kms>listkeydetail", "name/kms:ListKeyDetail"),
        (.tencent, "kms>*", "name/kms:*"),
        (.tencent, "name/kms>Describe*", "name/kms:Describe*"),
        (.tencent, "Encrypt", "name/kms:Encrypt"),
        (.tencent, "name/kms:Encypt", "name/kms:Encrypt"),
        (.tencent, "name/kms:Ecnrypt", "name/kms:Encrypt"),
        (.tencent, "name/kms:DescribKeys", "name/kms:DescribeKeys"),
        (.tencent, "name/km:Decrypt", "name/kms:Decrypt"),
        (.tencent, "kms", "name/kms:*"),
        (.tencent, "name/claviger:CreateUsers", "name/claviger:CreateUser"),
        (.alibaba, "kms:AsymetricSign", "kms:AsymmetricSign"),
        (.alibaba, "kms.Encrypt", "kms:Encrypt"),
        (.alibaba, "GetSecretValue", "kms:GetSecretValue"),
        (.huawei, "kms:cmk:crypt", "kms:cmk:crypto"),
        (.huawei, "kms:*", "kms:*:*"),
        (.huawei, "*", "*:*:*"),
        (.huawei, "kms:cmk", "kms:cmk:*"),
        (.huawei, "kms.dek.create", "kms:dek:create"),
    ])
    func `What was probably meant by a mistyped action is told`(
        language: PolicyLanguage, action: String, suggestion: String
    ) {
        expect(
            Self.statement(language, action: action),
            "line 1, column \(Self.actionColumn(language)): \"\(action)\" is no action; did you mean \"\(suggestion)\"?"
        )
    }

    @Test(arguments: [
        (PolicyLanguage.tencent, "name/kms:Fly"), (.tencent, ""), (.tencent, "name/"), (.tencent, "kms:Fly*"),
        (.tencent, "kms:*:*"), (.tencent, "name/kms:Encryp?"), (.alibaba, "oss:PutObject"), (.alibaba, "??"),
        (.huawei, "obs:bucket:HeadBucket"),
    ])
    func `What fits no action and is near to none is refused without a guess`(language: PolicyLanguage, action: String)
    {
        let message = message(Self.statement(language, action: action), .identity, nil) ?? ""
        #expect(message.hasPrefix("line 1, column \(Self.actionColumn(language)): \"\(action)\" is no action"))
    }

    @Test(arguments: [
        (PolicyLanguage.tencent, "name/cam:AddUser", "name/claviger:CreateUser"),
        (.tencent, "cam:*", "name/claviger:CreateUser"), (.alibaba, "ram:CreateUser", "claviger:CreateUser"),
        (.huawei, "iam:users:createUser", "claviger:users:create"),
    ])
    func `Who looks for the vendor's identity service is told ours`(
        language: PolicyLanguage, action: String, ours: String
    ) {
        expect(
            Self.statement(language, action: action),
            "line 1, column \(Self.actionColumn(language)): \"\(action)\" is no action; "
                + "users and policies are administered here by actions such as \"\(ours)\"")
    }

    private static func statement(_ language: PolicyLanguage, action: String) -> String {
        switch language {
        case .tencent: #"{"version":"2.0","statement":{"action":"\#(action)","effect":"allow","resource":"*"}}"#
        case .alibaba: #"{"Version":"1","Statement":{"Action":"\#(action)","Effect":"Allow","Resource":"*"}}"#
        case .huawei: #"{"Version":"1.1","Statement":{"Action":"\#(action)","Effect":"Allow"}}"#
        }
    }

    private static func actionColumn(_ language: PolicyLanguage) -> Int {
        switch language {
        case .tencent, .huawei: 40
        case .alibaba: 38
        }
    }

    // MARK: resources

    @Test(arguments: [
        (
            "qcs::kms:*",
            #"resources are written "qcs::kms:REGION:uin/ACCOUNT:key/creatorUin/CREATOR/KEY", everything is "*""#
        ),
        (
            "acs:kms:*:*:key/*",
            #"resources are written "qcs::kms:REGION:uin/ACCOUNT:key/creatorUin/CREATOR/KEY", everything is "*""#
        ),
        ("qcs:id/0:kms:::key/*", #"there are no projects here; leave "id/0" out"#),
        ("qcs::cos:::key/*", #""cos" is no service"#),
        ("qcs::kmss:::key/*", #""kmss" is no service; did you mean "kms"?"#),
        ("qcs::kms::uin/7:key/*", #""uin/7" is another account; this one is "uin/100000000001""#),
        ("qcs::kms:ap-guangzhu::key/*", #"there is no region "ap-guangzhu"; did you mean "ap-guangzhou"?"#),
        ("qcs::kms:eu-*::key/*", #"there is no region "eu-*""#),
        (
            "qcs::claviger:ap-guangzhou::user/*",
            "users, groups, policies and projects belong to no region; leave it empty"
        ),
        ("qcs::kms:::keys/*", #""keys" is no kind of resource of this service; did you mean "key"?"#),
        ("qcs::kms:::user/alice", #""user" is no kind of resource of this service"#),
        ("qcs::kms:::key", #"a name is missing; all of the kind are "key/*""#),
        ("qcs::kms:::key/", "a name is missing"),
        (
            "qcs::kms:::key/0af10000-0000-4000-8000-00000000000a",
            #"a key is written "key/creatorUin/CREATOR/0af10000-0000-4000-8000-00000000000a", with "*" for any creator"#
        ),
        ("qcs::kms:::key/creatoruin/1/*", #"a key is written "key/creatorUin/CREATOR/KEY", with "*" for any creator"#),
        ("qcs::kms:::key/creatorUin/x/*", #""x" is no number of a creator"#),
        ("qcs::kms:::key/creatorUin/01/*", #""01" is no number of a creator"#),
        ("qcs::kms:::key/creatorUin/1/abc", #""abc" is no key id, which is a UUID in lower case"#),
        ("qcs::kms:::key/creatorUin/*/ABC", #""ABC" is no key id, which is a UUID in lower case"#),
        ("qcs::kms:::key/creatorUin/1", #"a key is written "key/creatorUin/CREATOR/KEY", with "*" for any"#),
        ("qcs::claviger:::server/x", "the server has no names"),
    ])
    func `Resources of CAM that cannot be are refused`(resource: String, reason: String) {
        expect(
            #"{"version":"2.0","statement":{"resource":"\#(resource)","effect":"allow","action":"*"}}"#,
            "line 1, column 42: \"\(resource)\" names no resource: \(reason)")
    }

    @Test(arguments: [
        ("acs:kms:*", #"resources are written "acs:kms:REGION:ACCOUNT:key/KEY", everything is "*""#),
        ("acs:kms::7:key/*", #""7" is another account; this one is "100000000001""#),
        ("acs:kms:ap-guangzhou::key/*", #"there is no region "ap-guangzhou""#),
        ("acs:kms:::key/1", #""1" is no key id, which is a UUID in lower case"#),
        ("acs:kms:::Key/*", #""Key" is no kind of resource of this service; did you mean "key"?"#),
    ])
    func `Resources of RAM that cannot be are refused`(resource: String, reason: String) {
        expect(
            #"{"Version":"1","Statement":{"NotResource":["*","\#(resource)"],"Effect":"Deny","Action":"*"}}"#,
            "line 1, column 48: \"\(resource)\" names no resource: \(reason)")
    }

    @Test(arguments: [
        ("kms:*:*", #"resources are written "kms:REGION:DOMAIN:KeyId:KEY", everything is "*""#),
        ("kms::ff:KeyId:*", #""ff" is another account; this one is "00112233445566778899aabbccddeeff""#),
        ("kms:::keyId:*", #""keyId" is no kind of resource of this service; did you mean "KeyId"?"#),
        ("kms:::KeyId", #"a name is missing; all of the kind are "KeyId:*""#),
    ])
    func `Resources of IAM that cannot be are refused`(resource: String, reason: String) {
        expect(
            #"{"Version":"1.1","Statement":{"Resource":"\#(resource)","Effect":"Deny","Action":"*:*:*"}}"#,
            "line 1, column 42: \"\(resource)\" names no resource: \(reason)")
    }

    // MARK: conditions

    @Test(arguments: [
        (#"{"string_equals":{}}"#, 83, #""string_equals" is no operator; did you mean "string_equal"?"#),
        (
            #"{"for_any_value:string_lik_if_exist":{}}"#, 83,
            #""for_any_value:string_lik_if_exist" is no operator; did you mean "for_any_value:string_like_if_exist"?"#
        ),
        (#"{"StringEquals":{}}"#, 83, #""StringEquals" is no operator; did you mean "string_equal"?"#),
        (#"{"string_equal":{}}"#, 98, #""string_equal" compares nothing"#),
        (#"{"string_equal":[]}"#, 98, "an operator is an object"),
        (#"[]"#, 82, "a condition is an object"),
        (#"{"ip_equal":{"qcs:ips":"1.1.1.1"}}"#, 95, #""qcs:ips" is no condition key; did you mean "qcs:ip"?"#),
        (
            #"{"string_equal":{"kms:EncryptionContext:":"a"}}"#, 99,
            #""kms:EncryptionContext:" is no condition key; did you mean "kms:EncryptionContext:"?"#
        ),
        (#"{"string_equal":{"aws:sourceVpc":"a"}}"#, 99, #""aws:sourceVpc" is no condition key"#),
        (#"{"string_equal":{"qcs:ip":"a"}}"#, 99, #""string_equal" does not fit "qcs:ip", which is an address"#),
        (
            #"{"ip_equal":{"qcs:current_time":"a"}}"#, 95,
            #""ip_equal" does not fit "qcs:current_time", which is a time"#
        ),
        (#"{"date_equal":{"qcs:mfa":"a"}}"#, 97, #""date_equal" does not fit "qcs:mfa", which is true or false"#),
        (#"{"bool_equal":{"qcs:username":"a"}}"#, 97, #""bool_equal" does not fit "qcs:username", which is text"#),
        (
            #"{"ip_equal":{"qcs:ip":["1.1.1.1","1.1.1"]}}"#, 115,
            #""1.1.1" is no address; addresses are written "192.0.2.1", "192.0.2.0/24" or "2001:db8::/32""#
        ),
        (
            #"{"date_equal":{"qcs:current_time":"2026-02-29T00:00:00Z"}}"#, 116,
            #""2026-02-29T00:00:00Z" is no time; times are written "2026-01-31T12:00:00Z" or in seconds since 1970"#
        ),
        (#"{"numeric_equal":{"qcs:uin":"1e3"}}"#, 110, #""1e3" is no number"#),
        (#"{"bool_equal":{"qcs:mfa":"no"}}"#, 107, #""no" is neither true nor false"#),
        (#"{"null_equal":{"qcs:mfa":1}}"#, 107, #""1" is neither true nor false"#),
        (
            #"{"null_equal_if_exist":{"qcs:mfa":true}}"#, 83,
            #""null_equal" asks whether something is there; it has no other forms"#
        ),
        (#"{"string_equal":{"qcs:username":[]}}"#, 114, "the list is empty"),
        (#"{"string_equal":{"qcs:username":null}}"#, 114, "a value is text, a number, true, false, or a list of them"),
        (
            #"{"string_equal":{"qcs:username":["a",["b"]]}}"#, 119,
            "a value is text, a number, true, false, or a list of them"
        ),
    ])
    func `Conditions that cannot be are refused`(condition: String, column: Int, reason: String) {
        expect(
            #"{"version":"2.0","statement":{"resource":"*","effect":"allow","action":"*","condition":\#(condition)}}"#,
            "line 1, column \(column + 6): \(reason)")
    }

    // MARK: the frame

    @Test(arguments: [
        ("", "line 1, column 1: a value is expected"),
        ("[]", "line 1, column 1: a policy is an object"),
        ("{}", #"line 1, column 1: "version" is missing"#),
        (#"{"version":"2.0"}"#, #"line 1, column 1: "statement" is missing"#),
        (#"{"version":"1","statement":[]}"#, #"line 1, column 12: the version of this language is "2.0""#),
        (#"{"version":2.0,"statement":[]}"#, #"line 1, column 12: the version of this language is "2.0""#),
        (
            #"{"Version":"2.0","statement":[]}"#,
            #"line 1, column 2: a policy has no "Version"; did you mean "version"?"#
        ),
        (#"{"version":"2.0","statement":[]}"#, "line 1, column 30: a policy has one statement at least"),
        (#"{"version":"2.0","statement":[7]}"#, "line 1, column 31: a statement is an object"),
        (#"{"version":"2.0","version":"2.0"}"#, "line 1, column 27: a name is given twice"),
        (#"{"version":"2.0","statement":[{}]}"#, #"line 1, column 31: "effect" is missing"#),
        (
            #"{"version":"2.0","statement":[{"effect":"permit"}]}"#,
            #"line 1, column 41: an effect is "allow" or "deny""#
        ),
        (#"{"version":"2.0","statement":[{"effect":"allow"}]}"#, #"line 1, column 31: "action" is missing"#),
        (
            #"{"version":"2.0","statement":[{"effect":"allow","action":"*"}]}"#,
            #"line 1, column 31: "resource" is missing"#
        ),
        (#"{"version":"2.0","statement":[{"effect":"allow","action":[]}]}"#, "line 1, column 58: the list is empty"),
        (
            #"{"version":"2.0","statement":[{"effect":"allow","action":{}}]}"#,
            "line 1, column 58: an action is text or a list of texts"
        ),
        (
            #"{"version":"2.0","statement":[{"effect":"allow","action":["*",1]}]}"#,
            "line 1, column 63: an action is text or a list of texts"
        ),
        (
            #"{"version":"2.0","statement":[{"effect":"allow","not_action":"*"}]}"#,
            #"line 1, column 49: a statement has no "not_action""#
        ),
        (
            #"{"version":"2.0","statement":[{"effect":"allow","actions":"*"}]}"#,
            #"line 1, column 49: a statement has no "actions"; did you mean "action"?"#
        ),
        (
            #"{"version":"2.0","statement":[{"effect":"allow","action":"*","resource":"*","principal":"*"}]}"#,
            "line 1, column 89: a policy of users and groups is about who has it; only a key's policy has a principal"
        ),
        (
            #"{"Version":"1","Statement":[{"Effect":"allow","Action":"*","Resource":"*"}]}"#,
            #"line 1, column 39: an effect is "Allow" or "Deny""#
        ),
        (
            #"{"Version":"1","Statement":[{"Effect":"Allow","Action":"*","NotAction":"*","Resource":"*"}]}"#,
            #"line 1, column 72: "Action" and "NotAction" exclude each other"#
        ),
        (
            #"{"Version":"1","Statement":[{"Effect":"Allow","Action":"*","Resource":"*","NotResource":"*"}]}"#,
            #"line 1, column 89: "Resource" and "NotResource" exclude each other"#
        ),
        (
            #"{"Version":"1","Statement":[{"Effect":"Allow","Action":"*"}]}"#,
            #"line 1, column 29: "Resource" is missing"#
        ),
        (
            #"{"Version":"1.1","Statement":[{"Effect":"Allow","NotAction":["*:*:*"]}]}"#,
            #"line 1, column 49: a statement has no "NotAction""#
        ),
    ])
    func `Documents that are no policies are refused`(text: String, message: String) {
        expect(text, message)
    }

    @Test func `A document in another language than it is said to be is refused`() {
        expect(
            #"{"Version":"1","Statement":[]}"#, #"line 1, column 12: the version of this language is "1.1""#,
            in: .huawei)
    }

    @Test func `Documents have at most 16 KiB and 100 statements`() throws {
        let statement = #"{"effect":"allow","action":"*","resource":"*"}"#
        func document(_ count: Int) -> String {
            let list = Array(repeating: statement, count: count).joined(separator: ",")
            return #"{"version":"2.0","statement":[\#(list)]}"#
        }
        #expect(try PolicyFixture.policy(document(100)).statements.count == 100)
        expect(document(101), "line 1, column 30: a policy has at most 100 statements")
        let padding = String(repeating: " ", count: 16384 - document(1).utf8.count)
        #expect(try PolicyFixture.policy(document(1) + padding).statements.count == 1)
        expect(document(1) + padding + " ", "a policy has at most 16384 bytes, this one has 16385")
    }

    private static func text(_ count: Int) -> String { String(repeating: "a", count: count) }

    /// What is in a document around a text that goes on.
    private static let places = [
        (#"{"version":"2.0","statement":{"effect":"allow","action":"*","resource":"qcs::kms:::secret/"#, #""}}"#),
        (
            #"{"version":"2.0","statement":{"effect":"allow","action":"*","resource":"*","condition":{"string_equal":{"qcs:uin":"a"#,
            #""}}}}"#
        ),
        (
            #"{"version":"2.0","statement":{"effect":"allow","action":"*","resource":"*","condition":{"null_equal":{"qcs:request_tag/"#,
            #"":true}}}}"#
        ),
        (
            #"{"Version":"1.1","Statement":{"Effect":"Allow","Action":"*:*:*","Principal":{"IAM":"iam::00112233445566778899aabbccddeeff:user:"#,
            #""}}}"#
        ),
        (#"{"Version":"1.1","Statement":{"Effect":"Allow","Action":"kms:cmk:*"#, #""}}"#),
    ]

    @Test(arguments: places)
    func `A text has at most 512 bytes`(before: String, behind: String) throws {
        let kind: PolicyKind = before.contains("Principal") ? .key : .identity
        let column = before.count - (before.split(separator: "\"").last?.count ?? 0)
        let filler = before.last == "*" ? "*" : "a"
        func document(_ count: Int) -> String {
            before + String(repeating: filler, count: count + column - before.count) + behind
        }
        #expect(throws: Never.self) { try PolicyFixture.policy(document(512), for: kind) }
        expect(document(513), "line 1, column \(column): a text has at most 512 bytes, this one has 513", for: kind)
    }

    @Test func `A pattern with question marks has at most 256 bytes`() throws {
        func resource(_ name: String) -> String {
            #"{"Version":"1","Statement":{"Effect":"Allow","Action":"*","Resource":"acs:kms:::secret/\#(name)"}}"#
        }
        func condition(_ symbol: String, _ value: String) -> String {
            #"{"Version":"1","Statement":{"Effect":"Allow","Action":"*","Resource":"*","Condition":{"\#(symbol)":{"kms:tag/a":"\#(value)"}}}}"#
        }
        func user(_ name: String) -> String {
            #"{"Version":"1","Statement":{"Effect":"Allow","Action":"*","Principal":{"RAM":"acs:ram::100000000001:user/\#(name)"}}}"#
        }
        let words = { (column: Int) in
            "line 1, column \(column): a pattern with \"?\" has at most 256 bytes, this one has 257"
        }
        let prefix = "acs:kms:::secret/".utf8.count
        #expect(throws: Never.self) { try PolicyFixture.policy(resource(Self.text(255 - prefix) + "?")) }
        #expect(throws: Never.self) { try PolicyFixture.policy(resource(Self.text(257 - prefix))) }
        expect(resource(Self.text(256 - prefix) + "?"), words(70))
        #expect(throws: Never.self) { try PolicyFixture.policy(condition("StringLike", Self.text(255) + "?")) }
        #expect(throws: Never.self) { try PolicyFixture.policy(condition("StringEquals", Self.text(256) + "?")) }
        expect(condition("StringLike", Self.text(256) + "?"), words(113))
        expect(user("?" + Self.text(256 - "acs:ram::100000000001:user/".utf8.count)), words(78), for: .key)
    }

    @Test func `A policy has at most 250 resources and values of conditions in all`() throws {
        func document(_ resources: Int, _ values: Int) -> String {
            let resources = Array(repeating: "\"*\"", count: resources).joined(separator: ",")
            let values = Array(repeating: "1", count: values).joined(separator: ",")
            return """
                {"version":"2.0","statement":[{"effect":"allow","action":["*","*"],"resource":[\(resources)]},
                {"effect":"deny","action":"*","resource":"*","condition":{"numeric_equal":{"qcs:uin":[\(values)]}}}]}
                """
        }
        #expect(throws: Never.self) { try PolicyFixture.policy(document(100, 149)) }
        expect(
            document(100, 150),
            "line 2, column 385: a policy has at most 250 resources and values of conditions in all")
        expect(
            document(250, 1), "line 2, column 42: a policy has at most 250 resources and values of conditions in all")
    }

    @Test func `What is stored already is under no limit but that of its bytes`() throws {
        let statement = #"{"effect":"allow","action":"*","resource":["*","*"]}"#
        let list = Array(repeating: statement, count: 200).joined(separator: ",")
        let long = #"{"effect":"allow","action":"*","resource":"qcs::kms:::secret/\#(Self.text(600))"}"#
        let document = PolicyDocument(language: .tencent, text: #"{"version":"2.0","statement":[\#(long),\#(list)]}"#)
        let policy = PolicyFixture.reader.readStored(
            document, named: "policy", for: .identity, account: PolicyFixture.account)
        #expect(policy.statements.count == 201)
    }

    @Test func `Long text and control characters are cited briefly and on one line`() {
        let long = String(repeating: "x", count: 200)
        expect(
            Self.statement(.tencent, action: long),
            "line 1, column 40: \"\(String(repeating: "x", count: 120))…\" is no action")
        expect(
            Self.statement(.tencent, action: #"a\n\"b\u0000"#),
            #"line 1, column 40: "a\n\"b\0" is no action"#)
    }

    // MARK: policies of keys

    @Test(arguments: [
        (
            #"{"version":"2.0","statement":{"effect":"allow","action":"*"}}"#,
            #"line 1, column 30: "principal" is missing"#
        ),
        (
            #"{"version":"2.0","statement":{"effect":"allow","action":"*","principal":"alice"}}"#,
            #"line 1, column 73: a principal is written {"qcs": ["qcs::cam::uin/ACCOUNT:uin/USER"]}, everybody is "*""#
        ),
        (
            #"{"version":"2.0","statement":{"effect":"allow","action":"*","principal":{"RAM":["*"]}}}"#,
            #"line 1, column 74: "RAM" is no kind of principal; did you mean "qcs"?"#
        ),
        (
            #"{"version":"2.0","statement":{"effect":"allow","action":"*","principal":{}}}"#,
            #"line 1, column 73: "qcs" is missing"#
        ),
        (
            #"{"version":"2.0","statement":{"effect":"allow","action":"*","principal":{"qcs":["qcs::cam::uin/1:root"]}}}"#,
            #"line 1, column 81: "qcs::cam::uin/1:root" is no principal; one is written "qcs::cam::uin/ACCOUNT:uin/USER", everybody "*""#
        ),
        (
            #"{"Version":"1","Statement":{"Effect":"Allow","Action":"*","Principal":{"RAM":["acs:ram::1:role/a"]}}}"#,
            #"line 1, column 79: "acs:ram::1:role/a" is no principal; one is written "acs:ram::ACCOUNT:user/NAME", everybody "*""#
        ),
        (
            #"{"Version":"1.1","Statement":{"Effect":"Allow","Action":"*:*:*","Principal":{"IAM":["iam::ff:user:"]}}}"#,
            #"line 1, column 85: "iam::ff:user:" is no principal; one is written "iam::DOMAIN:user:NAME", everybody "*""#
        ),
    ])
    func `Policies of keys say properly for whom they are`(text: String, message: String) {
        expect(text, message, for: .key)
    }
}
