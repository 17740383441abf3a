import ClavigerCore
import ClavigerCrypto
import ClavigerTesting
import NIOHTTP1
import Testing

@testable import ClavigerAPITencent

/// The contract's section A2: who is let in, and in which order a request is checked.
@Suite struct AuthenticationTests {
    private let fixture: TencentFixture
    private var client: TencentClient { fixture.client }
    private var now: Int64 { fixture.clock.now.seconds }

    init() async throws { fixture = try await TencentFixture() }

    private func expect(
        _ outcome: String, _ draft: TencentClient.Draft, _ comment: Comment? = nil,
        sourceLocation: SourceLocation = #_sourceLocation
    ) async throws {
        let answered = try await fixture.outcome(draft.wire(), sourceLocation: sourceLocation)
        #expect(answered == outcome, comment, sourceLocation: sourceLocation)
    }

    /// A call of ListKeys by v1, without the signature.
    private func pairs(
        _ changes: [String: String?] = [:], action: String = "ListKeys"
    ) -> [(String, String)] {
        let all = [
            ("Action", action), ("Version", "2019-01-18"), ("Region", "ap-guangzhou"), ("Timestamp", String(now)),
            ("Nonce", "11886"), ("SecretId", "AKIDfirst"),
        ]
        let kept = all.compactMap { name, value in changes.keys.contains(name) ? nil : (name, value) }
        return kept + changes.sorted { $0.key < $1.key }.compactMap { name, value in value.map { (name, $0) } }
    }

    // MARK: every way

    @Test(arguments: TencentClient.Mode.allCases)
    func `Every signature and method is served`(mode: TencentClient.Mode) async throws {
        #expect(try await fixture.outcome(client.request("ListKeys", mode: mode)) == "ok")
        #expect(try await fixture.outcome(client.request("ListKeys", mode: mode)) == "ok")
    }

    @Test(arguments: TencentClient.Mode.allCases)
    func `A wrong secret is refused`(mode: TencentClient.Mode) async throws {
        let liar = TencentClient(accessKeyID: "AKIDfirst", secret: KeyMaterial([1]), clock: fixture.clock)
        #expect(try await fixture.outcome(liar.request("ListKeys", mode: mode)) == "AuthFailure.SignatureFailure")
    }

    @Test(arguments: TencentClient.Mode.allCases, ["AKIDnobody", "AKIDdisabled", "akidfirst", "AKIDfirst ", "密"])
    func `An unknown or disabled access key is refused`(mode: TencentClient.Mode, id: String) async throws {
        let stranger = TencentClient(accessKeyID: id, secret: TencentFixture.secret, clock: fixture.clock)
        #expect(try await fixture.outcome(stranger.request("ListKeys", mode: mode)) == "AuthFailure.SecretIdNotFound")
    }

    @Test(arguments: TencentClient.Mode.allCases, [-301, -300, 0, 300, 301, -86400, 1_000_000_000_000] as [Int64])
    func `The clock may be five minutes off`(mode: TencentClient.Mode, drift: Int64) async throws {
        let request = client.request("ListKeys", mode: mode, timestamp: now + drift)
        #expect(try await fixture.outcome(request) == (abs(drift) <= 300 ? "ok" : "AuthFailure.SignatureExpire"))
    }

    @Test(arguments: TencentClient.Mode.allCases)
    func `The time is told before the signature`(mode: TencentClient.Mode) async throws {
        let liar = TencentClient(accessKeyID: "AKIDfirst", secret: KeyMaterial([1]), clock: fixture.clock)
        let request = liar.request("ListKeys", mode: mode, timestamp: now - 301)
        #expect(try await fixture.outcome(request) == "AuthFailure.SignatureExpire")
    }

