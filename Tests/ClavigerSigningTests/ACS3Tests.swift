import ClavigerCrypto
import Crypto
import Testing

@testable import ClavigerSigning

@Suite struct ACS3Tests {
    static let secret = KeyMaterial(Array("testsecret".utf8))
    static let emptyHash = "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"
    static let headers = ["host": "h:1", "x-acs-content-sha256": emptyHash]

    /// A request and what the vendor's SDK for Python (`alibabacloud_tea_openapi`) makes of it.
    struct Vector: Sendable, CustomTestStringConvertible {
        let name: String
        let query: [(String, String)]
        let body: String
        let headers: [String: String]
        let hash: String
        let signature: String

        var testDescription: String { name }
    }

    static let vectors = [
        Vector(
            name: "A", query: [("KeySpec", "Aliyun_AES_256"), ("Empty", ""), ("Description", "a b*c~d/雪")], body: "",
            headers: [
                "accept": "application/json", "host": "127.0.0.1:7700", "user-agent": "demo/1.0",
                "x-acs-action": "CreateKey", "x-acs-date": "2021-05-20T06:34:21Z",
                "x-acs-signature-nonce": "3156853299f313e23d1673dc12e1703d", "x-acs-version": "2016-01-20",
                "x-acs-content-sha256": emptyHash,
            ],
            hash: "6436e34d93d7a3d1f8a1c613c530b0ba8e38649b2389d47558ae3307188f52e6",
            signature: "9050cce35bc459e6f11d5412aa8668dd995e194772577bb7b4b0031c1747d3fc"),
        Vector(
            name: "B", query: [("VersionId", "v2"), ("SecretName", "db/pw")],
            body: "SecretData=p%26%3D%2B+%25~%2A%E9%9B%AA",
            headers: [
                "content-type": "application/x-www-form-urlencoded", "host": "127.0.0.1:7700",
                "x-acs-action": "PutSecretValue", "x-acs-date": "2021-05-20T06:34:21Z",
                "x-acs-signature-nonce": "n-2", "x-acs-version": "2016-01-20",
                "x-acs-content-sha256": "229f041d570e59cd480f412123e154fa0b09be3942dc15c9460e6ddb9a478dbd",
            ],
            hash: "27d9d5a747846d1e700ec12a326f0fb065e428dc86c21ad61f700bf91edd708a",
            signature: "0941430841701d91470a3be8c403c59cce40e0d36eb7027bf26db69af884587d"),
    ]

    static func pairs(_ pairs: [(String, String)]) -> [(name: [UInt8], value: [UInt8])] {
        pairs.map { (name: Array($0.utf8), value: Array($1.utf8)) }
    }

    /// - Parameter names: what counts as signed; all of `headers` by default.
    static func canonical(
        query: [(String, String)] = [], headers: [String: String] = headers, names: String? = nil
    ) -> String? {
        let names = Array((names ?? headers.keys.sorted().joined(separator: ";")).utf8)
        return ACS3.canonicalRequest(method: "POST", query: pairs(query), signedNames: names[...]) {
            headers[String(decoding: $0, as: UTF8.self)]
        }.map { String(decoding: $0, as: UTF8.self) }
    }

    static func sign(
        query: [(String, String)] = [], headers: [String: String], method: String = "POST"
    ) -> String? {
        ACS3.sign(method: method, query: pairs(query), headers: headers, accessKeyID: "testid", secret: secret)
    }

    private static func lines(_ text: String?) -> [String] {
        (text ?? "").split(separator: "\n", omittingEmptySubsequences: false).map(String.init)
    }

