import ClavigerCore
import Testing

@Suite struct PolicyConditionTests {
    private static let tags = [KeyTag(key: "stage", value: "Test"), KeyTag(key: "cost", value: "9.50")]
    private static let key = PolicyFixture.key(
        PolicyFixture.alicesKeyID, madeBy: PolicyFixture.alice.number, tags: tags)

    /// The call: alice from 192.0.2.7 on 2026-01-15 at noon UTC.
    private func holds(_ condition: String) throws -> Bool {
        let isTencent = condition.contains("_")
        let isHuawei = condition.contains("g:") || condition.contains("Number") || condition.contains("With")
        let text =
            isTencent
            ? #"{"version":"2.0","statement":{"effect":"allow","action":"*","resource":"*","condition":\#(condition)}}"#
            : isHuawei
                ? #"{"Version":"1.1","Statement":{"Effect":"Allow","Action":"*:*:*","Condition":\#(condition)}}"#
                : #"{"Version":"1","Statement":{"Effect":"Allow","Action":"*","Resource":"*","Condition":\#(condition)}}"#
        let facts = try PolicyFixture.facts(
            now: 1_768_478_400, context: #"{"tenant":"blue","size":10,"empty":"","b*":"x"}"#,
            tags: [KeyTag(key: "stage", value: "new")])
        return try PolicyFixture.decide([PolicyFixture.policy(text)], .encrypt, Self.key, facts: facts).allows
    }

    @Test(arguments: [
        // Text
        #"{"string_equal":{"qcs:username":"alice"}}"#,
        #"{"string_equal":{"qcs:username":["bob","alice"]}}"#,
        #"{"string_not_equal":{"qcs:username":["bob","Alice"]}}"#,
        #"{"string_equal_ignore_case":{"qcs:username":"ALICE"}}"#,
        #"{"string_not_equal_ignore_case":{"qcs:username":"BOB"}}"#,
        #"{"string_like":{"qcs:username":"a*e"}}"#,
        #"{"string_not_like":{"qcs:username":["b*","alic?"]}}"#,
        #"{"string_equal":{"qcs:uin":100000000002}}"#,
        #"{"StringLike":{"acs:PrincipalUsername":"ali?e"}}"#,
        #"{"StringEquals":{"g:UserName":"alice","g:UserId":"aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa"}}"#,
        #"{"StringStartWith":{"g:UserName":["b","ali"]}}"#,
        #"{"StringNotStartWith":{"g:UserName":"lice"}}"#,
        #"{"StringEndWith":{"g:UserName":"ice"}}"#,
        #"{"StringNotEndWith":{"g:UserName":["a","ic"]}}"#,
        // Numbers
        #"{"numeric_equal":{"qcs:resource_tag/cost":9.5}}"#,
        #"{"numeric_not_equal":{"qcs:resource_tag/cost":["9","9.51"]}}"#,
        #"{"numeric_less_than":{"qcs:resource_tag/cost":"10"}}"#,
        #"{"numeric_less_than_equal":{"qcs:uin":"100000000002"}}"#,
        #"{"NumericGreaterThan":{"kms:tag/cost":"-10"}}"#,
        #"{"NumberGreaterThanEquals":{"g:ResourceTag/cost":"9.500"}}"#,
        #"{"numeric_not_equal":{"qcs:username":"1"}}"#,
        // Times
        #"{"date_equal":{"qcs:current_time":"2026-01-15T12:00:00Z"}}"#,
        #"{"date_equal":{"qcs:current_time":1768478400}}"#,
        #"{"date_equal":{"qcs:current_time":"2026-01-15T20:00:00+08:00"}}"#,
        #"{"date_not_equal":{"qcs:current_time":"2026-01-15T12:00:01Z"}}"#,
        #"{"date_less_than":{"qcs:current_time":"2026-01-15T12:00:01Z"}}"#,
        #"{"DateLessThanEquals":{"acs:CurrentTime":"2026-01-15T12:00:00Z"}}"#,
        #"{"DateGreaterThan":{"g:CurrentTime":"2026-01-15T11:59:59Z"}}"#,
        #"{"DateGreaterThan":{"acs:CurrentTime":"2024-02-29T00:00:00Z"},"DateLessThan":{"acs:CurrentTime":"2028-02-29T00:00:00Z"}}"#,
        // The second factor
        #"{"bool_equal":{"qcs:mfa":"false"}}"#,
        #"{"Bool":{"acs:MFAPresent":[true,false]}}"#,
        #"{"Bool":{"g:MFAPresent":"False"}}"#,
        // Addresses
        #"{"ip_equal":{"qcs:ip":["10.0.0.0/8","192.0.2.0/24"]}}"#,
        #"{"ip_not_equal":{"qcs:ip":["10.0.0.0/8","192.0.2.8","::/0"]}}"#,
        #"{"IpAddress":{"acs:SourceIp":"::ffff:192.0.2.7"}}"#,
        #"{"NotIpAddress":{"g:SourceIp":"192.0.2.0/30"}}"#,
        // Tags and context
        #"{"string_equal":{"qcs:resource_tag":"stage&Test"}}"#,
        #"{"string_equal":{"qcs:request_tag":["stage&old","stage&new"]}}"#,
        #"{"StringEquals":{"kms:tag/stage":"Test","acs:ResourceTag/cost":"9.50","acs:RequestTag/stage":"new"}}"#,
        #"{"StringEquals":{"kms:EncryptionContext:tenant":"blue"}}"#,
        #"{"string_equal":{"kms:EncryptionContext:b*":"x"}}"#,
        // Lists
        #"{"string_not_equal":{"qcs:resource_tag":"stage&other"}}"#,
        #"{"for_any_value:string_not_equal":{"qcs:resource_tag":"stage&Test"}}"#,
        #"{"for_all_value:string_like":{"qcs:resource_tag":["stage&*","cost&*"]}}"#,
        #"{"for_all_value:string_equal":{"qcs:resource_tag/none":"x"}}"#,
        #"{"for_all_value:string_not_equal":{"qcs:resource_tag":["x","y"]}}"#,
        #"{"ForAnyValue:StringEquals":{"acs:PrincipalUsername":["alice"]}}"#,
        // What is missing
        #"{"string_not_equal":{"qcs:resource_tag/none":"x"}}"#,
        #"{"string_equal_if_exist":{"qcs:resource_tag/none":"x"}}"#,
        #"{"for_any_value:string_equal_if_exist":{"qcs:resource_tag/none":"x"}}"#,
        #"{"StringEqualsIfExists":{"kms:EncryptionContext:size":"x"}}"#,
        #"{"null_equal":{"qcs:resource_tag/none":"true"}}"#,
        #"{"null_equal":{"qcs:mfa":false}}"#,
        #"{"Null":{"kms:EncryptionContext:size":"true"}}"#,
        #"{"IsNullOrEmpty":{"g:ResourceTag/none":"true"}}"#,
        #"{"IsNullOrEmpty":{"kms:EncryptionContext:empty":true,"g:UserName":false}}"#,
        #"{"IsNotNullOrEmpty":{"g:UserName":"true","kms:EncryptionContext:empty":"false"}}"#,
        #"{"string_equal":{"qcs:username":"alice","qcs:uin":"100000000002"}}"#,
    ])
    func `Conditions that fit the call hold`(condition: String) throws {
        #expect(try holds(condition))
    }

