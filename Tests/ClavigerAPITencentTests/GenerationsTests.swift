import ClavigerCrypto
import ClavigerTesting
import Testing

@testable import ClavigerAPITencent

/// Both generations of the API work on the same keys: what one does, the other sees at once.
@Suite struct GenerationsTests {
    private static let context = #"{"stage":"prod","n":[1,true]}"#
    private static let equalContext = #" { "n" : [ 1.0, true ] , "stage" : "\u0070rod" }"#

    private let fixture: TencentFixture

    init() async throws { fixture = try await TencentFixture() }

    private func legacyOutcome(_ action: String, _ parameters: [String: any ParameterText]) async throws -> String {
        try await fixture.legacyOutcome(fixture.client.legacyRequest(action, JSONValue(parameters)))
    }

    private func legacyKey(_ alias: String = "app") async throws -> String {
        let made = try await fixture.legacyCall("CreateKey", ["alias": alias])
        return try #require(made["keyMetadata"]?["keyId"]?.text)
    }

    private func legacyState(of key: String) async throws -> String? {
        try await fixture.legacyCall("GetKeyAttributes", ["keyId": key])["keyMetadata"]?["keyState"]?.text
    }

    @Test func `A key of the legacy API is a symmetric key of the newer one`() async throws {
        let key = try await legacyKey()
        let metadata = try await fixture.metadata(of: key)
        #expect(metadata["Alias"]?.text == "app")
        #expect(metadata["KeyUsage"]?.text == "ENCRYPT_DECRYPT")
        #expect(metadata["Origin"]?.text == "TENCENT_KMS")
        #expect(metadata["Owner"]?.text == "user")
        #expect(metadata["KeyState"]?.text == "Enabled")
        #expect(metadata["KeyRotationEnabled"] == .bool(false))
    }

