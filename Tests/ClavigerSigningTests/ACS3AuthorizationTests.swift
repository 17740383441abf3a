import ClavigerCrypto
import ClavigerSigning
import Testing

@Suite struct ACS3AuthorizationTests {
    private static let code = String(repeating: "0a", count: 32)
    private static let id = "Credential=ID"
    private static let names = "SignedHeaders=host;x-acs-date"
    private static let signature = "Signature=\(code)"

    private static func authorization(signing names: String) -> ACS3Authorization? {
        ACS3Authorization("ACS3-HMAC-SHA256 \(id),SignedHeaders=\(names),\(signature)")
    }

    @Test(arguments: [
        "ACS3-HMAC-SHA256 \(id),\(names),\(signature)", "ACS3-HMAC-SHA256 \(id), \(names), \(signature)",
        "ACS3-HMAC-SHA256 \(id),   \(names),\(signature)", "ACS3-HMAC-SHA256 \(signature),\(names),\(id)",
    ])
    func `The documented form is read, in any order and with blanks after the commas`(header: String) throws {
        let authorization = try #require(ACS3Authorization(header))
        #expect(authorization.accessKeyID == "ID")
        #expect(authorization.signedNames.elementsEqual("host;x-acs-date".utf8))
        #expect(authorization.signature == [UInt8](repeating: 10, count: 32))
    }

    @Test(arguments: [
        "", "ACS3-HMAC-SHA256", "ACS3-HMAC-SHA256 ", "acs3-hmac-sha256 \(id),\(names),\(signature)",
        "ACS3-HMAC-SM3 \(id),\(names),\(signature)", "ACS3-RSA-SHA256 \(id),\(names),\(signature)",
        "ACS4-HMAC-SHA256 \(id),\(names),\(signature)", "TC3-HMAC-SHA256 \(id),\(names),\(signature)",
        "SDK-HMAC-SHA256 \(id),\(names),\(signature)", "Bearer x",
        "ACS3-HMAC-SHA256X \(id),\(names),\(signature)", "ACS3-HMAC-SHA256\(id),\(names),\(signature)",
        " ACS3-HMAC-SHA256 \(id),\(names),\(signature)", "ACS3-HMAC-SHA256  \(id),\(names),\(signature)",
        "ACS3-HMAC-SHA256\t\(id),\(names),\(signature)", "ACS3-HMAC-SHA256 \(id),\t\(names),\(signature)",
        "ACS3-HMAC-SHA256 credential=ID,\(names),\(signature)", "ACS3-HMAC-SHA256 Access=ID,\(names),\(signature)",
        "ACS3-HMAC-SHA256 \(id),signedheaders=host,\(signature)", "ACS3-HMAC-SHA256 \(id),\(names),signature=\(code)",
        "ACS3-HMAC-SHA256 Credential=,\(names),\(signature)", "ACS3-HMAC-SHA256 Credential=I D,\(names),\(signature)",
        "ACS3-HMAC-SHA256 Credential=Ü,\(names),\(signature)", "ACS3-HMAC-SHA256 \(id) ,\(names),\(signature)",
        "ACS3-HMAC-SHA256 Credential = ID,\(names),\(signature)", "ACS3-HMAC-SHA256 Credential,\(names),\(signature)",
        "ACS3-HMAC-SHA256 \(names),\(signature)", "ACS3-HMAC-SHA256 \(id),\(signature)",
        "ACS3-HMAC-SHA256 \(id),\(names)", "ACS3-HMAC-SHA256 \(id),\(names),",
        "ACS3-HMAC-SHA256 \(id) \(names) \(signature)", "ACS3-HMAC-SHA256 \(id);\(names);\(signature)",
        "ACS3-HMAC-SHA256 \(id),,\(names),\(signature)", "ACS3-HMAC-SHA256 ,\(id),\(names),\(signature)",
        "ACS3-HMAC-SHA256 \(id),\(id),\(names),\(signature)", "ACS3-HMAC-SHA256 \(id),\(names),\(names),\(signature)",
        "ACS3-HMAC-SHA256 \(id),\(names),\(signature),\(signature)", "ACS3-HMAC-SHA256 \(id),\(names),\(signature),x=1",
        "ACS3-HMAC-SHA256 \(id),\(names),\(signature),", "ACS3-HMAC-SHA256 \(id),\(names),\(signature) ",
        "ACS3-HMAC-SHA256 \(id),\(names),Signature=", "ACS3-HMAC-SHA256 \(id),\(names),\(signature)0a",
        "ACS3-HMAC-SHA256 \(id),\(names),Signature=\(code.dropLast())",
        "ACS3-HMAC-SHA256 \(id),\(names),Signature=\(code.dropLast())g",
        "ACS3-HMAC-SHA256 \(id),\(names),Signature=\(code.uppercased())",
        "ACS3-HMAC-SHA256 \(id),\(names),Signature= \(code)",
    ])
    func `Everything else is refused`(header: String) {
        #expect(ACS3Authorization(header) == nil)
    }