    @Test(arguments: vectors)
    func `A request is signed as the vendor's SDK signs it`(vector: Vector) throws {
        let canonical = try #require(Self.canonical(query: vector.query, headers: vector.headers))
        #expect(Hex.string(SHA256.hash(data: Array(canonical.utf8))) == vector.hash)
        let text = ACS3.stringToSign(canonicalRequest: Array(canonical.utf8))
        #expect(String(decoding: text, as: UTF8.self) == "ACS3-HMAC-SHA256\n\(vector.hash)")
        let names = vector.headers.keys.sorted().joined(separator: ";")
        let header = try #require(Self.sign(query: vector.query, headers: vector.headers))
        #expect(
            header == "ACS3-HMAC-SHA256 Credential=testid,SignedHeaders=\(names),Signature=\(vector.signature)")
        let authorization = try #require(ACS3Authorization(header))
        #expect(authorization.isSignature(of: text, secret: Self.secret))
        #expect(ACS3.isHash(vector.headers["x-acs-content-sha256"], of: Array(vector.body.utf8)))
    }

    @Test func `The canonical request has six parts`() {
        #expect(
            Self.canonical(query: Self.vectors[0].query, headers: Self.headers) == """
                POST
                /
                Description=a%20b%2Ac~d%2F%E9%9B%AA&Empty=&KeySpec=Aliyun_AES_256
                host:h:1
                x-acs-content-sha256:\(Self.emptyHash)

                host;x-acs-content-sha256
                \(Self.emptyHash)
                """)
    }

    @Test(
        arguments: [
            ([], ""), ([("a", "")], "a="), ([("b", "2"), ("a", "1")], "a=1&b=2"),
            ([("ab", "1"), ("a", "2"), ("a.b", "3")], "a=2&a.b=3&ab=1"),
            ([("a-", "1"), ("a*", "2")], "a%2A=2&a-=1"),
            ([("a", "1"), ("B", "2"), ("_", "3"), ("雪", "4")], "B=2&_=3&a=1&%E9%9B%AA=4"),
            ([("x", "A-Z_a.z~09 +%/")], "x=A-Z_a.z~09%20%2B%25%2F"),
        ] as [([(String, String)], String)])
    func `The query is sorted by the names' bytes and encoded`(query: [(String, String)], expected: String) {
        #expect(Self.lines(Self.canonical(query: query))[2] == expected)
    }

    @Test(arguments: [
        ("  Value\t", "Value"), ("A  B", "A  B"), ("", ""), (" \t ", ""), ("键", "键"),
        ("127.0.0.1:7700", "127.0.0.1:7700"),
    ])
    func `Header values are trimmed and else as they are`(value: String, expected: String) {
        let headers = ["host": value, "x-acs-content-sha256": Self.emptyHash]
        #expect(Self.lines(Self.canonical(headers: headers))[3] == "host:\(expected)")
    }

    @Test func `Signed headers stand in the order that the client has them in`() {
        let text = Self.lines(Self.canonical(names: "x-acs-content-sha256;host"))
        #expect(text[3...6] == ["x-acs-content-sha256:\(Self.emptyHash)", "host:h:1", "", "x-acs-content-sha256;host"])
    }

    @Test(arguments: ["host;x-acs-date", "host;", ";host", ""])
    func `A signed header that is absent makes no canonical request`(names: String) {
        #expect(Self.canonical(names: names) == nil)
        #expect(Self.canonical(names: "host") != nil)
    }

    @Test func `Without the body's hash there is no canonical request`() {
        #expect(Self.canonical(headers: ["host": "h"]) == nil)
        let padded = Self.canonical(headers: ["host": "h", "x-acs-content-sha256": " \(Self.emptyHash)\t"])
        #expect(padded?.hasSuffix("\n\(Self.emptyHash)") == true)
    }

    @Test(arguments: [
        ("", emptyHash, true), ("", " \(emptyHash)\t", true), ("{}", emptyHash, false),
        ("{}", "44136fa355b3678a1146ad16f7e8649e94fb4fc21fe77e8310c060f61caaff8a", true),
        ("{}", "44136FA355B3678A1146AD16F7E8649E94FB4FC21FE77E8310C060F61CAAFF8A", false),
        ("{}", "44136fa355b3678a1146ad16f7e8649e94fb4fc21fe77e8310c060f61caaff8", false),
        ("{}", "44136fa355b3678a1146ad16f7e8649e94fb4fc21fe77e8310c060f61caaff8a0", false), ("", "", false),
        ("", "UNSIGNED-PAYLOAD", false), ("", nil, false),
    ])
    func `The body's hash is in lower-case hexadecimal`(body: String, hash: String?, isRight: Bool) {
        #expect(ACS3.isHash(hash, of: Array(body.utf8)) == isRight)
        if isRight { #expect(hash?.contains(ACS3.contentHash(of: Array(body.utf8))) == true) }
    }

    @Test(arguments: ["host", "x-acs-content-sha256"])
    func `Nothing is signed without host and the body's hash`(name: String) {
        #expect(Self.sign(headers: Self.headers) != nil)
        #expect(Self.sign(headers: Self.headers.filter { $0.key != name }) == nil)
    }

    @Test func `Any change of what is signed makes another signature`() {
        let query = [("a", "1"), ("b", "2")]
        var headers = [Self.headers]
        for name in Self.headers.keys {
            headers.append(Self.headers.merging([name: "x"]) { $1 })
            headers.append(Self.headers.merging([name: (Self.headers[name] ?? "") + "0"]) { $1 })
        }
        headers.append(Self.headers.merging(["x-acs-date": ""]) { $1 })
        var signed = headers.map { Self.sign(query: query, headers: $0) }
        signed.append(Self.sign(query: query, headers: Self.headers, method: "GET"))
        for changed in [[("a", "1")], [("a", "1"), ("b", "3")], [("a", "1"), ("c", "2")], [("a", "1&b=2")], []] {
            signed.append(Self.sign(query: changed, headers: Self.headers))
        }
        #expect(!signed.contains(nil))
        #expect(Set(signed).count == signed.count)
    }
}
