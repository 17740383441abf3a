import ClavigerCrypto
import Crypto
import Foundation
import Testing

@testable import ClavigerSigning

@Suite struct SDKHMACTests {
    static let accessKeyID = "CLVGEXAMPLEAK0000001"
    static let secret = KeyMaterial(Array("clvgExampleSecretKey00000000000000000001".utf8))
    static let date = "20240102T030405Z"
    static let project = "0f1e2d3c4b5a69788796a5b4c3d2e1f0"
    static let key = "0d0466b0-e727-4d9c-b35d-f84bb474a37f"
    static let emptyHash = "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"

    static let headers = [
        "content-type": "application/json", "host": "127.0.0.1:7700", "user-agent": "clv-test/1",
        "x-project-id": project, "x-sdk-date": date,
    ]

    static func request(_ method: String, _ path: String, query: String = "", body: String = "") -> SDKHMAC.Request {
        SDKHMAC.Request(
            method: method, path: Array(path.utf8)[...], query: Array(query.utf8)[...], body: Array(body.utf8)[...])
    }

    /// - Parameter names: what counts as signed; all of `headers` by default.
    static func canonical(
        _ request: SDKHMAC.Request, _ headers: [String: String] = ["host": "h"], names: String? = nil
    ) -> String? {
        let names = Array((names ?? headers.keys.sorted().joined(separator: ";")).utf8)
        return SDKHMAC.canonicalRequest(request, signedNames: names[...]) {
            headers[String(decoding: $0, as: UTF8.self)]
        }.map { String(decoding: $0, as: UTF8.self) }
    }

    private static func lines(_ text: String?) -> [String] {
        (text ?? "").split(separator: "\n", omittingEmptySubsequences: false).map(String.init)
    }

    // MARK: vectors

    /// A request and what the vendor's own signer (`huaweicloudsdkcore` 3.1.219) makes of it.
    struct Vector: Sendable, CustomTestStringConvertible {
        let name: String
        let request: SDKHMAC.Request
        var headers = SDKHMACTests.headers
        var bodyHash = SDKHMACTests.emptyHash
        let hash: String
        let signature: String

        var testDescription: String { name }
    }

