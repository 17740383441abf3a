import ClavigerCore
import ClavigerCrypto
import ClavigerIdentity
import Testing

@testable import claviger

@Suite struct PolicyCheckTests {
    private static func check(
        _ text: String, _ language: PolicyLanguage? = nil, _ kind: PolicyKind = .identity
    ) throws(CommandFailure) -> JSONValue {
        try PolicyCheck.result(text, language, kind, "p.json")
    }

    @Test(arguments: [
        (#"{"version":"2.0","statement":{"effect":"allow","action":"kms:Encrypt","resource":"*"}}"#, "tencent", 1),
        (
            #"{"Version":"1","Statement":[{"Effect":"Deny","Action":"kms:*","Resource":"*"},"#
                + #"{"Effect":"Allow","Action":"kms:Encrypt","Resource":"*"}]}"#, "alibaba", 2
        ),
        (#"{"Version":"1.1","Statement":[{"Effect":"Allow","Action":["kms:cmk:create"]}]}"#, "huawei", 1),
    ])
    func `A policy is known by its version`(text: String, language: String, count: Int64) throws {
        let result = try Self.check(text)
        #expect(result["language"]?.text == language)
        #expect(result["statements"]?.integer == count)
    }

    @Test func `A fault is told with its file and its place`() {
        let text = """
            {
              "version": "2.0",
              "statement": {"effect": "allow", "action": "name/kms>ListKey", "resource": "*"}
            }
            """
        let error = #expect(throws: CommandFailure.self) { try Self.check(text) }
        #expect(
            error?.message
                == "p.json: line 3, column 46: \"name/kms>ListKey\" is no action; did you mean \"name/kms:ListKey\"?")
    }

    @Test func `What is no JSON is told with its place, too`() {
        let error = #expect(throws: CommandFailure.self) { try Self.check("{\n\"version\"\n") }
        #expect(error?.message.hasPrefix("p.json: line 3, column 1: ") == true)
    }

    @Test(arguments: ["{}", #"{"version":"7"}"#, "[]", "7"])
    func `What has no known version needs its language named`(text: String) {
        let error = #expect(throws: CommandFailure.self) { try Self.check(text) }
        #expect(error?.message == "p.json has no version of a known language")
    }

    @Test func `A language that is named counts`() {
        let text = #"{"version":"2.0","statement":{"effect":"allow","action":"kms:Encrypt","resource":"*"}}"#
        let error = #expect(throws: CommandFailure.self) { try Self.check(text, .huawei) }
        #expect(error?.code == "invalidPolicy")
    }

    @Test func `The policy of a key names its users`() throws {
        let text =
            #"{"version":"2.0","statement":{"principal":{"qcs":["*"]},"effect":"allow","action":"kms:Encrypt"}}"#
        #expect(try Self.check(text, nil, .key)["statements"]?.integer == 1)
        #expect(throws: CommandFailure.self) { try Self.check(text) }
    }
}