    @Test func `Aliases are the same, and taken for both`() async throws {
        let key = try await legacyKey()
        #expect(
            try await fixture.outcome("CreateKey", ["Alias": "app"]) == "InvalidParameterValue.AliasAlreadyExists")
        try await fixture.call("UpdateAlias", ["KeyId": key, "Alias": "new"])
        #expect(try await legacyOutcome("CreateKey", ["alias": "app"]) == "ok")
        #expect(
            try await legacyOutcome("CreateKey", ["alias": "new"])
                == "5100 InvalidParameterValue.AliasAlreadyExists")
        try await fixture.legacyCall("SetKeyAttributes", ["keyId": key, "alias": "newer"])
        #expect(try await fixture.metadata(of: key)["Alias"]?.text == "newer")
    }

    @Test func `States are the same`() async throws {
        let key = try await legacyKey()
        try await fixture.legacyCall("DisableKey", ["keyId": key])
        #expect(try await fixture.state(of: key) == "Disabled")
        try await fixture.call("EnableKey", ["KeyId": key])
        #expect(try await legacyState(of: key) == "Enabled")
        try await fixture.call("ArchiveKey", ["KeyId": key])
        #expect(try await legacyState(of: key) == "Archived")
        #expect(try await legacyOutcome("EnableKey", ["keyId": key]) == "5100 ResourceUnavailable.CmkStateNotSupport")
        try await fixture.call("CancelKeyArchive", ["KeyId": key])
        #expect(try await legacyState(of: key) == "Enabled")
        try await fixture.call("DisableKey", ["KeyId": key])
        try await fixture.legacyCall("ScheduleKeyDeletion", ["keyId": key, "pendingWindowInDays": 7])
        #expect(try await fixture.state(of: key) == "PendingDelete")
        let scheduled = try await fixture.legacyCall("GetKeyAttributes", ["keyId": key])["keyMetadata"]
        #expect(scheduled?["deleteTime"] == (try await fixture.metadata(of: key)["DeletionDate"]))
        try await fixture.call("CancelKeyDeletion", ["KeyId": key])
        #expect(try await legacyState(of: key) == "Disabled")
        try await fixture.call("ScheduleKeyDeletion", ["KeyId": key, "PendingWindowInDays": 7])
        fixture.clock.advance(by: .seconds(7 * 86_400))
        #expect(try await legacyOutcome("GetKeyAttributes", ["keyId": key]) == "5000 ResourceUnavailable.CmkNotFound")
    }

    /// One generation encrypts, the other decrypts.
    @Test(arguments: [true, false], [nil, context])
    func `A ciphertext of one is opened by the other`(isLegacyFirst: Bool, context: String?) async throws {
        let key = isLegacyFirst ? try await fixture.createKey() : try await legacyKey()
        let plaintext = SampleBytes.base64(50)
        let blob: String
        if isLegacyFirst {
            var parameters: [String: any ParameterText] = ["keyId": key, "plaintext": plaintext]
            parameters["encryptionContext"] = context
            blob = try #require(try await fixture.legacyCall("Encrypt", parameters)["ciphertextBlob"]?.text)
        } else {
            var parameters: [String: any ParameterText] = ["KeyId": key, "Plaintext": plaintext]
            parameters["EncryptionContext"] = context
            blob = try #require(try await fixture.call("Encrypt", parameters)["CiphertextBlob"]?.text)
        }
        func decrypted(_ context: String?, legacy: Bool) async throws -> String {
            var parameters: [String: any ParameterText] = [(legacy ? "ciphertextBlob" : "CiphertextBlob"): blob]
            parameters[legacy ? "encryptionContext" : "EncryptionContext"] = context
            if legacy {
                let answer = try await fixture.legacyAnswer(
                    fixture.client.legacyRequest("Decrypt", JSONValue(parameters)))
                return answer.members["plaintext"]?.text ?? answer.outcome
            }
            let request = fixture.client.request("Decrypt", JSONValue(parameters))
            let response = JSONValue.object(try await fixture.response(request))
            return response["Plaintext"]?.text ?? response["Error"]?["Code"]?.text ?? ""
        }
        for legacy in [true, false] {
            #expect(try await decrypted(context, legacy: legacy) == plaintext)
            let refusal = "InvalidParameterValue.InvalidCiphertext"
            let refused = legacy ? "5100 \(refusal)" : refusal
            if context == nil {
                #expect(try await decrypted(Self.context, legacy: legacy) == refused)
            } else {
                #expect(try await decrypted(Self.equalContext, legacy: legacy) == plaintext)
                #expect(try await decrypted(nil, legacy: legacy) == refused)
                #expect(try await decrypted("{}", legacy: legacy) == refused)
            }
        }
    }

    @Test func `Data keys of one are opened by the other`() async throws {
        let key = try await legacyKey()
        let old = try await fixture.legacyCall("GenerateDataKey", ["keyId": key, "keySpec": "AES_256"])
        let opened = try await fixture.call(
            "Decrypt", ["CiphertextBlob": try #require(old["ciphertextBlob"]?.text)])
        #expect(opened["Plaintext"] == old["plaintext"])
        #expect(old["plaintext"]?.bytes?.count == 32)
        let new = try await fixture.call("GenerateDataKey", ["KeyId": key, "NumberOfBytes": 48])
        let reopened = try await fixture.legacyCall(
            "Decrypt", ["ciphertextBlob": try #require(new["CiphertextBlob"]?.text)])
        #expect(reopened["plaintext"] == new["Plaintext"])
    }

    @Test func `A ciphertext of the legacy API is re-encrypted, and decrypts after a rotation`() async throws {
        let key = try await legacyKey()
        let plaintext = SampleBytes.base64(16)
        let encrypted = try await fixture.legacyCall("Encrypt", ["keyId": key, "plaintext": plaintext])
        let blob = try #require(encrypted["ciphertextBlob"]?.text)
        try await fixture.call("RotateKey", ["KeyId": key])
        let moved = try await fixture.call("ReEncrypt", ["CiphertextBlob": blob])
        #expect(moved["ReEncrypted"] == .bool(true))
        for blob in [blob, try #require(moved["CiphertextBlob"]?.text)] {
            let decrypted = try await fixture.legacyCall("Decrypt", ["ciphertextBlob": blob])
            #expect(decrypted["plaintext"]?.text == plaintext)
        }
    }

    @Test func `What a disabled key refuses, it refuses in both`() async throws {
        let key = try await legacyKey()
        let encrypted = try await fixture.legacyCall(
            "Encrypt", ["keyId": key, "plaintext": SampleBytes.base64(16)])
        let blob = try #require(encrypted["ciphertextBlob"]?.text)
        try await fixture.legacyCall("DisableKey", ["keyId": key])
        #expect(
            try await fixture.outcome("Decrypt", ["CiphertextBlob": blob]) == "ResourceUnavailable.CmkDisabled")
        #expect(
            try await legacyOutcome("Decrypt", ["ciphertextBlob": blob]) == "5100 ResourceUnavailable.CmkDisabled")
        try await fixture.call("EnableKey", ["KeyId": key])
        #expect(try await legacyOutcome("Decrypt", ["ciphertextBlob": blob]) == "ok")
    }

    @Test func `An alias that only the newer API makes is readable in the legacy one`() async throws {
        let alias = String(repeating: "a", count: 60)
        let key = try await fixture.createKey(alias)
        let shown = try await fixture.legacyCall("GetKeyAttributes", ["keyId": key])["keyMetadata"]
        #expect(shown?["alias"]?.text == alias)
        #expect(
            try await legacyOutcome("SetKeyAttributes", ["keyId": key, "alias": alias])
                == "4000 InvalidParameterValue.InvalidAlias")
    }
}