    static let vectors = [
        Vector(
            name: "A", request: request("POST", "/v1.0/\(project)/kms/create-key", body: #"{"key_alias": "test"}"#),
            bodyHash: "9c0186efb92bbffca3fd4b3451737f877b0336f04270715253517a9df851e7aa",
            hash: "54d885ffc137421877a8753fad3af21e254f67bcd4d17d5374723ebf6840dacb",
            signature: "77f70b36fe2217487e2679ace2ac46ac5fb42b73a0dd3f6e9995016706619bbe"),
        Vector(
            name: "B", request: request("GET", "/v3/projects", query: "name=ae-ad-1"),
            headers: headers.filter { ["host", "user-agent", "x-sdk-date"].contains($0.key) },
            hash: "74f70b99e0711ca5ddf2e9649c49710dd1cde1ced6cbea8ee23f464ded6b0cb9",
            signature: "39e0562ad2a47a9dd4048c5df0cb94e9b31445049b6e0c3e98853d015dbcc825"),
        Vector(
            name: "C", request: request("DELETE", "/v1.0/\(project)/kms/\(key)/tags/a%2Fb%20%26%E9%94%AE"),
            hash: "6c85102008dbcdd87286f609c095cf3bbc0dbfd946a3fc062aa66156b9627f11",
            signature: "303a4d5673aca90fd6f5ebc2ec4389da31f1bc00dc018330319140f280def169"),
        Vector(
            name: "D",
            request: request(
                "POST", "/v1.0/\(project)/kms/\(key)/tags/action",
                body: #"{"action": "create", "tags": [{"key": "\u952e", "value": "v"}]}"#),
            bodyHash: "bd496f02d71411309a3e9630d16d67ff3c893f2e9b6b58e900eb93bc227a070d",
            hash: "39b4781a6ee51d05f8327c9873f833e9a43298f25051008a326693e079d0a209",
            signature: "a2e25c7e58006f7957b15d718d131f9150d35cd1aa218f80999e4dc943d8d30f"),
        Vector(
            name: "E", request: request("GET", "/v1.0/\(project)/kms/aliases", query: "a=~%2A&a-b=&b=2%203"),
            hash: "6a0d3eccca7dfc8165d3cb8a391b08a7185cb3515d56f6675d820ff5c6e0c04c",
            signature: "928a108bcee21d6fa206fd365b94101689f6348fa4737663113135b9ddd54c57"),
        Vector(
            name: "several values of a name, a plus and a blank",
            request: request("GET", "/v3/projects", query: "name=a&name=b&x=a%2Bb%20c"),
            headers: headers.filter { ["host", "x-sdk-date"].contains($0.key) }, hash: "",
            signature: "65096c030ecdcb5de2609ebe4acac406c443f5b211cf7c5d7b7203709da5484d"),
        Vector(
            name: "headers with blanks, signs and Chinese",
            request: request("POST", "/v1.0/p/kms/x", body: #"{"a":1}"#),
            headers: [
                "content-type": "application/json", "host": "127.0.0.1:7700", "user-agent": "clv test;#/1  x",
                "x-custom": "键", "x-sdk-date": date,
            ],
            bodyHash: "015abd7f5cc57a2dd94b7590f04ad8084273905ee33ec5cebeae62276a97f862", hash: "",
            signature: "55b7b46b9bf055678fa272e4959828cb7af88421f479f928942843e18c6f9e0b"),
    ]

    @Test(arguments: vectors)
    func `A request is signed as the vendor's SDK signs it`(vector: Vector) throws {
        let canonical = try #require(Self.canonical(vector.request, vector.headers))
        #expect(canonical.hasSuffix("\n\(vector.bodyHash)"))
        if !vector.hash.isEmpty { #expect(Hex.string(SHA256.hash(data: Array(canonical.utf8))) == vector.hash) }
        let header = try #require(
            SDKHMACAuthorization.header(
                for: vector.request, accessKeyID: Self.accessKeyID, secret: Self.secret, headers: vector.headers))
        #expect(header.hasSuffix(", Signature=\(vector.signature)"))
        let authorization = try #require(SDKHMACAuthorization(header))
        #expect(authorization.accessKeyID == Self.accessKeyID)
        #expect(
            authorization.isSignature(of: vector.request, secret: Self.secret) {
                vector.headers[String(decoding: $0, as: UTF8.self)]
            })
    }

    @Test func `The canonical request has six parts`() {
        let request = Self.request("DELETE", "/v1.0/p/kms/k/tags/a%2Fb%20%26%E9%94%AE", query: "b=2&a=1")
        #expect(
            Self.canonical(request, ["host": "h:1", "x-sdk-date": Self.date]) == """
                DELETE
                /v1.0/p/kms/k/tags/a/b%20%26%E9%94%AE/
                a=1&b=2
                host:h:1
                x-sdk-date:20240102T030405Z

                host;x-sdk-date
                \(Self.emptyHash)
                """)
    }

    @Test func `The string to sign has three lines`() {
        let text = SDKHMAC.stringToSign(canonicalRequest: Array("x".utf8), date: " 20240102T030405Z ")
        #expect(
            String(decoding: text, as: UTF8.self) == """
                SDK-HMAC-SHA256
                20240102T030405Z
                \(Hex.string(SHA256.hash(data: Array("x".utf8))))
                """)
    }

    // MARK: path and query

