import ClavigerCrypto
import ClavigerSigning
import Testing

@Suite struct AlibabaRPCTests {
    static let secret = KeyMaterial(Array("testsecret".utf8))

    /// A request and the signature that the vendor's document (A) or its SDK for Python (B, C) gives it.
    struct Vector: Sendable, CustomTestStringConvertible {
        let name: String
        let method: String
        let parameters: [(String, String)]
        let signature: String

        var testDescription: String { name }
    }

    private static let common = [
        ("Version", "2016-01-20"), ("AccessKeyId", "testid"), ("SignatureMethod", "HMAC-SHA1"),
        ("SignatureVersion", "1.0"),
    ]

    static let vectors = [
        Vector(
            name: "A", method: "GET",
            parameters: common + [
                ("Action", "CreateKey"), ("Format", "json"), ("Timestamp", "2016-03-28T03:13:08Z"),
            ],
            signature: "41wk2SSX1GJh7fwnc5eqOfiJPFg="),
        Vector(
            name: "B", method: "POST",
            parameters: common + [
                ("Action", "CreateKey"), ("RegionId", "cn-hangzhou"), ("Description", "a b*c~d/雪"),
                ("Timestamp", "2016-03-28T03:13:08Z"), ("SignatureType", ""),
                ("SignatureNonce", "3ee8c1b8-83d3-44af-a94f-4e0ad82fd6cf"), ("Format", "JSON"),
            ],
            signature: "3wOMSGyxudHhP25v99+s/+9LTU0="),
        Vector(
            name: "C", method: "POST",
            parameters: common + [
                ("SecretData", "p&=+ %"), ("Action", "PutSecretValue"), ("Format", "json"), ("SignatureNonce", "n-1"),
                ("Timestamp", "2021-05-20T06:34:21Z"), ("SecretName", "db/pw"), ("VersionId", "v2"),
            ],
            signature: "36aeElVAZfNCSBe8DPbLRfvtd88="),
    ]

    private static func text(_ parameters: [(String, String)], method: String = "GET") -> [UInt8] {
        AlibabaRPC.stringToSign(
            method: method, parameters: parameters.map { (name: Array($0.utf8), value: Array($1.utf8)) })
    }

    @Test(arguments: vectors)
    func `A request is signed as the vendor signs it, whatever the order of its parameters`(vector: Vector) {
        for parameters in [vector.parameters, vector.parameters.reversed(), vector.parameters.shuffled()] {
            let text = Self.text(parameters, method: vector.method)
            let signature = AlibabaRPC.signature(of: text, secret: Self.secret)
            #expect(String(decoding: signature, as: UTF8.self) == vector.signature)
            #expect(AlibabaRPC.isSignature(Array(vector.signature.utf8), of: text, secret: Self.secret))
        }
    }

    @Test func `The text is the method, the path and the parameters, encoded twice`() {
        let text = Self.text(Self.vectors[1].parameters, method: "POST")
        #expect(
            String(decoding: text, as: UTF8.self)
                == "POST&%2F&AccessKeyId%3Dtestid%26Action%3DCreateKey%26Description%3Da%2520b%252Ac~d%252F%25E9%259B%25AA"
                + "%26Format%3DJSON%26RegionId%3Dcn-hangzhou%26SignatureMethod%3DHMAC-SHA1"
                + "%26SignatureNonce%3D3ee8c1b8-83d3-44af-a94f-4e0ad82fd6cf%26SignatureType%3D%26SignatureVersion%3D1.0"
                + "%26Timestamp%3D2016-03-28T03%253A13%253A08Z%26Version%3D2016-01-20")
    }

    @Test(
        arguments: [
            ([], ""), ([("a", "")], "a%3D"), ([("", "v")], "%3Dv"), ([("b", "2"), ("a", "1")], "a%3D1%26b%3D2"),
            ([("ab", "1"), ("a", "2"), ("a.b", "3")], "a%3D2%26a.b%3D3%26ab%3D1"),
            (
                [("a", "1"), ("B", "2"), ("_", "3"), ("雪", "4"), ("é", "5")],
                "B%3D2%26_%3D3%26a%3D1%26%25C3%25A9%3D5%26%25E9%259B%25AA%3D4"
            ),
            // The names are compared as they are, not as they are encoded: `%2A` would come before `-`.
            ([("a-", "1"), ("a*", "2"), ("a=", "3")], "a%252A%3D2%26a-%3D1%26a%253D%3D3"),
            ([("\u{FFFD}", "1"), ("🔑", "2")], "%25EF%25BF%25BD%3D1%26%25F0%259F%2594%2591%3D2"),
            // In Unicode's order of texts the accented letter would come behind `f`.
            ([("f", "1"), ("e\u{301}", "2")], "e%25CC%2581%3D2%26f%3D1"),
            ([("x", "A-Z_a.z~09")], "x%3DA-Z_a.z~09"),
            ([("x", "+ %/:&=*'!()")], "x%3D%252B%2520%2525%252F%253A%2526%253D%252A%2527%2521%2528%2529"),
            ([("x", "\u{0}\u{7F}\r\n")], "x%3D%2500%257F%250D%250A"),
        ] as [([(String, String)], String)])
    func `Parameters are sorted by their names' bytes and encoded`(parameters: [(String, String)], expected: String) {
        #expect(String(decoding: Self.text(parameters), as: UTF8.self) == "GET&%2F&" + expected)
    }

    @Test func `Bytes that are no text are encoded as they are`() {
        let text = AlibabaRPC.stringToSign(method: "GET", parameters: [([0xFF], [0xC3, 0x28])])
        #expect(String(decoding: text, as: UTF8.self) == "GET&%2F&%25FF%3D%25C3%2528")
    }

    @Test func `Only the parameter Signature is left out`() {
        let text = Self.text([("Signature", "x"), ("SignatureNonce", "n"), ("signature", "y"), ("Signature ", "z")])
        #expect(
            String(decoding: text, as: UTF8.self)
                == "GET&%2F&Signature%2520%3Dz%26SignatureNonce%3Dn%26signature%3Dy")
    }

    @Test func `A signature is that of its text and secret only`() {
        let text = Array("GET&%2F&a%3D1".utf8)
        let signature = AlibabaRPC.signature(of: text, secret: Self.secret)
        func isRight(_ signature: [UInt8], _ text: [UInt8], _ secret: KeyMaterial = Self.secret) -> Bool {
            AlibabaRPC.isSignature(signature, of: text, secret: secret)
        }
        #expect(isRight(signature, text))
        #expect(!isRight(signature, text + [0x20]))
        #expect(!isRight(signature, Array("POST&%2F&a%3D1".utf8)))
        for secret in ["", "testsecret&", "testsecres", "testsecret2"] {
            #expect(!isRight(signature, text, KeyMaterial(Array(secret.utf8))))
        }
        #expect(!isRight([], text))
        #expect(!isRight(Array(signature.dropLast()), text))
        #expect(!isRight(signature + [0x0A], text))
        for position in signature.indices {
            var changed = signature
            changed[position] ^= 1
            #expect(!isRight(changed, text))
        }
    }
}
