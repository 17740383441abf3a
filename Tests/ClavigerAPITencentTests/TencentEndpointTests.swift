import ClavigerAPI
import ClavigerAudit
import ClavigerBackendSoftware
import ClavigerCore
import ClavigerCrypto
import ClavigerIdentity
import ClavigerTesting
import Foundation
import NIOHTTP1
import Testing

@testable import ClavigerAPITencent

@Suite struct TencentEndpointTests {
    private let fixture: TencentFixture

    init() async throws { fixture = try await TencentFixture() }

    // MARK: the envelope

    @Test func `An answer is written exactly so`() async throws {
        let reply = await fixture.send(fixture.client.request("GetServiceStatus"))
        let text = String(decoding: reply.body, as: UTF8.self)
        #expect(reply.status == 200)
        #expect(reply.contentType == "application/json")
        #expect(
            text.hasPrefix(
                #"{"Response":{"ServiceEnabled":true,"InvalidType":1,"UserLevel":1,"ProExpireTime":0,"ProRenewFlag":0,"RequestId":""#
            ))
        #expect(text.hasSuffix(#""}}"#))
    }

    @Test func `Every request has an id of its own`() async throws {
        var seen: Set<String> = []
        for action in ["ListKeys", "Nothing", "GenerateRandom"] {
            for _ in 0..<10 {
                let reply = await fixture.send(fixture.client.request(action))
                seen.insert(try #require(try JSONParser.parse(reply.body)["Response"]?["RequestId"]?.text))
            }
        }
        #expect(seen.count == 30)
    }

    @Test func `A refusal has a code and a message`() async throws {
        let reply = await fixture.send(fixture.client.request("Nothing \"x\"\n"))
        let error = try #require(try JSONParser.parse(reply.body)["Response"]?["Error"])
        guard case .object(let members) = error else { return }
        #expect(members.map { String(decoding: $0.name, as: UTF8.self) } == ["Code", "Message"])
    }

    @Test(arguments: KMSError.Code.allCases)
    func `Every error has a code of the contract`(code: KMSError.Code) {
        let families = [
            "AuthFailure", "FailedOperation", "InternalError", "InvalidAction", "InvalidParameter",
            "InvalidParameterValue",
            "LimitExceeded", "MissingParameter", "NoSuchVersion", "RequestLimitExceeded", "ResourceInUse",
            "ResourceNotFound", "ResourceUnavailable", "UnknownParameter", "UnsupportedOperation",
            "UnsupportedProtocol", "UnsupportedRegion",
        ]
        #expect(families.contains(String(code.tencent.prefix { $0 != "." })))
        let request = WireRequest(
            method: .POST, target: "/", headers: HTTPHeaders(), body: [], bodyWasTooLarge: false, source: "local")
        let reply = Tencent.refusal(
            KMSError(code, "text", cause: KMSError(.sealed, "hidden")), of: request, requestID: "id")
        #expect(
            String(decoding: reply.body, as: UTF8.self)
                == #"{"Response":{"Error":{"Code":"\#(code.tencent)","Message":"text"},"RequestId":"id"}}"#)
    }

    // MARK: regions and accounts

    @Test func `Each region has its own keys`() async throws {
        let first = try await fixture.createKey(region: "ap-guangzhou")
        let second = try await fixture.createKey(region: "ap-shanghai")
        for (region, id) in [("ap-guangzhou", first), ("ap-shanghai", second)] {
            let listed = try await fixture.call("ListKeys", region: region)
            guard case .array(let keys) = listed["Keys"] else { return }
            #expect(keys.compactMap { $0["KeyId"]?.text } == [id])
        }
    }

    @Test func `A licence is shown as it is configured`() async throws {
        let fixture = try await TencentFixture(licenses: [
            .init(version: "1", appID: "app", certificate: "cert\n"), .init(version: nil, appID: nil, certificate: nil),
        ])
        let response = try await fixture.call("DescribeTSMLicenses")
        #expect(
            String(decoding: response.jsonText, as: UTF8.self)
                == #"{"Licenses":[{"Version":"1","TsmAppId":"app","Cert":"cert\n"},{}]}"#)
    }

    // MARK: ciphertexts

    @Test func `No changed ciphertext is decrypted, whatever its text`() async throws {
        let id = try await fixture.createKey()
        let blob = try #require(
            try await fixture.call("Encrypt", #"{"KeyId":"\#(id)","Plaintext":"AQID"}"#)["CiphertextBlob"]?.text)
        var changed = [
            blob + "A", blob + "====", " " + blob, blob + "\n", String(blob.dropLast()), String(blob.dropLast(4)),
        ]
        let bytes = Array(blob.utf8)
        for index in bytes.indices {
            var other = bytes
            other[index] = other[index] == UInt8(ascii: "A") ? UInt8(ascii: "B") : UInt8(ascii: "A")
            changed.append(String(decoding: other, as: UTF8.self))
        }
        for text in changed {
            let request = fixture.client.request(
                "Decrypt",
                .object([.init(name: Array("CiphertextBlob".utf8)[...], value: .string(Array(text.utf8)[...]))]))
            #expect(try await fixture.outcome(request) == "InvalidParameterValue.InvalidCiphertext", "\(text)")
        }
    }

    @Test func `Every fault of a ciphertext has the same message`() async throws {
        let id = try await fixture.createKey()
        let blob = try #require(
            try await fixture.call("Encrypt", #"{"KeyId":"\#(id)","Plaintext":"AQID"}"#)["CiphertextBlob"]?.text)
        var messages: Set<String> = []
        for json in [
            #"{"CiphertextBlob":"x"}"#, #"{"CiphertextBlob":"AAAA"}"#,
            #"{"CiphertextBlob":"\#(blob)","EncryptionContext":"{\"a\":1}"}"#,
        ] {
            let reply = await fixture.send(
                fixture.client.request("Decrypt", try JSONParser.parse(Array(json.utf8))))
            messages.insert(
                try #require(try JSONParser.parse(reply.body)["Response"]?["Error"]?["Message"]?.text))
        }
        let foreign = await fixture.send(
            fixture.otherClient.request(
                "Decrypt", try JSONParser.parse(Array(#"{"CiphertextBlob":"\#(blob)"}"#.utf8))))
        messages.insert(try #require(try JSONParser.parse(foreign.body)["Response"]?["Error"]?["Message"]?.text))
        #expect(messages.count == 1)
    }

    @Test func `Many calls at once are all answered`() async throws {
        let id = try await fixture.createKey()
        let fixture = fixture
        try await withThrowingTaskGroup(of: Void.self) { group in
            for number in 0..<16 {
                group.addTask {
                    let mode = TencentClient.Mode.allCases[number % 6]
                    for _ in 0..<10 {
                        let request = fixture.client.request(
                            "Encrypt", try JSONParser.parse(Array(#"{"KeyId":"\#(id)","Plaintext":"AQID"}"#.utf8)),
                            mode: mode)
                        #expect(try await fixture.outcome(request) == "ok")
                    }
                }
            }
            try await group.waitForAll()
        }
    }

    // MARK: sealed

    @Test func `A sealed service is unavailable for the time being`() async throws {
        let id = try await fixture.createKey()
        fixture.backend.seal()
        fixture.kms.forgetMaterial()
        for (action, json) in [
            ("Encrypt", #"{"KeyId":"\#(id)","Plaintext":"AQID"}"#), ("CreateKey", #"{"Alias":"b"}"#),
            ("DisableKey", #"{"KeyId":"\#(id)"}"#),
        ] {
            let request = fixture.client.request(action, try JSONParser.parse(Array(json.utf8)))
            #expect(try await fixture.outcome(request) == "UnsupportedOperation.ServiceTemporaryUnavailable")
        }
        fixture.credentials.removeAll()
        #expect(
            try await fixture.outcome(fixture.client.request("GetRegions"))
                == "UnsupportedOperation.ServiceTemporaryUnavailable")
    }

    @Test func `A store that does not answer is unavailable for the time being`() async throws {
        let id = try await fixture.createKey()
        await fixture.store.close()
        let request = fixture.client.request("DescribeKey", try JSONParser.parse(Array(#"{"KeyId":"\#(id)"}"#.utf8)))
        #expect(try await fixture.outcome(request) == "UnsupportedOperation.ServiceTemporaryUnavailable")
    }

    // MARK: audit

    private func text(_ event: JSONValue, _ name: String) -> String? { event[name]?.text }

    private func resources(_ event: JSONValue) -> [String] {
        guard case .array(let elements) = event["resources"] else { return [] }
        return elements.compactMap(\.text)
    }

    @Test func `A call is recorded with who, what, where and its outcome`() async throws {
        let id = try await fixture.createKey()
        let reply = await fixture.send(
            fixture.client.request(
                "Encrypt", try JSONParser.parse(Array(#"{"KeyId":"\#(id)","Plaintext":"AQID"}"#.utf8)),
                mode: .sha256Post))
        let events = try fixture.events()
        #expect(events.map { text($0, "action") } == ["CreateKey", "Encrypt"])
        let event = try #require(events.last)
        #expect(text(event, "outcome") == "ok")
        #expect(text(event, "account") == "100000000001")
        #expect(text(event, "principal") == "root")
        #expect(text(event, "accessKey") == "AKIDfirst")
        #expect(text(event, "source") == "192.0.2.7:51234")
        #expect(text(event, "realm") == "south")
        #expect(text(event, "request") == (try JSONParser.parse(reply.body)["Response"]?["RequestId"]?.text))
        #expect(events.map(resources) == [[id], [id]])
    }

    @Test func `What cannot be recorded is not done`() async throws {
        let id = try await fixture.createKey()
        await fixture.audit.close()
        for (action, json) in [
            ("DisableKey", #"{"KeyId":"\#(id)"}"#), ("CreateKey", #"{"Alias":"b"}"#),
            ("Encrypt", #"{"KeyId":"\#(id)","Plaintext":"AQID"}"#),
        ] {
            let reply = await fixture.send(fixture.client.request(action, try JSONParser.parse(Array(json.utf8))))
            let response = try JSONParser.parse(reply.body)["Response"]
            #expect(response?["Error"]?["Code"]?.text == "UnsupportedOperation.ServiceTemporaryUnavailable")
            #expect(response?["CiphertextBlob"] == nil)
        }
        let scope = KeyScope(account: AccountID(100_000_000_001), realm: RealmID("south"))
        #expect(try await fixture.store.keys([KeyID(text: id.utf8)], in: scope).map(\.state) == [.enabled])
        #expect(try await fixture.store.list(KeyQuery(scope: scope), offset: 0, limit: 10).total == 1)
    }

    @Test func `What is sent in place of an access key id is not recorded`() async throws {
        let confused = TencentClient(
            accessKeyID: "aSecretThatWasPutInTheWrongPlace", secret: KeyMaterial([1]), clock: fixture.clock)
        _ = await fixture.send(confused.request("ListKeys"))
        #expect(try !fixture.auditText().contains("aSecretThatWasPutInTheWrongPlace"))
        #expect(try fixture.events().last.map { text($0, "outcome") } == "AuthFailure.SecretIdNotFound")
    }

    @Test func `All keys of a call are named`() async throws {
        let first = try await fixture.createKey("a")
        let second = try await fixture.createKey("b")
        let blob = try #require(
            try await fixture.call("Encrypt", #"{"KeyId":"\#(first)","Plaintext":"AQID"}"#)["CiphertextBlob"]?.text)
        _ = try await fixture.call("ReEncrypt", #"{"CiphertextBlob":"\#(blob)","DestinationKeyId":"\#(second)"}"#)
        _ = try await fixture.call("Decrypt", #"{"CiphertextBlob":"\#(blob)"}"#)
        _ = try await fixture.call("DisableKeys", #"{"KeyIds":["\#(second)","\#(first)"]}"#)
        _ = try await fixture.call("GetRegions")
        #expect(try fixture.events().suffix(4).map(resources) == [[first, second], [first], [second, first], []])
    }

    @Test func `Every refusal is recorded with its code`() async throws {
        let id = try await fixture.createKey()
        let client = fixture.client
        func parsed(_ json: String) throws -> JSONValue { try JSONParser.parse(Array(json.utf8)) }
        let liar = TencentClient(accessKeyID: "AKIDfirst", secret: KeyMaterial([1]), clock: fixture.clock)
        let stranger = TencentClient(accessKeyID: "AKIDnobody", secret: KeyMaterial([1]), clock: fixture.clock)
        let requests: [(String, String, Bool, WireRequest)] = [
            ("unknown", "AuthFailure.SignatureFailure", false, liar.request("ListKeys")),
            ("unknown", "AuthFailure.SecretIdNotFound", false, stranger.request("ListKeys")),
            ("unknown", "AuthFailure.SignatureExpire", false, client.request("ListKeys", timestamp: 1)),
            ("unknown", "UnsupportedProtocol", false, TencentClient.Draft(method: .PUT).wire()),
            ("unknown", "InvalidAction", true, client.request("Nothing")),
            ("ListKeys", "UnsupportedRegion", true, client.request("ListKeys", region: "mars")),
            ("ListKeys", "UnknownParameter", true, client.request("ListKeys", try parsed(#"{"X":1}"#))),
            (
                "DescribeKey", "InvalidParameterValue.InvalidKeyId", true,
                client.request("DescribeKey", try parsed(#"{"KeyId":"x"}"#))
            ),
            (
                "CancelKeyDeletion", "ResourceUnavailable.CmkNotPendingDelete", true,
                client.request("CancelKeyDeletion", try parsed(#"{"KeyId":"\#(id)"}"#))
            ),
            (
                "Encrypt", "InvalidParameterValue.InvalidPlaintext", true,
                client.request("Encrypt", try parsed(#"{"KeyId":"\#(id)","Plaintext":""}"#))
            ),
        ]
        for (action, code, isKnown, request) in requests {
            #expect(try await fixture.outcome(request) == code)
            let event = try #require(try fixture.events().last)
            #expect(text(event, "action") == action)
            #expect(text(event, "outcome") == code)
            #expect((text(event, "principal") != nil) == isKnown, "\(code)")
            // Whose credentials were used is told, right or wrong.
            #expect((text(event, "account") != nil) == (text(event, "accessKey") != nil), "\(code)")
        }
        #expect(try fixture.events().count == requests.count + 1)
        #expect(try fixture.events().suffix(2).map(resources) == [[id], [id]])
    }

    @Test func `Neither plaintexts nor keys nor secrets are in the log`() async throws {
        let id = try await fixture.createKey()
        let plaintext = "the plaintext that nobody may read"
        let base64 = Base64.string(Array(plaintext.utf8))
        var secrets = [plaintext, base64, "context-of-the-call"]
        for mode in TencentClient.Mode.allCases {
            let encrypted = JSONValue.object(
                try await fixture.response(
                    fixture.client.request(
                        "Encrypt",
                        try JSONParser.parse(
                            Array(
                                #"{"KeyId":"\#(id)","Plaintext":"\#(base64)","EncryptionContext":"{\"a\":\"context-of-the-call\"}"}"#
                                    .utf8)), mode: mode)))
            secrets.append(try #require(encrypted["CiphertextBlob"]?.text))
        }
        let blob = try #require(secrets.last)
        _ = try await fixture.call(
            "Decrypt", #"{"CiphertextBlob":"\#(blob)","EncryptionContext":"{\"a\":\"context-of-the-call\"}"}"#)
        let dataKey = try await fixture.call("GenerateDataKey", #"{"KeyId":"\#(id)","NumberOfBytes":32}"#)
        let random = try await fixture.call("GenerateRandom", #"{"NumberOfBytes":32}"#)
        secrets += [dataKey, random].compactMap { $0["Plaintext"]?.text }
        // Refused calls, whose messages might quote what was sent.
        for json in [
            #"{"KeyId":"\#(base64)","Plaintext":"\#(base64)"}"#, #"{"KeyId":"\#(id)","Plaintext":"\#(base64)*"}"#,
            #"{"KeyId":"\#(id)","Plaintext":"\#(base64)","\#(plaintext)":1}"#,
            #"{"KeyId":"\#(id)","Plaintext":"\#(base64)","EncryptionContext":"\#(plaintext)"}"#,
        ] { _ = try await fixture.outcome(fixture.client.request("Encrypt", try JSONParser.parse(Array(json.utf8)))) }
        _ = try await fixture.outcome(fixture.client.request(plaintext))
        secrets.append(TencentFixture.secret.withUnsafeBytes { String(decoding: $0, as: UTF8.self) })
        await fixture.audit.close()
        let log = try fixture.auditText()
        #expect(log.contains(id))
        for secret in secrets { #expect(!log.contains(secret), "\(secret)") }
    }

    @Test func `Without its record a call has no result`() async throws {
        let id = try await fixture.createKey()
        await fixture.audit.close()
        for (action, json) in [
            ("Encrypt", #"{"KeyId":"\#(id)","Plaintext":"AQID"}"#), ("DescribeKey", #"{"KeyId":"\#(id)"}"#),
            ("GetRegions", "{}"),
        ] {
            let request = fixture.client.request(action, try JSONParser.parse(Array(json.utf8)))
            #expect(try await fixture.outcome(request) == "UnsupportedOperation.ServiceTemporaryUnavailable")
        }
    }
}
