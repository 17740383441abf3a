import ClavigerAPI
import ClavigerCore
import ClavigerCrypto
import ClavigerTesting
import NIOHTTP1
import Testing

@testable import ClavigerAPITencent

/// The contract's part B: how requests of the legacy API are read and refused, and that both generations share their keys.
@Suite struct LegacyTests {
    private static let modes: [TencentClient.Mode] = [.sha1Get, .sha1Post, .sha256Get, .sha256Post]
    private static let expired = "4500 AuthFailure.SignatureExpire"
    private static let mismatch = "4100 AuthFailure.SignatureFailure"
    private static let replayed = "4500 AuthFailure.SignatureFailure"
    private static let invalid = "4000 InvalidParameter"
    private static let missing = "4000 MissingParameter"

    private let fixture: TencentFixture
    private var client: TencentClient { fixture.client }
    private var now: Int64 { fixture.clock.now.seconds }

    init() async throws { fixture = try await TencentFixture() }

    /// A call of ListKey, without the signature.
    private func pairs(
        _ changes: [String: String?] = [:], action: String = "ListKey", mode: TencentClient.Mode = .sha1Get
    ) -> [(String, String)] {
        let all = client.pairs(action, mode: mode, region: nil, version: nil, timestamp: now)
        let kept = all.filter { !changes.keys.contains($0.0) }
        return kept + changes.sorted { $0.key < $1.key }.compactMap { name, value in value.map { (name, $0) } }
    }

    private func draft(
        _ pairs: [(String, String)], mode: TencentClient.Mode = .sha1Get, signed: [(String, String)]? = nil
    ) -> TencentClient.Draft {
        client.signedV1(pairs, mode: mode, path: TencentClient.legacyPath, signed: signed)
    }

    private func outcome(_ draft: TencentClient.Draft) async throws -> String {
        try await fixture.legacyOutcome(draft.wire())
    }

    private func legacyOutcome(
        _ action: String, _ parameters: [String: any ParameterText] = [:]
    ) async throws -> String {
        try await fixture.legacyOutcome(client.legacyRequest(action, JSONValue(parameters)))
    }

    // MARK: the form

    @Test func `An answer is one object with code, message, codeDesc and requestId`() async throws {
        let key = try await fixture.createKey()
        let parameters = JSONValue(["keyId": key])
        let good = try JSONParser.parse(
            await fixture.legacyEndpoint.respond(to: client.legacyRequest("GetKeyAttributes", parameters)).reply().body)
        #expect(good["code"]?.integer == 0)
        #expect(good["message"]?.text == "")
        #expect(good["codeDesc"]?.text == "Success")
        #expect(good["keyMetadata"]?["keyId"]?.text == key)
        #expect(good["Response"] == nil)
        let bad = try JSONParser.parse(
            await fixture.legacyEndpoint.respond(to: client.legacyRequest("GetKeyAttributes")).reply().body)
        #expect(bad["code"]?.integer == 4000)
        #expect(bad["message"]?.text?.isEmpty == false)
        #expect(bad["codeDesc"]?.text == "MissingParameter")
        #expect(bad["keyMetadata"] == nil)
        let ids = [good, bad].compactMap { $0["requestId"]?.text }
        #expect(Set(ids).count == 2)
        #expect(ids.allSatisfy { UUIDText.parse($0.utf8) != nil })
    }

    @Test func `An empty success has no data`() async throws {
        let key = try await fixture.createKey()
        #expect(try await fixture.legacyCall("DisableKey", ["keyId": key]) == .object([]))
    }

    // MARK: signatures

    @Test(arguments: modes)
    func `Every method and HMAC is served`(mode: TencentClient.Mode) async throws {
        #expect(try await fixture.legacyOutcome(client.legacyRequest("ListKey", mode: mode)) == "ok")
    }

    @Test(arguments: modes)
    func `A wrong secret, or a signature of the other path, is refused`(mode: TencentClient.Mode) async throws {
        let liar = TencentClient(accessKeyID: "AKIDfirst", secret: KeyMaterial([1]), clock: fixture.clock)
        #expect(try await fixture.legacyOutcome(liar.legacyRequest("ListKey", mode: mode)) == Self.mismatch)
        var elsewhere = client.signedV1(pairs(mode: mode), mode: mode)
        elsewhere.target = TencentClient.legacyPath + elsewhere.target.dropFirst()
        #expect(try await outcome(elsewhere) == Self.mismatch)
    }

