import ClavigerAPI
import ClavigerCore
import ClavigerCrypto
import ClavigerTesting
import Testing

@testable import ClavigerAPIAlibaba

/// What the audit log says of calls.
@Suite struct AuditTests {
    private let fixture: AlibabaFixture

    init() async throws { fixture = try await AlibabaFixture() }

    private func lastEvent() throws -> JSONValue { try #require(try fixture.events().last) }

    private static func resources(_ event: JSONValue) -> [String] {
        guard case .array(let resources) = event["resources"] else { return [] }
        return resources.compactMap(\.text)
    }

    @Test(arguments: AlibabaClient.Form.allCases)
    func `A call is recorded with who, what, where and its outcome`(form: AlibabaClient.Form) async throws {
        let key = try await fixture.createKey()
        let answer = try await fixture.answer(fixture.client.request("DescribeKey", [("KeyId", key)], form: form))
        let event = try lastEvent()
        #expect(event["action"]?.text == "DescribeKey" && event["outcome"]?.text == "ok")
        #expect(event["account"]?.text == "100000000001" && event["principal"]?.text == "root")
        #expect(event["realm"]?.text == "south" && event["dialect"]?.text == "alibaba")
        #expect(event["request"]?.text == answer.requestID)
        #expect(Self.resources(event) == [key])
    }

    @Test func `Names of keys are recorded, and the keys that they mean`() async throws {
        let key = try await fixture.createKey()
        #expect(Self.resources(try lastEvent()) == [key])
        try await fixture.createAlias("app", for: key)
        #expect(Set(Self.resources(try lastEvent())) == ["alias/app", key])
        let sealed = try await fixture.call("Encrypt", [("KeyId", "alias/app"), ("Plaintext", "YQ==")])
        #expect(Set(Self.resources(try lastEvent())) == ["alias/app", key])
        try await fixture.call("Encrypt", [("KeyId", AlibabaFixture.arn("key/\(key)")), ("Plaintext", "YQ==")])
        #expect(Self.resources(try lastEvent()) == [key])
        let blob = try #require(sealed["CiphertextBlob"]?.text)
        try await fixture.call("Decrypt", [("CiphertextBlob", blob)])
        #expect(Self.resources(try lastEvent()) == [key])
        let other = try await fixture.createKey()
        try await fixture.call("ReEncrypt", [("CiphertextBlob", blob), ("DestinationKeyId", other)])
        #expect(Set(Self.resources(try lastEvent())) == [key, other])
        try await fixture.call("UpdateAlias", [("AliasName", "alias/app"), ("KeyId", other)])
        #expect(Set(Self.resources(try lastEvent())) == ["alias/app", other])
        try await fixture.call("DeleteAlias", [("AliasName", "alias/app")])
        #expect(Self.resources(try lastEvent()) == ["alias/app"])
        try await fixture.call("ListKeys")
        #expect(Self.resources(try lastEvent()).isEmpty)
    }

    @Test func `A value that XML cannot hold is refused, and so recorded`() async throws {
        try await fixture.createSecret("app/bytes", "\u{1}\u{2}")
        #expect(try await fixture.outcome("GetSecretValue", [("SecretName", "app/bytes")]) == "ok")
        let bytes = fixture.client.request("GetSecretValue", [("SecretName", "app/bytes")], format: "XML")
        #expect(try await fixture.answer(bytes, isXML: true).outcome == "InvalidParameter")
        #expect(try lastEvent()["outcome"]?.text == "InvalidParameter")
        try await fixture.createSecret("app/text", "\r\n<é>")
        let text = fixture.client.request("GetSecretValue", [("SecretName", "app/text")], format: "XML")
        #expect(try await fixture.answer(text, isXML: true).outcome == "ok")
    }

    @Test func `Names of secrets are recorded, and the chosen key`() async throws {
        let key = try await fixture.createKey()
        try await fixture.createSecret("app/db", "x", [("EncryptionKeyId", key)])
        #expect(Set(Self.resources(try lastEvent())) == ["secret/app/db", key])
        for (action, parameters) in [
            ("GetSecretValue", []), ("PutSecretValue", [("SecretData", "y"), ("VersionId", "v2")]),
            ("DescribeSecret", []), ("DeleteSecret", []), ("RestoreSecret", []),
        ] as [(String, [(String, String)])] {
            try await fixture.call(action, [("SecretName", "app/db")] + parameters)
            #expect(Self.resources(try lastEvent()) == ["secret/app/db"], "\(action)")
            try await fixture.call("DescribeSecret", [("SecretName", AlibabaFixture.arn("secret/app/db"))])
            #expect(Self.resources(try lastEvent()) == ["secret/app/db"])
        }
    }

    @Test func `A refused call is recorded with its key and the code that the client is told`() async throws {
        let key = try await fixture.createKey()
        let sealed = try await fixture.call("Encrypt", [("KeyId", key), ("Plaintext", "YQ==")])
        let blob = [("CiphertextBlob", try #require(sealed["CiphertextBlob"]?.text))]
        let user = try await fixture.user("kim")
        #expect(try await fixture.outcome("Decrypt", blob, client: user) == "Forbidden.NoPermission")
        var event = try lastEvent()
        #expect(Self.resources(event) == [key])
        #expect(event["principal"]?.text == "kim" && event["outcome"]?.text == "Forbidden.NoPermission")
        #expect(event["decision"]?.text == "notAllowed")
        try await fixture.call("DisableKey", [("KeyId", key)])
        #expect(try await fixture.outcome("Decrypt", blob) == "Rejected.Disabled")
        event = try lastEvent()
        #expect(event["action"]?.text == "Decrypt" && event["outcome"]?.text == "Rejected.Disabled")
        #expect(Self.resources(event) == [key])
        let missing = "00000000-0000-4000-8000-000000000001"
        #expect(try await fixture.outcome("DescribeKey", [("KeyId", missing)]) == "Forbidden.KeyNotFound")
        #expect(Self.resources(try lastEvent()) == [missing])
    }

    @Test func `What was decided, and by which statement, is recorded`() async throws {
        let key = try await fixture.createKey()
        let policy = RAMPolicy.document(
            RAMPolicy.statement("Deny", ["kms:DisableKey"]), RAMPolicy.statement("Allow", ["kms:*"]))
        let user = try await fixture.user("reader", under: [policy])
        _ = try await fixture.outcome("DescribeKey", [("KeyId", key)], client: user)
        _ = try await fixture.outcome("DisableKey", [("KeyId", key)], client: user)
        let events = try fixture.events().suffix(3)
        #expect(events.map { $0["decision"]?.text } == ["root", "allowed", "denied"])
        #expect(events.map { $0["policy"]?.text } == [nil, "reader-0#2", "reader-0#1"])
    }

    @Test func `Who nobody has proved to be is not named, and unknown ids are not written down`() async throws {
        let stranger = AlibabaClient(
            accessKeyID: "perhapsASecret", secret: KeyMaterial([1]), clock: fixture.clock)
        _ = try await fixture.outcome("ListKeys", client: stranger)
        var event = try lastEvent()
        #expect(event["outcome"]?.text == "InvalidAccessKeyId.NotFound" && event["principal"] ?? .null == .null)
        let liar = AlibabaClient(accessKeyID: "LTAIfirst", secret: KeyMaterial([1]), clock: fixture.clock)
        _ = try await fixture.outcome("ListKeys", client: liar)
        event = try lastEvent()
        #expect(event["outcome"]?.text == "SignatureDoesNotMatch" && event["principal"] ?? .null == .null)
        #expect(event["accessKey"]?.text == "LTAIfirst")
        #expect(event["account"]?.text == "100000000001")
        #expect(try !fixture.auditText().contains("perhapsASecret"))
    }

    @Test func `No value, plaintext, ciphertext, context, signature or token is ever recorded`() async throws {
        let key = try await fixture.createKey([("Description", "a-description")])
        let plaintext = Base64.string(Array("my-plaintext".utf8))
        let context = ("EncryptionContext", #"{"a-name":"a-value-of-the-context"}"#)
        var forbidden = [
            "my-plaintext", plaintext, "a-value-of-the-context", "the-value-of-the-secret", "another-value",
            "a-description",
        ]
        let sealed = try await fixture.call("Encrypt", [("KeyId", key), ("Plaintext", plaintext), context])
        let blob = try #require(sealed["CiphertextBlob"]?.text)
        try await fixture.call("Decrypt", [("CiphertextBlob", blob), context])
        _ = try await fixture.outcome("Decrypt", [("CiphertextBlob", blob)])
        let dataKey = try await fixture.call("GenerateDataKey", [("KeyId", key)])
        forbidden += [blob, try #require(dataKey["Plaintext"]?.text), try #require(dataKey["CiphertextBlob"]?.text)]
        try await fixture.createSecret("app", "the-value-of-the-secret")
        try await fixture.call(
            "PutSecretValue", [("SecretName", "app"), ("SecretData", "another-value"), ("VersionId", "v2")])
        try await fixture.call("GetSecretValue", [("SecretName", "app")])
        // Where a name is expected, something else may come.
        _ = try await fixture.outcome("GetSecretValue", [("SecretName", "the-value-of-the-secret!")])
        _ = try await fixture.outcome("DescribeKey", [("KeyId", "my-plaintext")])
        _ = try await fixture.outcome("my-plaintext")
        let password = try await fixture.call("GetRandomPassword")
        forbidden.append(try #require(password["RandomPassword"]?.text))
        let draft = fixture.client.v1("ListKeys", changes: [("SecurityToken", "my-plaintext")])
        forbidden.append(try #require(draft.query.first { $0.0 == "Signature" }?.1))
        _ = try await fixture.answer(draft)
        let text = try fixture.auditText()
        for word in forbidden { #expect(!text.contains(word), "\(word)") }
    }
}
