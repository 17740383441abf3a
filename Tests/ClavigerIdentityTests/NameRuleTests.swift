import ClavigerCore
import ClavigerIdentity
import Testing

@Suite struct NameRuleTests {
    static let longest = String(repeating: "a", count: 64)

    @Test(
        arguments: [
            (NameRule.account, "abc"), (.account, "my-account_2.test"), (.account, longest), (.account, "12a"),
            (.user, "a"), (.user, "alice@example.com"), (.user, "a+b=c,d.e_f-g"), (.user, "12"), (.user, longest),
            (.group, "readers"), (.policy, "key-policy2"), (.policy, "key-grants"), (.policy, "x"),
        ])
    func `Names of the allowed characters are taken`(rule: NameRule, name: String) throws {
        try rule.check(name)
    }

    @Test(
        arguments: [
            (NameRule.account, "ab"), (.account, ""), (.account, longest + "a"), (.account, "a@bc"), (.account, "123"),
            (.account, "a b c"), (.account, "..."), (.user, ""), (.user, longest + "a"), (.user, "a/b"), (.user, "."),
            (.user, ".."), (.user, "ä"), (.user, "a\n"), (.user, "a:b"), (.user, "a*"), (.group, "a%b"),
            (.policy, "key-policy"), (.policy, "key-grant"), (.policy, "a#1"), (.policy, "a b"),
        ])
    func `Other names are refused`(rule: NameRule, name: String) {
        let error = #expect(throws: KMSError.self) { try rule.check(name) }
        #expect(error?.code == .invalidName)
    }
}