    @Test(arguments: modes)
    func `A changed request is refused`(mode: TencentClient.Mode) async throws {
        let good = draft(pairs(mode: mode), mode: mode)
        var changed = good
        changed.set("Host", "127.0.0.1")
        #expect(try await outcome(changed) == Self.mismatch)
        changed = good
        if mode.isGet { changed.target += "&limit=1" } else { changed.body += Array("&limit=1".utf8) }
        #expect(try await outcome(changed) == Self.mismatch)
        changed = good
        changed.target = changed.target.replacing("/v2/", with: "/V2/")
        #expect(try await outcome(changed) == Self.mismatch)
        #expect(try await outcome(good) == "ok")
    }

    @Test(arguments: [nil, "HmacSHA1", "hmacsha256", "x"])
    func `Anything but HmacSHA256 means SHA-1`(method: String?) async throws {
        #expect(try await outcome(draft(pairs(["SignatureMethod": method]))) == "ok")
    }

    @Test(arguments: modes, ["AKIDnobody", "AKIDdisabled", "akidfirst"])
    func `An unknown or disabled access key is refused`(mode: TencentClient.Mode, id: String) async throws {
        let stranger = TencentClient(accessKeyID: id, secret: TencentFixture.secret, clock: fixture.clock)
        #expect(
            try await fixture.legacyOutcome(stranger.legacyRequest("ListKey", mode: mode))
                == "4104 AuthFailure.SecretIdNotFound")
    }

    @Test(arguments: [-301, -300, 0, 300, 301, -86400, 1_000_000_000_000] as [Int64])
    func `The clock may be five minutes off`(drift: Int64) async throws {
        let request = client.legacyRequest("ListKey", timestamp: now + drift)
        #expect(try await fixture.legacyOutcome(request) == (abs(drift) <= 300 ? "ok" : Self.expired))
    }

    @Test(arguments: ["SecretId", "Signature", "Timestamp", "Nonce", "Action"])
    func `Without a common parameter nothing is done`(name: String) async throws {
        if name == "Signature" {
            #expect(
                try await outcome(client.draftV1(pairs(), mode: .sha1Get, path: TencentClient.legacyPath))
                    == Self.missing)
        } else {
            #expect(try await outcome(draft(pairs([name: nil]))) == Self.missing)
        }
        #expect(try await outcome(draft(pairs([name: ""]))) != "ok")
    }

    @Test func `Timestamp and Nonce are numbers`() async throws {
        #expect(try await outcome(draft(pairs(["Timestamp": "x"]))) == Self.invalid)
        #expect(try await outcome(draft(pairs(["Nonce": "x"]))) == Self.invalid)
    }

    @Test(arguments: modes)
    func `A request is served once`(mode: TencentClient.Mode) async throws {
        let request = client.legacyRequest("ListKey", mode: mode)
        #expect(try await fixture.legacyOutcome(request) == "ok")
        #expect(try await fixture.legacyOutcome(request) == Self.replayed)
        // The nonce belongs to its second and its access key. It is none of those that other requests count up to.
        let nonce = "18446744073709551615"
        #expect(try await fixture.legacyOutcome(client.legacyRequest("ListKey", mode: mode, nonce: nonce)) == "ok")
        #expect(
            try await fixture.legacyOutcome(client.legacyRequest("EnableKey", mode: mode, nonce: nonce))
                == Self.replayed)
        #expect(
            try await fixture.legacyOutcome(fixture.otherClient.legacyRequest("ListKey", mode: mode, nonce: nonce))
                == "ok")
        fixture.clock.advance(by: .seconds(1))
        #expect(try await fixture.legacyOutcome(client.legacyRequest("ListKey", mode: mode, nonce: nonce)) == "ok")
    }

    @Test func `A request with a wrong signature uses no nonce up`() async throws {
        let liar = TencentClient(accessKeyID: "AKIDfirst", secret: KeyMaterial([1]), clock: fixture.clock)
        #expect(try await fixture.legacyOutcome(liar.legacyRequest("ListKey", nonce: "5")) == Self.mismatch)
        #expect(try await fixture.legacyOutcome(client.legacyRequest("ListKey", nonce: "5")) == "ok")
    }

    @Test(arguments: [TencentClient.Mode.sha1Post, .sha256Post])
    func `On POST a value that names a file may be left out of what is signed`(
        mode: TencentClient.Mode
    ) async throws {
        let all = pairs(["alias": "app", "description": "@notes"], action: "CreateKey", mode: mode)
        let signed = all.filter { !$0.1.hasPrefix("@") }
        let made = try await fixture.legacyAnswer(draft(all, mode: mode, signed: signed).wire())
        #expect(made.outcome == "ok")
        #expect(made.members["keyMetadata"]?["description"]?.text == "@notes")
        // Signed with everything it is right as well.
        let second = pairs(["alias": "b", "description": "@notes"], action: "CreateKey", mode: mode)
        #expect(try await outcome(draft(second, mode: mode)) == "ok")
        // Only values that begin so are left out.
        let third = pairs(["alias": "c", "description": "a@b"], action: "CreateKey", mode: mode)
        let without = third.filter { $0.0 != "description" }
        #expect(try await outcome(draft(third, mode: mode, signed: without)) == Self.mismatch)
    }

    @Test(arguments: [TencentClient.Mode.sha1Get, .sha256Get])
    func `On GET everything is signed`(mode: TencentClient.Mode) async throws {
        let all = pairs(["alias": "app", "description": "@notes"], action: "CreateKey", mode: mode)
        #expect(
            try await outcome(draft(all, mode: mode, signed: all.filter { !$0.1.hasPrefix("@") })) == Self.mismatch)
        #expect(try await outcome(draft(all, mode: mode)) == "ok")
    }

    @Test func `In the newer API everything is signed`() async throws {
        let parameters = JSONValue(["Alias": "app", "Description": "@notes"])
        let all = client.pairs(
            "CreateKey", parameters, mode: .sha1Post, region: "ap-guangzhou", version: "2019-01-18", timestamp: now)
        let signed = all.filter { !$0.1.hasPrefix("@") }
        #expect(
            try await fixture.outcome(client.signedV1(all, mode: .sha1Post, signed: signed).wire())
                == "AuthFailure.SignatureFailure")
    }

    // MARK: what may be asked for

    @Test(arguments: [HTTPMethod.PUT, .DELETE, .HEAD, .OPTIONS, .PATCH])
    func `Other methods are refused before anything else`(method: HTTPMethod) async throws {
        var draft = draft(pairs())
        draft.method = method
        #expect(try await outcome(draft) == "4600 UnsupportedProtocol")
        draft.headers = []
        #expect(try await outcome(draft) == "4600 UnsupportedProtocol")
    }

    @Test func `What is too long is refused`() async throws {
        var draft = draft(pairs(mode: .sha1Post), mode: .sha1Post)
        draft.bodyWasTooLarge = true
        #expect(try await outcome(draft) == Self.invalid)
        let long = pairs(["alias": String(repeating: "a", count: 33_000)], action: "CreateKey")
        #expect(try await outcome(self.draft(long)) == Self.invalid)
    }

    @Test(arguments: [nil, "", "2017-03-12", "2019-01-18", "x"])
    func `The version is ignored`(version: String?) async throws {
        #expect(try await outcome(draft(pairs(["Version": version]))) == "ok")
    }

    @Test(arguments: ["Nothing", "listkey", "ListKeys", "Claviger.CreateProductKey", ""])
    func `An unknown action is a wrong parameter`(action: String) async throws {
        let expected = action.isEmpty ? Self.missing : "4000 InvalidAction"
        #expect(try await legacyOutcome(action) == expected)
    }

    @Test(arguments: TranscriptTests.actions)
    func `Actions of the newer API are not offered here, and the other way round`(action: String) async throws {
        if !TranscriptTests.legacyActions.contains(action) {
            #expect(try await legacyOutcome(action) == "4000 InvalidAction")
        }
        for action in TranscriptTests.legacyActions where !TranscriptTests.actions.contains(action) {
            #expect(try await fixture.outcome(action, [:]) == "InvalidAction")
        }
    }

    @Test func `There are the nine actions, and two more that the old client knows`() {
        #expect(
            Set(TranscriptTests.legacyActions) == [
                "CreateKey", "GetKeyAttributes", "SetKeyAttributes", "ListKey", "EnableKey", "DisableKey", "Encrypt",
                "Decrypt", "GenerateDataKey", "ScheduleKeyDeletion", "CancelKeyDeletion",
            ])
    }

    @Test func `The newer API knows no short names, and has no default region`() async throws {
        #expect(try await fixture.outcome("ListKeys", [:], region: "gz") == "UnsupportedRegion")
        #expect(try await fixture.outcome("ListKeys", [:], region: nil) == "MissingParameter")
    }

    @Test(arguments: [
        (nil, "ap-guangzhou"), ("", "ap-guangzhou"), ("gz", "ap-guangzhou"), ("ap-guangzhou", "ap-guangzhou"),
        ("sh", "ap-shanghai"), ("ap-shanghai", "ap-shanghai"), ("bj", "ap-beijing"), ("ap-beijing", "ap-beijing"),
        ("ap-shenzhen-fsi", "ap-shenzhen-fsi"),
    ])
    func `A region is given by its short name, its long one, or not at all`(
        name: String?, region: String
    ) async throws {
        let made = try await fixture.legacyCall("CreateKey", ["alias": "app"], region: name)
        let key = try #require(made["keyMetadata"]?["keyId"]?.text)
        #expect(try await fixture.metadata(of: key, region: region)["Alias"]?.text == "app")
        let listed = try await fixture.legacyCall("ListKey", region: region)
        #expect(listed["totalCount"]?.integer == 1)
    }

    @Test(arguments: ["GZ", "mars", "cn-hangzhou", "south", " "])
    func `An unknown region is refused`(name: String) async throws {
        #expect(
            try await fixture.legacyOutcome(client.legacyRequest("ListKey", region: name))
                == "4000 UnsupportedRegion")
    }

    @Test func `A sealed server is an internal fault`() async throws {
        let key = try await fixture.createKey()
        fixture.backend.seal()
        #expect(
            try await legacyOutcome("DisableKey", ["keyId": key])
                == "6000 UnsupportedOperation.ServiceTemporaryUnavailable")
    }

    @Test(arguments: KMSError.Code.allCases)
    func `Every refusal has a number of the contract`(code: KMSError.Code) {
        let numbers: Set = [
            4000, 4100, 4101, 4102, 4103, 4104, 4105, 4106, 4110, 4400, 4500, 4600, 5000, 5100, 6000,
        ]
        #expect(numbers.contains(code.tencentLegacy))
    }

    @Test(arguments: [
        (KMSError.Code.missingParameter, 4000), (.invalidParameterValue, 4000), (.unknownAction, 4000),
        (.malformedKeyID, 4000), (.signatureMismatch, 4100), (.malformedSignature, 4100), (.accessDenied, 4103),
        (.unknownAccessKey, 4104), (.throttled, 4400), (.requestReplayed, 4500), (.requestExpired, 4500),
        (.unsupportedMethod, 4600), (.keyNotFound, 5000), (.keyDisabled, 5100), (.wrongKeyState, 5100),
        (.aliasExists, 5100), (.invalidCiphertext, 5100), (.internalFailure, 6000), (.storeUnavailable, 6000),
    ])
    func `The numbers of the contract stand for what it says`(code: KMSError.Code, number: Int) {
        #expect(code.tencentLegacy == number)
    }

    @Test func `The audit log tells the generations apart`() async throws {
        let key = try await fixture.createKey()
        try await fixture.legacyCall("DisableKey", ["keyId": key])
        let text = try fixture.auditText()
        #expect(text.contains(#""dialect":"tencent-v2""#))
        #expect(text.contains(#""dialect":"tencent""#))
        #expect(text.contains("DisableKey"))
    }
}
