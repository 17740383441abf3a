import ClavigerCrypto
import ClavigerSigning
import Testing

@Suite struct TC3AuthorizationTests {
    private static let code = String(repeating: "0a", count: 32)
    private static let credential = "Credential=ID/2026-01-02/kms/tc3_request"
    private static let names = "SignedHeaders=content-type;host"
    private static let signature = "Signature=\(code)"

    @Test(arguments: [
        "TC3-HMAC-SHA256 \(credential), \(names), \(signature)",
        "TC3-HMAC-SHA256 \(credential),\(names),\(signature)",
        "TC3-HMAC-SHA256  \(credential),   \(names), \(signature)",
        "TC3-HMAC-SHA256 \(signature), \(names), \(credential)",
        "TC3-HMAC-SHA256 \(credential), \(names), \(signature),",
        "TC3-HMAC-SHA256 \(credential), \(names), Signature=\(String(repeating: "0A", count: 32))",
    ])
    func `The documented forms are read`(header: String) throws {
        let authorization = try #require(TC3Authorization(header))
        #expect(authorization.accessKeyID == "ID")
        #expect(authorization.date.elementsEqual("2026-01-02".utf8))
        #expect(authorization.service.elementsEqual("kms".utf8))
        #expect(authorization.signedNames.elementsEqual("content-type;host".utf8))
        #expect(authorization.signature == [UInt8](repeating: 10, count: 32))
    }

    @Test(arguments: [
        "", "TC3-HMAC-SHA256", "TC3-HMAC-SHA256 ", "tc3-hmac-sha256 \(credential), \(names), \(signature)",
        "TC3-HMAC-SHA1 \(credential), \(names), \(signature)", "Basic QUtJRDp4", "Bearer x",
        "ACS3-HMAC-SHA256 \(credential),\(names),\(signature)",
        "TC3-HMAC-SHA256\(credential), \(names), \(signature)",
        "TC3-HMAC-SHA256X \(credential), \(names), \(signature)",
        "TC3-HMAC-SHA256 \(names), \(signature)", "TC3-HMAC-SHA256 \(credential), \(signature)",
        "TC3-HMAC-SHA256 \(credential), \(names)",
        "TC3-HMAC-SHA256 \(credential), \(credential), \(names), \(signature)",
        "TC3-HMAC-SHA256 \(credential), \(names), \(names), \(signature)",
        "TC3-HMAC-SHA256 \(credential), \(names), \(signature), \(signature)",
        "TC3-HMAC-SHA256 \(credential), \(names), \(signature), Extra=1",
        "TC3-HMAC-SHA256 \(credential), \(names), \(signature), x",
        "TC3-HMAC-SHA256 \(credential), SignedHeaders=, \(signature)",
        "TC3-HMAC-SHA256 \(credential), \(names), Signature=",
        "TC3-HMAC-SHA256 \(credential), \(names), Signature=\(code)0a",
        "TC3-HMAC-SHA256 \(credential), \(names), Signature=\(code.dropLast())",
        "TC3-HMAC-SHA256 \(credential), \(names), Signature=\(code.dropLast())g",
        "TC3-HMAC-SHA256 Credential=, \(names), \(signature)",
        "TC3-HMAC-SHA256 Credential=ID, \(names), \(signature)",
        "TC3-HMAC-SHA256 Credential=/2026-01-02/kms/tc3_request, \(names), \(signature)",
        "TC3-HMAC-SHA256 Credential=ID/2026-01-02/kms, \(names), \(signature)",
        "TC3-HMAC-SHA256 Credential=ID/2026-01-02/kms/tc3_request/x, \(names), \(signature)",
        "TC3-HMAC-SHA256 Credential=ID/2026-01-02/kms/tc4_request, \(names), \(signature)",
    ])
    func `Everything else is refused`(header: String) {
        #expect(TC3Authorization(header) == nil)
    }

    @Test func `A signed name counts whole and in lower case`() throws {
        let authorization = try #require(
            TC3Authorization(
                "TC3-HMAC-SHA256 \(Self.credential), SignedHeaders=content-type;x-host;Date, \(Self.signature)"))
        #expect(authorization.signs("content-type"))
        #expect(authorization.signs("x-host"))
        #expect(!authorization.signs("host"))
        #expect(!authorization.signs("date"))
        #expect(!authorization.signs(""))
    }
}

