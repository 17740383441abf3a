import ClavigerCrypto
import Testing

@Suite struct EncryptionContextMembersTests {
    private static let text = #"""
        {"tenant":"blue","empty":"","number":7,"yes":true,"no":false,"nothing":null,"中文":"值","list":["tenant",{"deep":"x"}],
         "object":{"inner":"y","tenant":"red"},"zone":"z"}
        """#

    @Test(arguments: [("tenant", "blue"), ("empty", ""), ("中文", "值"), ("zone", "z")])
    func `Members whose value is text are found`(name: String, value: String) throws {
        let context = try EncryptionContext(json: Array(Self.text.utf8))
        let found = try #require(context.text(named: name))
        #expect(String(decoding: found, as: UTF8.self) == value)
    }

    @Test(arguments: [
        "number", "yes", "no", "nothing", "list", "object", "inner", "deep", "other", "", "tenan", "tenants",
    ])
    func `Members of other kinds, of members, and unknown ones are not`(name: String) throws {
        let context = try EncryptionContext(json: Array(Self.text.utf8))
        #expect(context.text(named: name) == nil)
    }

    @Test func `A context without members has none`() {
        #expect(EncryptionContext.empty.text(named: "") == nil)
        #expect(EncryptionContext(additionalData: [1, 0, 0, 0, 1]).text(named: "tenant") == nil)
        #expect(EncryptionContext(additionalData: []).text(named: "") == nil)
    }
}
