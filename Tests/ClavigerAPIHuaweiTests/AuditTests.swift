import ClavigerAPI
import ClavigerCrypto
import NIOHTTP1
import Testing

/// What the audit log says of calls that were refused.
@Suite struct AuditTests {
    private static func lastEvent(_ fixture: HuaweiFixture) throws -> JSONValue {
        try #require(try fixture.events().last)
    }

    private static func resources(_ event: JSONValue) -> [String] {
        guard case .array(let resources) = event["resources"] else { return [] }
        return resources.compactMap(\.text)
    }

    @Test func `A refused decryption names the key of the ciphertext`() async throws {
        let fixture = try await HuaweiFixture()
        let key = try await fixture.createKey()
        let sealed = try await fixture.call("encrypt-data", "{\"key_id\":\"\(key)\",\"plain_text\":\"a\"}")
        let body = "{\"cipher_text\":\"\(try #require(sealed["cipher_text"]?.text))\"}"
        let user = try await fixture.user("kim")
        #expect(try await fixture.outcome("decrypt-data", body, client: user.client) == "KMS.0307")
        var event = try Self.lastEvent(fixture)
        #expect(Self.resources(event) == [key])
        #expect(event["principal"]?.text == "kim" && event["outcome"]?.text == "KMS.0307")

        try await fixture.call("disable-key", "{\"key_id\":\"\(key)\"}")
        #expect(try await fixture.outcome("decrypt-data", body) == "KMS.0209")
        event = try Self.lastEvent(fixture)
        #expect(Self.resources(event) == [key])
        #expect(event["action"]?.text == "decrypt-data")
    }

    @Test(arguments: [
        ("encrypt-data", "", "KMS.0204"), ("encrypt-data", ",\"plain_text\":\"a\",\"sequence\":\"short\"", "KMS.0206"),
        ("encrypt-data", ",\"plain_text\":\"\"", "KMS.2101"), ("enable-key", "", "KMS.1201"),
    ])
    func `Whatever a call is refused for, its key is named`(
        action: String, members: String, code: String
    ) async throws {
        let fixture = try await HuaweiFixture()
        let key = try await fixture.createKey()
        #expect(try await fixture.outcome(action, "{\"key_id\":\"\(key)\"\(members)}") == code)
        let event = try Self.lastEvent(fixture)
        #expect(Self.resources(event) == [key])
        #expect(event["outcome"]?.text == code)
    }

    @Test func `A call on another account's project says what was tried`() async throws {
        let fixture = try await HuaweiFixture()
        let stranger = fixture.otherClient
        let request = stranger.request(.POST, fixture.client.path("list-keys"), "{}").wire()
        #expect(try await fixture.answer(request).outcome == "KMS.0306")
        let event = try Self.lastEvent(fixture)
        #expect(event["action"]?.text == "list-keys" && event["principal"]?.text == "second")
    }

    @Test func `An absent tag has the code that clients see`() async throws {
        let fixture = try await HuaweiFixture()
        let key = try await fixture.createKey()
        let answer = try await fixture.answer(fixture.client.delete("\(key)/tags/none"))
        #expect(answer.status == 404 && answer.outcome == "KMS.0406")
        #expect(try Self.lastEvent(fixture)["outcome"]?.text == "KMS.0406")
    }
}