    @Test(arguments: [
        #"{"string_equal":{"qcs:username":"Alice"}}"#,
        #"{"string_not_equal":{"qcs:username":["bob","alice"]}}"#,
        #"{"string_equal":{"qcs:username":"a*"}}"#,
        #"{"string_equal_ignore_case":{"qcs:username":"alic"}}"#,
        #"{"string_like":{"qcs:username":"ali?e"}}"#,
        #"{"StringNotLike":{"acs:PrincipalUsername":["b*","alic?"]}}"#,
        #"{"StringStartWith":{"g:UserName":"lice"}}"#,
        #"{"StringEndWith":{"g:UserName":"ic"}}"#,
        #"{"string_equal":{"qcs:username":"alice","qcs:uin":"1"}}"#,
        #"{"string_equal":{"qcs:username":"alice"},"ip_equal":{"qcs:ip":"10.0.0.1"}}"#,
        #"{"numeric_equal":{"qcs:username":"1"}}"#,
        #"{"numeric_less_than":{"qcs:resource_tag/cost":"9.5"}}"#,
        #"{"numeric_greater_than":{"qcs:uin":"100000000002"}}"#,
        #"{"date_less_than":{"qcs:current_time":"2026-01-15T12:00:00Z"}}"#,
        #"{"date_greater_than_equal":{"qcs:current_time":"2026-01-15T12:00:01Z"}}"#,
        #"{"date_not_equal":{"qcs:current_time":["2026-01-15T04:00:00-08:00"]}}"#,
        #"{"bool_equal":{"qcs:mfa":"true"}}"#,
        #"{"IpAddress":{"acs:SourceIp":["192.0.2.8","192.0.3.0/24","::/0"]}}"#,
        #"{"NotIpAddress":{"acs:SourceIp":["10.0.0.0/8","192.0.2.0/24"]}}"#,
        #"{"string_equal":{"qcs:resource_tag":"stage&test"}}"#,
        #"{"string_equal":{"qcs:resource_tag/Stage":"Test"}}"#,
        #"{"string_not_equal":{"qcs:resource_tag":["cost&9.50"]}}"#,
        #"{"for_all_value:string_equal":{"qcs:resource_tag":["stage&Test"]}}"#,
        #"{"for_any_value:string_equal":{"qcs:resource_tag/none":"x"}}"#,
        #"{"for_any_value:string_not_equal":{"qcs:resource_tag/none":"x"}}"#,
        #"{"string_equal":{"qcs:resource_tag/none":""}}"#,
        #"{"string_equal_if_exist":{"qcs:username":"bob"}}"#,
        #"{"StringEquals":{"kms:EncryptionContext:size":"10"}}"#,
        #"{"StringEquals":{"acs:RequestTag/cost":"9.50"}}"#,
        #"{"null_equal":{"qcs:username":"true"}}"#,
        #"{"IsNotNullOrEmpty":{"kms:EncryptionContext:empty":"true","g:UserName":"true"}}"#,
    ])
    func `Conditions that do not fit the call do not hold`(condition: String) throws {
        #expect(try !holds(condition))
    }