    /// All but the empty one were made with the vendor's own signer.
    @Test(arguments: [
        ("", "/"), ("/", "/"), ("//", "//"), ("/a b", "/a%20b/"), ("/a%20b", "/a%20b/"), ("/%zz", "/%25zz/"),
        ("/a%2Fb", "/a/b/"), ("/%2F", "//"), ("/a%2f", "/a/"), ("/%E9%94%AE", "/%E9%94%AE/"), ("/键", "/%E9%94%AE/"),
        ("/a//b/", "/a//b/"), ("/%", "/%25/"), ("/%2", "/%252/"), ("/100%/x", "/100%25/x/"), ("/~", "/~/"),
        ("/%7e%7E", "/~~/"), ("/a+b", "/a%2Bb/"), ("/%2525", "/%2525/"),
        ("/!'()*;:@&=$,", "/%21%27%28%29%2A%3B%3A%40%26%3D%24%2C/"), ("/%41%2d%5f%2E", "/A-_./"),
        ("/a/../b/.", "/a/../b/./"), ("/%00%0A", "/%00%0A/"), ("/%7Bproject_id%7D/x", "/%7Bproject_id%7D/x/"),
    ])
    func `The path is decoded as a whole, encoded again, and ends in a slash`(sent: String, canonical: String) {
        #expect(Self.lines(Self.canonical(Self.request("GET", sent)))[1] == canonical)
    }

    @Test(arguments: [([0x2F, 0x25, 0x46, 0x46], "/%FF/"), ([0x2F, 0xC3], "/%C3/"), ([0x2F, 0xC3, 0x2F], "/%C3/")])
    func `A path that is no text is signed byte for byte`(sent: [UInt8], canonical: String) {
        let request = SDKHMAC.Request(method: "GET", path: sent[...], query: [], body: [])
        #expect(Self.lines(Self.canonical(request))[1] == canonical)
    }

    /// Those whose left side is as the SDK sends it were made with the vendor's own signer.
    @Test(arguments: [
        ("", ""), ("a=", "a="), ("b=2&a=1", "a=1&b=2"), ("a=z&a=&a=b&a=B", "a=&a=B&a=b&a=z"),
        ("a=10&a=9", "a=10&a=9"), ("a=9&a=10", "a=10&a=9"), ("a=~%2A&a-b=&a9=1&a%3A=1", "a=~%2A&a-b=&a9=1&a%3A=1"),
        ("a%3A=1&a9=1&a-b=&a=~%2A", "a=~%2A&a-b=&a9=1&a%3A=1"), ("x=a%2Bb%20c", "x=a%2Bb%20c"),
        ("x=a+b c", "x=a%2Bb%20c"), ("x=a%3Db%26c", "x=a%3Db%26c"), ("x=a=b", "x=a%3Db"),
        ("%E9%94%AE=%E5%80%BC", "%E9%94%AE=%E5%80%BC"), ("键=值", "%E9%94%AE=%E5%80%BC"),
        (
            "%F0%9F%94%91=3&%EF%BF%BD=4&%C3%A9=1&z=2", "z=2&%C3%A9=1&%EF%BF%BD=4&%F0%9F%94%91=3"
        ),
        ("a=2&_=3&A=1", "A=1&_=3&a=2"), ("a=%2f?%23[]", "a=%2F%3F%23%5B%5D"), ("=v", "=v"), ("a", "a="),
        ("b&a", "a=&b="), ("&&a=1&&b=2&", "a=1&b=2"), ("&", ""), ("a=%", "a=%25"), ("a=%4", "a=%254"),
        ("%61=%62", "a=b"), ("ab=&a=b", "a=b&ab="), ("a=%FF", "a=%FF"),
    ])
    func `The query is decoded, sorted by name and value, and encoded again`(sent: String, canonical: String) {
        #expect(Self.lines(Self.canonical(Self.request("GET", "/", query: sent)))[2] == canonical)
    }

    // MARK: headers and body

    @Test(arguments: [
        ("  Value\t", "Value"), ("A  B", "A  B"), ("", ""), (" \t ", ""), ("键", "键"), ("a;b#c/d,e", "a;b#c/d,e"),
    ])
    func `Header values are trimmed and else as they are`(value: String, expected: String) {
        #expect(Self.lines(Self.canonical(Self.request("GET", "/"), ["host": value]))[3] == "host:\(expected)")
    }