    @Test(arguments: [
        ("host", true), ("accept;host;x-acs-date", true), ("x-acs-date;host", true), ("b;a", true),
        ("a-b;a.b;z_", true),
        ("", false), ("host;", false), (";host", false), ("host;;a", false), ("host;host", false), ("a;b;a", false),
        ("Host", false), ("host;X-Acs-Date", false), ("host; a", false), ("host ", false), ("ho st", false),
        ("a:b", false), ("a=b", false), ("hö", false), ("a\u{0}", false),
    ])
    func `The signed names are in lower case and unlike, in any order`(names: String, isRight: Bool) {
        #expect((Self.authorization(signing: names) != nil) == isRight)
    }

    @Test func `No more than 128 names are signed`() {
        let names = (0...128).map { "a\($0)" }
        #expect(Self.authorization(signing: names.dropLast().joined(separator: ";")) != nil)
        #expect(Self.authorization(signing: names.joined(separator: ";")) == nil)
    }

    @Test(arguments: [
        ("host", true), ("HOST", true), ("x-acs-date", true), ("X-Acs-Date", true), ("x-acs-dat", false),
        ("x-acs-date2", false), ("hos", false), ("", false), ("host;x-acs-date", false),
    ])
    func `A header is signed under its whole name, whatever its letter case`(name: String, isSigned: Bool) throws {
        let authorization = try #require(Self.authorization(signing: "host;x-acs-date"))
        #expect(authorization.signs(name) == isSigned)
    }

    @Test(
        arguments: [
            ("host;x-acs-date", ["Host", "X-Acs-Date", "Content-Type"], nil), ("host", [], nil),
            ("host", ["Host", "Accept", "x-acs", "xx-acs-date", "x-acsdate"], nil),
            ("host;x-acs-date;x-acs-more", ["Host", "x-acs-date"], nil), ("x-acs-date", ["x-acs-date"], "host"),
            ("accept", ["Host"], "host"), ("host", ["Host", "X-ACS-Date"], "x-acs-date"),
            ("host;x-acs-date", ["x-acs-date", "x-acs-version", "x-acs-action"], "x-acs-version"),
            ("host;x-acs-date", ["x-acs-"], "x-acs-"), ("host;x-acs-date", ["x-acs-date2"], "x-acs-date2"),
        ] as [(String, [String], String?)])
    func `Host and the vendor's own headers must be signed`(signed: String, sent: [String], missing: String?) throws {
        let authorization = try #require(Self.authorization(signing: signed))
        #expect(authorization.unsignedName(of: sent) == missing)
    }

    @Test func `Each bit of a signature counts, and so do text and secret`() throws {
        let header = try #require(ACS3Tests.sign(headers: ACS3Tests.headers))
        let canonical = Array(try #require(ACS3Tests.canonical()).utf8)
        let text = ACS3.stringToSign(canonicalRequest: canonical)
        let authorization = try #require(ACS3Authorization(header))
        #expect(authorization.isSignature(of: text, secret: ACS3Tests.secret))
        #expect(!authorization.isSignature(of: canonical, secret: ACS3Tests.secret))
        #expect(!authorization.isSignature(of: text + [0x0A], secret: ACS3Tests.secret))
        for secret in ["", "testsecret&", "testsecres"] {
            #expect(!authorization.isSignature(of: text, secret: KeyMaterial(Array(secret.utf8))))
        }
        for position in header.utf8.count - 64..<header.utf8.count {
            var bytes = Array(header.utf8)
            bytes[position] = bytes[position] == UInt8(ascii: "0") ? UInt8(ascii: "1") : UInt8(ascii: "0")
            let changed = try #require(ACS3Authorization(String(decoding: bytes, as: UTF8.self)))
            #expect(!changed.isSignature(of: text, secret: ACS3Tests.secret))
        }
    }
}
