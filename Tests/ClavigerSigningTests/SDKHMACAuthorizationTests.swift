import ClavigerCrypto
import ClavigerSigning
import Testing

@Suite struct SDKHMACAuthorizationTests {
    private static let code = String(repeating: "0a", count: 32)
    private static let names = "SignedHeaders=host;x-sdk-date"
    private static let signature = "Signature=\(code)"

    @Test(arguments: [
        "SDK-HMAC-SHA256 Access=ID, \(names), \(signature)", "SDK-HMAC-SHA256 Access=ID,\(names),\(signature)",
        "SDK-HMAC-SHA256 Access=ID,   \(names), \(signature)",
    ])
    func `The documented form is read`(header: String) throws {
        let authorization = try #require(SDKHMACAuthorization(header))
        #expect(authorization.accessKeyID == "ID")
        #expect(authorization.signedNames.elementsEqual("host;x-sdk-date".utf8))
        #expect(authorization.signature == [UInt8](repeating: 10, count: 32))
    }

    @Test(arguments: [
        "", "SDK-HMAC-SHA256", "SDK-HMAC-SHA256 ", "sdk-hmac-sha256 Access=ID, \(names), \(signature)",
        "SDK-HMAC-SM3 Access=ID, \(names), \(signature)", "SDK-ECDSA-P256-SHA256 Access=ID, \(names), \(signature)",
        "SDK-SM2-SM3 Access=ID, \(names), \(signature)", "V11-HMAC-SHA256 Credential=ID/x, \(names), \(signature)",
        "SDK-HMAC-SHA256X Access=ID, \(names), \(signature)", "SDK-HMAC-SHA256Access=ID, \(names), \(signature)",
        " SDK-HMAC-SHA256 Access=ID, \(names), \(signature)", "SDK-HMAC-SHA256  Access=ID, \(names), \(signature)",
        "Bearer x", "SDK-HMAC-SHA256 Access=, \(names), \(signature)",
        "SDK-HMAC-SHA256 access=ID, \(names), \(signature)",
        "SDK-HMAC-SHA256 Credential=ID, \(names), \(signature)", "SDK-HMAC-SHA256 Access=I D, \(names), \(signature)",
        "SDK-HMAC-SHA256 Access=ID , \(names), \(signature)", "SDK-HMAC-SHA256 Access=Ü, \(names), \(signature)",
        "SDK-HMAC-SHA256 Access=ID\t, \(names), \(signature)", "SDK-HMAC-SHA256 \(names), \(signature)",
        "SDK-HMAC-SHA256 Access=ID, \(signature)", "SDK-HMAC-SHA256 Access=ID, \(names)",
        "SDK-HMAC-SHA256 Access=ID, \(names),", "SDK-HMAC-SHA256 Access=ID \(names) \(signature)",
        "SDK-HMAC-SHA256 Access=ID;\(names);\(signature)", "SDK-HMAC-SHA256 Access=ID, \(signature), \(names)",
        "SDK-HMAC-SHA256 \(signature), \(names), Access=ID", "SDK-HMAC-SHA256 Access=ID,, \(names), \(signature)",
        "SDK-HMAC-SHA256 Access=ID, Access=ID, \(names), \(signature)",
        "SDK-HMAC-SHA256 Access=ID, \(names), \(signature),", "SDK-HMAC-SHA256 Access=ID, \(names), \(signature) ",
        "SDK-HMAC-SHA256 Access=ID, \(names), \(signature), x=1",
        "SDK-HMAC-SHA256 Access=ID, \(names), \(signature), \(signature)",
        "SDK-HMAC-SHA256 Access=ID, \(names), Signature=", "SDK-HMAC-SHA256 Access=ID, \(names), \(signature)0a",
        "SDK-HMAC-SHA256 Access=ID, \(names), Signature=\(code.dropLast())",
        "SDK-HMAC-SHA256 Access=ID, \(names), Signature=\(code.dropLast())g",
        "SDK-HMAC-SHA256 Access=ID, \(names), Signature=\(code.dropLast())A",
        "SDK-HMAC-SHA256 Access=ID, \(names), Signature=\(code.uppercased())",
        "SDK-HMAC-SHA256 Access=ID, \(names), Signature= \(code)",
    ])
    func `Everything else is refused`(header: String) {
        #expect(SDKHMACAuthorization(header) == nil)
    }

    @Test(arguments: [
        ("x-sdk-date", true), ("content-type;host;user-agent;x-project-id;x-sdk-date", true), ("a;b;x-sdk-date", true),
        ("a-b;a.b;x-sdk-date;z", true), ("host;x-sdk-date-2;x-sdk-date", false), ("", false), ("host", false),
        ("host;x-sdk-dat", false), ("host;x-sdk-date2", false), ("x-sdk-date;host", false), ("b;a;x-sdk-date", false),
        ("host;host;x-sdk-date", false), ("x-sdk-date;x-sdk-date", false), ("host;;x-sdk-date", false),
        (";x-sdk-date", false), ("x-sdk-date;", false), ("Host;x-sdk-date", false), ("X-Sdk-Date", false),
        ("host; x-sdk-date", false), ("host:x-sdk-date", false), ("ho st;x-sdk-date", false), ("hö;x-sdk-date", false),
        ("a=b;x-sdk-date", false), ("a\u{0};x-sdk-date", false),
    ])
    func `The signed names are in lower case, sorted and unlike, and the date is among them`(
        names: String, isRight: Bool
    ) {
        let authorization = SDKHMACAuthorization(
            "SDK-HMAC-SHA256 Access=ID, SignedHeaders=\(names), \(Self.signature)")
        #expect((authorization != nil) == isRight)
    }
}