    @Test func `A signed header that is absent makes no canonical request`() {
        for names in ["host;x-sdk-date", "host;", ";host", ""] {
            #expect(Self.canonical(Self.request("GET", "/"), ["host": "h"], names: names) == nil, "\(names)")
        }
        #expect(Self.canonical(Self.request("GET", "/"), ["host": "h"], names: "host") != nil)
    }

    @Test(arguments: [
        ("{}", "44136fa355b3678a1146ad16f7e8649e94fb4fc21fe77e8310c060f61caaff8a", true),
        ("{}", " 44136fa355b3678a1146ad16f7e8649e94fb4fc21fe77e8310c060f61caaff8a", true),
        ("", emptyHash, true), ("{}", emptyHash, false),
        ("{}", "44136FA355B3678A1146AD16F7E8649E94FB4FC21FE77E8310C060F61CAAFF8A", false),
        ("{}", "44136fa355b3678a1146ad16f7e8649e94fb4fc21fe77e8310c060f61caaff8", false),
        ("{}", "44136fa355b3678a1146ad16f7e8649e94fb4fc21fe77e8310c060f61caaff8a0", false),
        ("{}", "UNSIGNED-PAYLOAD", false), ("", "UNSIGNED-PAYLOAD", false), ("{}", "", false),
    ])
    func `A hash of the body that is sent must be right, signed or not`(body: String, hash: String, isRight: Bool) {
        let request = Self.request("POST", "/", body: body)
        let headers = ["host": "h", "x-sdk-content-sha256": hash]
        for names in ["host", "host;x-sdk-content-sha256"] {
            #expect((Self.canonical(request, headers, names: names) != nil) == isRight)
        }
    }

    // MARK: dates

    @Test(
        arguments: [
            ("19700101T000000Z", 0), ("19691231T235959Z", -1), ("20240102T030405Z", 1_704_164_645),
            ("20240229T235959Z", 1_709_251_199), ("20000229T000000Z", 951_782_400),
            ("99991231T235959Z", 253_402_300_799),
            ("00000101T000000Z", -62_167_219_200),
        ] as [(String, Int64)])
    func `A date is read as the moment that it is`(text: String, seconds: Int64) {
        #expect(SDKHMAC.timestamp(of: text) == seconds)
    }

    @Test(arguments: [
        "", "20240102T030405", "20240102T030405z", "20240102t030405Z", "20240102 030405Z", "20240102T030405Z ",
        " 20240102T030405Z", "2024-01-02T03:04:05Z", "20240102T030405+0000", "1704164645", "20241302T030405Z",
        "20240002T030405Z", "20240100T030405Z", "20240132T030405Z", "20240431T030405Z", "20230229T030405Z",
        "21000229T030405Z", "20240230T030405Z", "20240102T240000Z", "20240102T036005Z", "20240102T030460Z",
        "2024010aT030405Z", "2024010 T030405Z", "+0240102T030405Z", "20240102T-30405Z", "２0240102T030405Z",
        "2024010２T0304Z", "20240102T0304050Z",
    ])
    func `What no calendar has is no date`(text: String) {
        #expect(SDKHMAC.timestamp(of: text) == nil)
    }

    @Test func `Dates are those of Foundation`() {
        var calendar = Calendar(identifier: .gregorian)
        calendar.timeZone = TimeZone(secondsFromGMT: 0)!  // zero is a legal offset
        func padded(_ number: Int?, _ width: Int) -> String {
            let digits = String(number ?? -1)
            return String(repeating: "0", count: width - digits.count) + digits
        }
        // Every day of two centuries, each at another time of it.
        for day: Int64 in 0..<73_050 {
            let second = day * 86400 + day * 7919 % 86400
            let parts = calendar.dateComponents(
                [.year, .month, .day, .hour, .minute, .second],
                from: Date(timeIntervalSince1970: TimeInterval(second)))
            let text =
                padded(parts.year, 4) + padded(parts.month, 2) + padded(parts.day, 2) + "T" + padded(parts.hour, 2)
                + padded(parts.minute, 2) + padded(parts.second, 2) + "Z"
            if SDKHMAC.timestamp(of: text) != second { Issue.record("\(text) is not \(second)") }
        }
    }
}