    @Test(arguments: TencentClient.Mode.allCases)
    func `After the signature come action, version, region and parameters`(mode: TencentClient.Mode) async throws {
        func outcome(
            _ action: String?, _ json: String = "{}", region: String? = "ap-guangzhou", version: String? = "2019-01-18"
        ) async throws -> String {
            let parameters = try JSONParser.parse(Array(json.utf8))
            return try await fixture.outcome(
                client.request(action, parameters, mode: mode, region: region, version: version))
        }
        if !mode.isTC3 { #expect(try await outcome(nil) == "MissingParameter") }
        #expect(try await outcome("") == "MissingParameter")
        #expect(try await outcome("Nothing", region: "mars", version: "1") == "InvalidAction")
        #expect(try await outcome("listkeys") == "InvalidAction")
        #expect(try await outcome("ListKeys ") == (mode.isTC3 ? "InvalidAction" : "InvalidAction"))
        #expect(try await outcome("ListKeys", region: "mars", version: nil) == "MissingParameter")
        #expect(try await outcome("ListKeys", region: "mars", version: "2016-01-20") == "NoSuchVersion")
        #expect(try await outcome("ListKeys", #"{"Extra":"1"}"#, region: "mars") == "UnsupportedRegion")
        #expect(try await outcome("ListKeys", region: "AP-GUANGZHOU") == "UnsupportedRegion")
        #expect(try await outcome("ListKeys", region: nil) == "MissingParameter")
        #expect(try await outcome("GetRegions", region: nil) == "ok")
        #expect(try await outcome("GetRegions", region: "mars") == "UnsupportedRegion")
        #expect(try await outcome("ListKeys", #"{"Extra":"1"}"#) == "UnknownParameter")
        #expect(try await outcome("DescribeKey", #"{"Extra":"1"}"#) == "MissingParameter")
    }

    @Test(arguments: [HTTPMethod.PUT, .DELETE, .HEAD, .OPTIONS, .PATCH, .TRACE])
    func `Other methods are refused before anything else`(method: HTTPMethod) async throws {
        var draft = client.draft("ListKeys")
        draft.method = method
        try await expect("UnsupportedProtocol", draft)
        draft.headers = []
        try await expect("UnsupportedProtocol", draft)
        draft.bodyWasTooLarge = true
        try await expect("UnsupportedProtocol", draft)
    }

    // MARK: TC3

    @Test func `An unsigned request says what is missing`() async throws {
        var draft = client.draft("ListKeys")
        draft.set("Authorization", nil)
        try await expect("MissingParameter", draft)
        draft = client.draft("ListKeys")
        draft.set("X-TC-Timestamp", nil)
        try await expect("MissingParameter", draft)
        draft = client.draft("ListKeys")
        draft.set("X-TC-Action", nil)
        try await expect("MissingParameter", draft)
    }

    @Test(arguments: ["x", "1.5", "2026-01-02", "99999999999999999999", " "])
    func `A timestamp is a number`(stamp: String) async throws {
        var draft = client.draft("ListKeys")
        draft.set("X-TC-Timestamp", stamp)
        try await expect("InvalidParameter", draft)
        try await expect("InvalidParameter", client.signedV1(pairs(["Timestamp": stamp]), mode: .sha1Get))
    }

    @Test(arguments: [
        "", "TC3-HMAC-SHA256", "Basic QUtJRDp4", "TC3-HMAC-SHA256 Credential=AKIDfirst", "Bearer x",
        "TC3-HMAC-SHA256 Credential=AKIDfirst/2023-11-14/kms/tc3_request, SignedHeaders=content-type;host, Signature=00",
    ])
    func `A malformed authorization is a wrong signature`(header: String) async throws {
        var draft = client.draft("ListKeys")
        draft.set("Authorization", header)
        try await expect("AuthFailure.SignatureFailure", draft)
    }

    @Test func `Blanks after the commas may be missing`() async throws {
        var draft = client.draft("ListKeys")
        let header = draft.headers.first { $0.0 == "Authorization" }?.1 ?? ""
        draft.set("Authorization", header.replacing(", ", with: ","))
        try await expect("ok", draft)
    }

    @Test func `The scope is that of the timestamp's day and of this service`() async throws {
        var draft = client.draft("ListKeys")
        client.sign(&draft, service: "cvm")
        try await expect("AuthFailure.SignatureFailure", draft)
        client.sign(&draft, dateOf: now)
        try await expect("ok", draft)
        client.sign(&draft, dateOf: now - 86400)
        try await expect("AuthFailure.SignatureFailure", draft)
        client.sign(&draft, dateOf: now + 86400)
        try await expect("AuthFailure.SignatureFailure", draft)
    }

    @Test func `A request at midnight is dated by its timestamp, not by the clock`() async throws {
        let midnight = (now / 86400 + 1) * 86400
        fixture.clock.advance(by: .seconds(midnight - now + 10))
        for stamp in [midnight - 1, midnight] {
            #expect(try await fixture.outcome(client.request("ListKeys", timestamp: stamp)) == "ok")
        }
    }

    @Test func `Host and content type must be signed`() async throws {
        for names in [["host"], ["content-type"], ["x-tc-action"]] {
            var draft = client.draft("ListKeys")
            client.sign(&draft, names: names)
            try await expect("AuthFailure.SignatureFailure", draft, "\(names)")
        }
        for names in [
            ["content-type", "host", "x-tc-action"], ["content-type", "host", "x-tc-timestamp", "x-tc-region"],
        ] {
            var draft = client.draft("ListKeys")
            client.sign(&draft, names: names)
            try await expect("ok", draft, "\(names)")
        }
    }

    @Test func `A signed header that is absent or changed is noticed`() async throws {
        var draft = client.draft("ListKeys")
        client.sign(&draft, names: ["content-type", "host", "x-tc-action"])
        var changed = draft
        changed.set("X-TC-Action", "GetServiceStatus")
        try await expect("AuthFailure.SignatureFailure", changed)
        changed = draft
        changed.set("Host", "127.0.0.1")
        try await expect("AuthFailure.SignatureFailure", changed)
        changed = draft
        changed.set("Host", nil)
        try await expect("AuthFailure.SignatureFailure", changed)
        changed = draft
        changed.set("Content-Type", nil)
        try await expect("AuthFailure.SignatureFailure", changed)
        changed = draft
        changed.body = Array("{} ".utf8)
        try await expect("AuthFailure.SignatureFailure", changed)
        changed = draft
        changed.set("X-TC-Timestamp", String(now + 1))
        try await expect("AuthFailure.SignatureFailure", changed)
    }

    @Test func `A changed query is noticed`() async throws {
        var draft = TencentClient.Draft(method: .GET, target: "/?Limit=5")
        draft.headers = client.draft("ListKeys").headers
        draft.set("Content-Type", "application/x-www-form-urlencoded")
        client.sign(&draft)
        try await expect("ok", draft)
        draft.target = "/?Limit=6"
        try await expect("AuthFailure.SignatureFailure", draft)
        draft.target = "/?Limit=%35"
        try await expect("AuthFailure.SignatureFailure", draft)
        client.sign(&draft)
        try await expect("ok", draft)
    }

    @Test func `Identical requests all succeed`() async throws {
        let request = client.request("CreateKey", try JSONParser.parse(Array(#"{"Alias":"app"}"#.utf8)))
        #expect(try await fixture.outcome(request) == "ok")
        #expect(try await fixture.outcome(request) == "InvalidParameterValue.AliasAlreadyExists")
        let list = client.request("ListKeys")
        for _ in 0..<3 { #expect(try await fixture.outcome(list) == "ok") }
    }

    @Test func `An unsigned payload is taken where the client signed it so`() async throws {
        var draft = client.draft("ListKeys")
        draft.set("X-TC-Content-SHA256", "UNSIGNED-PAYLOAD")
        try await expect("AuthFailure.SignatureFailure", draft)
        client.sign(&draft, payload: "UNSIGNED-PAYLOAD")
        try await expect("ok", draft)
        draft.set("X-TC-Content-SHA256", nil)
        try await expect("AuthFailure.SignatureFailure", draft)
    }

    @Test(arguments: [
        "Host", "Authorization", "X-TC-Timestamp", "X-TC-Action", "X-TC-Version", "X-TC-Region", "Content-Type",
    ])
    func `A header given twice is refused`(name: String) async throws {
        var draft = client.draft("ListKeys")
        let value = draft.headers.first { $0.0 == name }?.1 ?? ""
        draft.headers.append((name.lowercased(), value))
        try await expect("AuthFailure.SignatureFailure", draft)
    }

    @Test(arguments: [
        ("application/json", "ok"), ("application/json; charset=utf-8", "ok"), ("application/json;charset=UTF-8", "ok"),
        ("Application/JSON", "ok"), ("text/plain", "InvalidParameter"), ("", "InvalidParameter"),
        ("application/x-www-form-urlencoded", "InvalidParameter"),
        ("multipart/form-data; boundary=x", "InvalidParameter"),
        ("application/jsonx", "InvalidParameter"),
    ])
    func `TC3 posts JSON`(type: String, outcome: String) async throws {
        var draft = client.draft("ListKeys")
        draft.set("Content-Type", type)
        client.sign(&draft)
        try await expect(outcome, draft)
    }

    @Test(arguments: [
        "null", "[]", "5", "\"x\"", "{", "{}{}", "{\"Limit\":1,}", "{'Limit':1}", "{\"Limit\":1,\"Limit\":2}",
        "\u{FEFF}{}",
        "Limit=1", "{\"Limit\":01}", "{\"Limit\":NaN}",
    ])
    func `A body that is no JSON object is refused`(body: String) async throws {
        var draft = client.draft("ListKeys")
        draft.body = Array(body.utf8)
        client.sign(&draft)
        try await expect("InvalidParameter", draft)
    }

    @Test(arguments: ["", "{}", " {\n} ", "{\"Limit\":null}"])
    func `An empty body counts as an empty object`(body: String) async throws {
        var draft = client.draft("ListKeys")
        draft.body = Array(body.utf8)
        client.sign(&draft)
        try await expect("ok", draft)
    }

    @Test func `A temporary token sent along is ignored`() async throws {
        var draft = client.draft("ListKeys")
        draft.headers += [("X-TC-Token", "abc"), ("X-TC-TraceId", "x"), ("X-TC-Language", "zh-CN")]
        try await expect("ok", draft)
        try await expect("ok", client.signedV1(pairs(["Token": "abc", "Language": "zh-CN"]), mode: .sha1Get))
    }

    // MARK: v1

    @Test(arguments: ["SecretId", "Timestamp", "Nonce", "Action", "Version", "Region"])
    func `v1 needs all common parameters`(name: String) async throws {
        try await expect("MissingParameter", client.signedV1(pairs([name: nil]), mode: .sha1Get))
        try await expect("MissingParameter", client.signedV1(pairs([name: ""]), mode: .sha1Post))
    }

    @Test func `v1 needs a signature`() async throws {
        try await expect("MissingParameter", client.draftV1(pairs(), mode: .sha1Get))
        try await expect("MissingParameter", client.draftV1(pairs() + [("Signature", "")], mode: .sha1Post))
        try await expect("AuthFailure.SignatureFailure", client.draftV1(pairs() + [("Signature", "x")], mode: .sha1Get))
    }

    @Test func `A request without any mark is told what is missing`() async throws {
        try await expect("MissingParameter", TencentClient.Draft(method: .GET))
        try await expect("MissingParameter", TencentClient.Draft(method: .POST))
        try await expect(
            "MissingParameter",
            TencentClient.Draft(method: .POST, headers: [("Content-Type", "application/json")], body: Array("{}".utf8)))
    }

    @Test(arguments: ["x", "1.5", "-1", " "])
    func `A nonce is a number`(nonce: String) async throws {
        try await expect("InvalidParameter", client.signedV1(pairs(["Nonce": nonce]), mode: .sha1Get))
    }

    @Test func `A nonce is used once`() async throws {
        try await expect("ok", client.signedV1(pairs(), mode: .sha1Get))
        try await expect("AuthFailure.SignatureFailure", client.signedV1(pairs(), mode: .sha1Get))
        try await expect("AuthFailure.SignatureFailure", client.signedV1(pairs(), mode: .sha1Post))
        try await expect(
            "AuthFailure.SignatureFailure", client.signedV1(pairs(action: "GetServiceStatus"), mode: .sha1Get))
        try await expect("ok", client.signedV1(pairs(["Nonce": "11887"]), mode: .sha1Get))
        fixture.clock.advance(by: .seconds(1))
        try await expect("ok", client.signedV1(pairs(), mode: .sha1Get))
    }

    @Test func `Only a request that was let in uses up its nonce`() async throws {
        try await expect("AuthFailure.SignatureFailure", client.draftV1(pairs() + [("Signature", "x")], mode: .sha1Get))
        try await expect("InvalidAction", client.signedV1(pairs(action: "Nothing"), mode: .sha1Get))
        try await expect("UnsupportedRegion", client.signedV1(pairs(["Region": "mars"]), mode: .sha1Get))
        try await expect("ok", client.signedV1(pairs(), mode: .sha1Get))
    }

    @Test func `A replay is told before the parameters`() async throws {
        try await expect("UnknownParameter", client.signedV1(pairs(["Extra": "1"]), mode: .sha1Get))
        try await expect("AuthFailure.SignatureFailure", client.signedV1(pairs(["Extra": "1"]), mode: .sha1Get))
    }

    @Test func `Host, method and every parameter are signed`() async throws {
        var draft = client.signedV1(pairs(), mode: .sha1Get)
        draft.set("Host", "127.0.0.1")
        try await expect("AuthFailure.SignatureFailure", draft)
        draft = client.signedV1(pairs(), mode: .sha1Get)
        draft.target += "&Limit=1"
        try await expect("AuthFailure.SignatureFailure", draft)
        draft = client.signedV1(pairs(["SignatureMethod": "HmacSHA256"]), mode: .sha256Get)
        draft.target = draft.target.replacing("HmacSHA256", with: "HmacSHA1")
        try await expect("AuthFailure.SignatureFailure", draft)
    }

    @Test func `An unknown signature method means SHA-1`() async throws {
        try await expect("ok", client.signedV1(pairs(["SignatureMethod": "HmacSHA1"]), mode: .sha1Get))
        fixture.clock.advance(by: .seconds(1))
        try await expect("ok", client.signedV1(pairs(["SignatureMethod": "other"]), mode: .sha1Get))
    }

    @Test func `A parameter given twice is refused`() async throws {
        var draft = client.signedV1(pairs(), mode: .sha1Get)
        draft.target += "&Region=ap-guangzhou"
        try await expect("InvalidParameter", draft)
    }

    @Test func `Percent escapes may be in either case, and a blank either way`() async throws {
        var draft = client.signedV1(
            pairs(["Alias": "app", "Description": "ü b/+"], action: "CreateKey"), mode: .sha1Get)
        draft.target = draft.target.replacing("%C3%BC+b%2F%2B", with: "%c3%bc%20b%2f%2b")
        #expect(draft.target.contains("%c3%bc%20b"))
        try await expect("ok", draft)
        let listed = try await fixture.call("ListKeyDetail")
        guard case .array(let keys) = listed["KeyMetadatas"] else { return }
        #expect(keys.first?["Description"]?.text == "ü b/+")
    }

    @Test func `A v1 post is a form`() async throws {
        for (type, outcome) in [
            ("application/x-www-form-urlencoded; charset=utf-8", "ok"), ("text/plain", "InvalidParameter"),
            ("multipart/form-data", "InvalidParameter"),
        ] {
            var draft = client.signedV1(pairs(), mode: .sha1Post)
            draft.set("Content-Type", type)
            try await expect(outcome, draft, "\(type)")
            fixture.clock.advance(by: .seconds(1))
        }
    }

    @Test func `Either mark of TC3 alone is enough`() async throws {
        var draft = TencentClient.Draft(method: .POST, headers: [("X-TC-Action", "ListKeys")])
        #expect(Tencent.isSignedByHeader(HTTPHeaders(draft.headers)))
        try await expect("MissingParameter", draft)
        draft.headers = [("authorization", "TC3-HMAC-SHA256 x")]
        #expect(Tencent.isSignedByHeader(HTTPHeaders(draft.headers)))
        #expect(!Tencent.isSignedByHeader(HTTPHeaders([("Authorization", "ACS3-HMAC-SHA256 x")])))
    }

    // MARK: sizes

    @Test func `The sizes are those of the contract`() {
        let tc3 = HTTPHeaders([("X-TC-Action", "Encrypt")])
        #expect(Tencent.bodyLimit(method: .POST, headers: tc3) == 10 << 20)
        #expect(Tencent.bodyLimit(method: .POST, headers: [:]) == 1 << 20)
    }

    @Test func `A body or query that is too long is refused in the envelope`() async throws {
        var draft = client.draft("ListKeys")
        draft.bodyWasTooLarge = true
        draft.body = []
        try await expect("InvalidParameter", draft)
        let query = String(repeating: "a", count: 32 << 10)
        for (length, outcome) in [(32 << 10, "UnknownParameter"), ((32 << 10) + 1, "InvalidParameter")] {
            var draft = TencentClient.Draft(method: .GET, target: "/?" + (query + "b").prefix(length))
            draft.headers = client.draft("ListKeys").headers
            draft.set("Content-Type", "application/x-www-form-urlencoded")
            client.sign(&draft)
            try await expect(outcome, draft)
        }
    }
}