@Suite struct SDKHMACVerificationTests {
    private static let request = SDKHMACTests.request(
        "POST", "/v1.0/p/kms/x", query: "a=1&b=2", body: #"{"key_id":"1"}"#)

    private static func authorization(_ headers: [String: String] = SDKHMACTests.headers) throws
        -> SDKHMACAuthorization
    {
        let header = try #require(
            SDKHMACAuthorization.header(
                for: request, accessKeyID: "ID", secret: SDKHMACTests.secret, headers: headers))
        return try #require(SDKHMACAuthorization(header))
    }

    private static func isRight(
        _ authorization: SDKHMACAuthorization, _ request: SDKHMAC.Request = request,
        secret: KeyMaterial = SDKHMACTests.secret, headers: [String: String] = SDKHMACTests.headers
    ) -> Bool {
        authorization.isSignature(of: request, secret: secret) { headers[String(decoding: $0, as: UTF8.self)] }
    }

    @Test func `Any change of what is signed is noticed`() throws {
        let authorization = try Self.authorization()
        #expect(Self.isRight(authorization))
        for changed in [
            SDKHMACTests.request("PUT", "/v1.0/p/kms/x", query: "a=1&b=2", body: #"{"key_id":"1"}"#),
            SDKHMACTests.request("POST", "/v1.0/p/kms/y", query: "a=1&b=2", body: #"{"key_id":"1"}"#),
            SDKHMACTests.request("POST", "/v1.0/p/kms/x", query: "a=1&b=3", body: #"{"key_id":"1"}"#),
            SDKHMACTests.request("POST", "/v1.0/p/kms/x", query: "a=1", body: #"{"key_id":"1"}"#),
            SDKHMACTests.request("POST", "/v1.0/p/kms/x", query: "a=1&b=2", body: #"{"key_id":"2"}"#),
            SDKHMACTests.request("POST", "/v1.0/p/kms/x", query: "a=1&b=2", body: #"{"key_id": "1"}"#),
            SDKHMACTests.request("POST", "/v1.0/p/kms/x", query: "a=1&b=2"),
        ] { #expect(!Self.isRight(authorization, changed)) }
        for name in SDKHMACTests.headers.keys {
            for value in [nil, "", "x", (SDKHMACTests.headers[name] ?? "") + "0"] {
                var headers = SDKHMACTests.headers
                headers[name] = value
                #expect(!Self.isRight(authorization, headers: headers), "\(name)")
            }
        }
        for secret in ["", "x", "clvgExampleSecretKey00000000000000000002"] {
            #expect(!Self.isRight(authorization, secret: KeyMaterial(Array(secret.utf8))))
        }
    }

    @Test func `What is not signed may be anything`() throws {
        var headers = SDKHMACTests.headers
        headers["accept"] = "*/*"
        #expect(Self.isRight(try Self.authorization(), headers: headers))
    }

    @Test func `The order of the query's pairs and its escapes do not matter`() throws {
        let sent = SDKHMACTests.request("POST", "/v1.0/p/kms/%78", query: "b=%32&%61=1", body: #"{"key_id":"1"}"#)
        #expect(Self.isRight(try Self.authorization(), sent))
    }

    @Test func `Each bit of a signature counts`() throws {
        let header = try #require(
            SDKHMACAuthorization.header(
                for: Self.request, accessKeyID: "ID", secret: SDKHMACTests.secret, headers: SDKHMACTests.headers))
        let start = header.utf8.count - 64
        for position in start..<header.utf8.count {
            var bytes = Array(header.utf8)
            bytes[position] = bytes[position] == UInt8(ascii: "0") ? UInt8(ascii: "1") : UInt8(ascii: "0")
            let changed = try #require(SDKHMACAuthorization(String(decoding: bytes, as: UTF8.self)))
            #expect(!Self.isRight(changed))
        }
    }

    @Test func `A hash of the body that is sent beside the signature must be right`() throws {
        let hash = "UNSIGNED-PAYLOAD"
        var headers = SDKHMACTests.headers
        headers["x-sdk-content-sha256"] = hash
        #expect(!Self.isRight(try Self.authorization(), headers: headers))
        #expect(
            SDKHMACAuthorization.header(
                for: Self.request, accessKeyID: "ID", secret: SDKHMACTests.secret, headers: headers) == nil)
    }

    @Test func `Without a date nothing is signed`() {
        var headers = SDKHMACTests.headers
        headers["x-sdk-date"] = nil
        #expect(
            SDKHMACAuthorization.header(
                for: Self.request, accessKeyID: "ID", secret: SDKHMACTests.secret, headers: headers) == nil)
    }
}
