import ClavigerCrypto
import Testing

@Suite struct EncryptionContextMembersTests {
    private static let text = #"""
        {"tenant":"blue","empty":"","number":7,"yes":true,"no":false,"nothing":null,"中文":"值","list":["tenant",{"deep":"x"}],
         "object":{"inner":"y","tenant":"red"},"zone":"z"}
        """#

    /// The context alone and beside additional data, some of which looks like members.
    private static func contexts() throws -> [EncryptionContext] {
        let context = try EncryptionContext(json: Array(text.utf8))
        let lookalike = try EncryptionContext(json: Array(#"{"other":"x","tenant":"green"}"#.utf8)).encoded
        return [context]
            + [[0], Array("data".utf8), lookalike, [UInt8](repeating: 1, count: 70_000)].map {
                EncryptionContext(context, additionalData: $0)
            }
    }

    @Test(arguments: [("tenant", "blue"), ("empty", ""), ("中文", "值"), ("zone", "z")])
    func `Members whose value is text are found, whatever data is beside them`(name: String, value: String) throws {
        for context in try Self.contexts() {
            let found = try #require(context.text(named: name))
            #expect(String(decoding: found, as: UTF8.self) == value)
        }
    }

    @Test(arguments: [
        "number", "yes", "no", "nothing", "list", "object", "inner", "deep", "other", "", "tenan", "tenants",
    ])
    func `Members of other kinds, of members, and unknown ones are not`(name: String) throws {
        for context in try Self.contexts() { #expect(context.text(named: name) == nil) }
    }

    @Test func `A context without members has none`() throws {
        #expect(EncryptionContext.empty.text(named: "") == nil)
        #expect(EncryptionContext(additionalData: [1, 0, 0, 0, 1]).text(named: "tenant") == nil)
        #expect(EncryptionContext(additionalData: []).text(named: "") == nil)
        let members = try EncryptionContext(json: Array(#"{"tenant":"blue"}"#.utf8)).encoded
        #expect(EncryptionContext(.empty, additionalData: members).text(named: "tenant") == nil)
    }
}