    @Test func `A caller without an address is nowhere`() throws {
        let facts = try PolicyFixture.facts(source: "local")
        for (condition, holds) in [("ip_equal", false), ("ip_not_equal", true), ("ip_equal_if_exist", true)] {
            let text = #"""
                {"version":"2.0","statement":{"effect":"allow","action":"*","resource":"*",
                 "condition":{"\#(condition)":{"qcs:ip":"0.0.0.0/0"}}}}
                """#
            #expect(
                try PolicyFixture.decide([PolicyFixture.policy(text)], .encrypt, Self.key, facts: facts).allows == holds
            )
        }
    }

    // MARK: long text

    private static let conditions = [
        (#"{"string_equal":{"kms:EncryptionContext:tenant":"blue"}}"#, false),
        (#"{"string_not_equal":{"kms:EncryptionContext:tenant":"blue"}}"#, true),
        (#"{"string_like":{"kms:EncryptionContext:tenant":"*"}}"#, true),
        (#"{"string_not_like":{"kms:EncryptionContext:tenant":"*"}}"#, false),
        (#"{"string_equal_ignore_case_if_exist":{"kms:EncryptionContext:tenant":"blue"}}"#, false),
        (#"{"for_all_value:string_not_equal":{"kms:EncryptionContext:tenant":"blue"}}"#, true),
        (#"{"numeric_less_than":{"kms:EncryptionContext:tenant":"1"}}"#, false),
        (#"{"string_like":{"qcs:resource_tag":"stage&*"}}"#, true),
        (#"{"string_equal":{"qcs:request_tag/stage":"new"}}"#, false),
    ]

    /// Whether an allowing statement with a condition lets a call through, and whether a denying one stops it, for a
    /// value of that many bytes.
    private func counts(_ condition: String, _ length: Int) throws -> (allow: Bool, deny: Bool) {
        let value = String(repeating: "x", count: length)
        let facts = try PolicyFixture.facts(
            context: #"{"tenant":"\#(value)"}"#, tags: [KeyTag(key: "stage", value: value)])
        // The list has the name and a mark before the value.
        let tags = [KeyTag(key: "stage", value: String(value.dropLast("stage&".count)))]
        let key = PolicyFixture.key(PolicyFixture.alicesKeyID, madeBy: PolicyFixture.alice.number, tags: tags)
        func decide(_ statements: String...) throws -> Bool {
            let list = statements.joined(separator: ",")
            let policy = try PolicyFixture.policy(#"{"version":"2.0","statement":[\#(list)]}"#)
            return try PolicyFixture.decide([policy], .encrypt, key, facts: facts).allows
        }
        let members = #""action":"*","resource":"*""#
        return (
            try decide(#"{"effect":"allow",\#(members),"condition":\#(condition)}"#),
            try !decide(
                #"{"effect":"allow",\#(members)}"#, #"{"effect":"deny",\#(members),"condition":\#(condition)}"#)
        )
    }

    @Test(arguments: conditions)
    func `Text of 1024 bytes is compared`(condition: String, holds: Bool) throws {
        let counts = try counts(condition, 1024)
        #expect(counts.allow == holds && counts.deny == holds)
    }

    @Test(arguments: conditions)
    func `Longer text allows nothing and is denied what may be denied`(condition: String, holds: Bool) throws {
        let counts = try counts(condition, 1025)
        #expect(!counts.allow && counts.deny)
    }

    @Test func `That long text is there can be told`() throws {
        let counts = try counts(#"{"null_equal":{"kms:EncryptionContext:tenant":"false"}}"#, 1025)
        #expect(counts.allow && counts.deny)
        let others = try self.counts(#"{"null_equal":{"kms:EncryptionContext:tenant":"true"}}"#, 1025)
        #expect(!others.allow && !others.deny)
    }

    @Test func `A denial for another reason that does not hold is none, however long a text`() throws {
        let condition = #"{"string_equal":{"kms:EncryptionContext:tenant":"blue","qcs:username":"bob"}}"#
        #expect(try !counts(condition, 1025).deny)
    }
}
