import ClavigerCrypto
import ClavigerSigning
import Crypto
import Foundation
import Testing

@Suite struct TC3Tests {
    static let secret = TencentV1SignatureTests.secret

    private static func request(
        _ method: String = "GET", query: String = "Limit=10&Offset=0", timestamp: Int64 = 1_539_084_154,
        payload: String = ""
    ) -> TC3.Request {
        TC3.Request(
            method: method, query: Array(query.utf8)[...], timestamp: timestamp, payload: Array(payload.utf8)[...])
    }

    private static func canonical(
        _ request: TC3.Request, _ headers: [String: String], names: String? = nil, lowercasing: Bool = true
    ) -> String? {
        let names = Array((names ?? headers.keys.sorted().joined(separator: ";")).utf8)
        return TC3.canonicalRequest(request, signedNames: names[...], lowercasingValues: lowercasing) {
            headers[String(decoding: $0, as: UTF8.self)]
        }.map { String(decoding: $0, as: UTF8.self) }
    }

    private static func headers(host: String) -> [String: String] {
        ["content-type": "application/x-www-form-urlencoded", "host": host]
    }

    @Test(arguments: [
        (
            "cvm.tencentcloudapi.com", "91c9c192c14460df6c1ffc69e34e6c5e90708de2a6d282cccf957dbf1aa7f3a7",
            "5da7a33f6993f0614b047e5df4582db9e9bf4672ba50567dba16c6ccf174c474"
        ),
        (
            "cvm.finance.cloud.tencent.com", "404c983ca91e7a42db052e715f6b87872972d90b3e9bbaccc892fd145db57a51",
            "e58ba76f0ad56875e1ef9f67e4930f28ba11e300c6f055aace641b06f433ff1b"
        ),
    ])
    func `The documents' example has the printed hash and signature`(host: String, hash: String, signature: String)
        throws
    {
        let request = Self.request()
        let canonical = try #require(Self.canonical(request, Self.headers(host: host)))
        #expect(Hex.string(SHA256.hash(data: Array(canonical.utf8))) == hash)
        let header = TC3Authorization.header(
            for: request, accessKeyID: "AKIDz8krbsJ5yKBZQpn74WFkmLPx3EXAMPLE", secret: Self.secret, service: "cvm",
            headers: Self.headers(host: host))
        #expect(
            header
                == "TC3-HMAC-SHA256 Credential=AKIDz8krbsJ5yKBZQpn74WFkmLPx3EXAMPLE/2018-10-09/cvm/tc3_request, "
                + "SignedHeaders=content-type;host, Signature=\(signature)")
    }

    @Test func `The string to sign has four lines`() {
        let text = TC3.stringToSign(
            canonicalRequest: Array("x".utf8), timestamp: 1_539_084_154, date: Array("2018-10-09".utf8)[...],
            service: Array("kms".utf8)[...])
        #expect(
            String(decoding: text, as: UTF8.self) == """
                TC3-HMAC-SHA256
                1539084154
                2018-10-09/kms/tc3_request
                \(Hex.string(SHA256.hash(data: Array("x".utf8))))
                """)
    }

    @Test func `The canonical request has the query as sent, and an empty line after the headers`() {
        let emptyHash = Hex.string(SHA256.hash(data: [UInt8]()))
        #expect(
            Self.canonical(Self.request(query: "b=%7E+1&a"), ["host": "H:1", "content-type": "a/b"]) == """
                GET
                /
                b=%7E+1&a
                content-type:a/b
                host:h:1

                content-type;host
                \(emptyHash)
                """)
    }

    @Test func `The canonical request has the path as sent, where an API has paths`() {
        let request = TC3.Request(
            method: "PUT", path: Array("/admin/v1/users/a%2Fb".utf8)[...], query: Array("x=1".utf8)[...],
            timestamp: 1_539_084_154, payload: [])
        #expect(
            Self.canonical(request, ["host": "h"])?.hasPrefix("PUT\n/admin/v1/users/a%2Fb\nx=1\nhost:h\n") == true)
    }

    /// The signature was computed by the Python program of `docs/admin-api.md`.
    @Test func `A call of our own API is signed as another program signs it`() {
        let request = TC3.Request(
            method: "GET", path: Array("/admin/v1/users".utf8)[...], query: Array("limit=5".utf8)[...],
            timestamp: 1_700_000_000, payload: [])
        let header = TC3Authorization.header(
            for: request, accessKeyID: "AKIDx",
            secret: KeyMaterial(Array("s3cretOfTheFirstAccessKey0123456".utf8)), service: "claviger",
            headers: ["content-type": "application/json", "host": "127.0.0.1:7700"])
        #expect(header.hasSuffix("Signature=9d469a5432be06fc39a70dd9ada966a03a77ca11076e2113a0f53415d4488cf9"))
    }

    @Test func `A signature covers the path`() throws {
        func header(_ path: String) -> String {
            let request = TC3.Request(
                method: "GET", path: Array(path.utf8)[...], query: [], timestamp: 1_539_084_154, payload: [])
            return TC3Authorization.header(
                for: request, accessKeyID: "AKIDx", secret: Self.secret, service: "claviger", headers: ["host": "h"])
        }
        #expect(Set(["/", "/admin/v1", "/admin/v1/", "/admin/v1/%75sers", "/admin/v1/users"].map(header)).count == 5)
        let plain = TC3.Request(method: "GET", query: [], timestamp: 1_539_084_154, payload: [])
        #expect(
            TC3Authorization.header(
                for: plain, accessKeyID: "AKIDx", secret: Self.secret, service: "claviger", headers: ["host": "h"])
                == header("/"))
    }

    @Test(arguments: [
        ("  Value\t", true, "value"), ("  Value\t", false, "Value"), ("A  B", true, "a  b"), ("", true, ""),
        (" \t ", true, ""), ("ÄÖ", true, "ÄÖ"), ("@[`{", true, "@[`{"),
    ])
    func `Header values are trimmed, and lower-cased where asked for`(
        value: String, lowercasing: Bool, expected: String
    ) {
        let text = Self.canonical(Self.request(), ["host": value], lowercasing: lowercasing)
        #expect(text?.contains("\nhost:\(expected)\n\nhost\n") == true)
    }

    @Test func `A signed header that is absent makes no canonical request`() {
        #expect(Self.canonical(Self.request(), ["host": "h"], names: "host;x-tc-action") == nil)
        #expect(Self.canonical(Self.request(), ["host": "h"], names: "host;") == nil)
    }

    @Test func `An unsigned payload is hashed as its name`() {
        let text = Self.canonical(Self.request("POST", query: "", payload: TC3.unsignedPayload), ["host": "h"])
        #expect(text?.hasSuffix(Hex.string(SHA256.hash(data: Array("UNSIGNED-PAYLOAD".utf8)))) == true)
    }

    @Test func `Dates are those of Foundation`() {
        var calendar = Calendar(identifier: .gregorian)
        calendar.timeZone = TimeZone(secondsFromGMT: 0)!  // zero is a legal offset
        func expected(_ second: Int64) -> String {
            let parts = calendar.dateComponents(
                [.year, .month, .day], from: Date(timeIntervalSince1970: TimeInterval(second)))
            func padded(_ number: Int?, _ width: Int) -> String {
                let digits = String(number ?? -1)
                return String(repeating: "0", count: width - digits.count) + digits
            }
            return "\(padded(parts.year, 4))-\(padded(parts.month, 2))-\(padded(parts.day, 2))"
        }
        var seconds: [Int64] = [0, 86399, 86400, 951_782_399, 951_782_400, 951_868_800, 4_107_542_400, 253_402_300_799]
        // Every day for 140 years, its first and its last second; then a stride over the rest.
        for day: Int64 in stride(from: 0, to: 51_100, by: 1) { seconds += [day * 86400, day * 86400 + 86399] }
        for second: Int64 in stride(from: 4_415_040_000, to: 253_402_300_799, by: 86_400_0 * 37 + 1) {
            seconds.append(second)
        }
        for second in seconds {
            let date = String(decoding: TC3.date(of: second), as: UTF8.self)
            if date != expected(second) { Issue.record("\(second) is \(date) instead of \(expected(second))") }
        }
    }

    @Test(arguments: [(-1, "1970-01-01"), (Int64.min, "1970-01-01"), (Int64.max, "9999-12-31")] as [(Int64, String)])
    func `Moments outside of four-digit years count as the nearest`(second: Int64, date: String) {
        #expect(String(decoding: TC3.date(of: second), as: UTF8.self) == date)
    }

    @Test func `The signing key is the chain of three codes`() {
        func code(_ key: [UInt8], _ text: String) -> [UInt8] {
            Array(HMAC<SHA256>.authenticationCode(for: Array(text.utf8), using: SymmetricKey(data: key)))
        }
        let day = code(Array("TC3secret".utf8), "2026-01-02")
        let key = code(code(day, "kms"), "tc3_request")
        let made = TC3.signingKey(
            secret: KeyMaterial(Array("secret".utf8)), date: Array("2026-01-02".utf8)[...],
            service: Array("kms".utf8)[...])
        let text = Array("text".utf8)
        #expect(text.withUnsafeBytes { Array(made.code(for: $0)) } == code(key, "text"))
    }
}