@Suite struct TC3VerificationTests {
    private static let secret = TencentV1SignatureTests.secret
    private static let headers = [
        "content-type": "application/json", "host": "127.0.0.1:7700", "x-tc-action": "Encrypt",
    ]

    private static func request(
        _ method: String = "POST", query: String = "", timestamp: Int64 = 1_700_000_000, payload: String = "{}"
    ) -> TC3.Request {
        TC3.Request(
            method: method, query: Array(query.utf8)[...], timestamp: timestamp, payload: Array(payload.utf8)[...])
    }

    private static func key(_ secret: KeyMaterial = secret, service: String = "kms") -> HMACSHA256 {
        TC3.signingKey(secret: secret, date: TC3.date(of: 1_700_000_000)[...], service: Array(service.utf8)[...])
    }

    private static func authorization(_ request: TC3.Request, headers: [String: String] = headers) throws
        -> TC3Authorization
    {
        try #require(
            TC3Authorization(
                TC3Authorization.header(
                    for: request, accessKeyID: "ID", secret: secret, service: "kms", headers: headers)))
    }

    private static func isRight(
        _ authorization: TC3Authorization, _ request: TC3.Request, key: HMACSHA256 = key(),
        headers: [String: String] = headers
    ) -> Bool {
        authorization.isSignature(of: request, under: key) { headers[String(decoding: $0, as: UTF8.self)] }
    }

    @Test(arguments: [("POST", "", "{}"), ("POST", "", ""), ("GET", "a=1&b=%20", ""), ("POST", "", "UNSIGNED-PAYLOAD")])
    func `A header of ours verifies`(method: String, query: String, payload: String) throws {
        let request = Self.request(method, query: query, payload: payload)
        #expect(Self.isRight(try Self.authorization(request), request))
    }

    @Test func `Any change of what is signed is noticed`() throws {
        let authorization = try Self.authorization(Self.request())
        #expect(Self.isRight(authorization, Self.request()))
        for changed in [
            Self.request("GET"), Self.request(query: "a"), Self.request(timestamp: 1_700_000_001),
            Self.request(payload: "{} "),
        ] { #expect(!Self.isRight(authorization, changed)) }
        for (name, value) in [("host", "127.0.0.1"), ("content-type", "text/plain"), ("x-tc-action", "Decrypt")] {
            var headers = Self.headers
            headers[name] = value
            #expect(!Self.isRight(authorization, Self.request(), headers: headers))
            headers[name] = nil
            #expect(!Self.isRight(authorization, Self.request(), headers: headers))
        }
        #expect(!Self.isRight(authorization, Self.request(), key: Self.key(KeyMaterial([1]))))
        #expect(!Self.isRight(authorization, Self.request(), key: Self.key(service: "cvm")))
    }

    @Test func `Header values are signed in lower case, or as they were sent`() throws {
        let request = Self.request()
        let sent = ["content-type": "Application/JSON; Charset=UTF-8", "host": "Example.ORG:7700"]
        let lower = sent.mapValues { $0.lowercased() }
        #expect(Self.isRight(try Self.authorization(request, headers: lower), request, headers: sent))

        let names = Array("content-type;host".utf8)
        let raw = try #require(
            TC3.canonicalRequest(request, signedNames: names[...], lowercasingValues: false) {
                sent[String(decoding: $0, as: UTF8.self)]
            })
        let date = TC3.date(of: request.timestamp)
        let text = TC3.stringToSign(
            canonicalRequest: raw, timestamp: request.timestamp, date: date[...], service: Array("kms".utf8)[...])
        let signature = text.withUnsafeBytes { Hex.string(Self.key().code(for: $0)) }
        let asSent = try #require(
            TC3Authorization(
                "TC3-HMAC-SHA256 Credential=ID/\(String(decoding: date, as: UTF8.self))/kms/tc3_request, "
                    + "SignedHeaders=content-type;host, Signature=\(signature)"))
        #expect(Self.isRight(asSent, request, headers: sent))
        #expect(!Self.isRight(asSent, request, headers: sent.mapValues { $0.uppercased() }))
    }
}
