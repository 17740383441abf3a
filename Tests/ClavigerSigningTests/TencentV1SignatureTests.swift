import ClavigerCrypto
import ClavigerSigning
import Testing

/// The vectors of the contract's section A2, with the credentials that the vendor's documents print.
@Suite struct TencentV1SignatureTests {
    static let secret = KeyMaterial(Array("Gu5t9xGARNpq86cd98joQYCN3EXAMPLE".utf8))

    private static func parameters(region: String) -> [(name: [UInt8], value: [UInt8])] {
        [
            ("Action", "DescribeInstances"), ("InstanceIds.0", "ins-09dx96dg"), ("Limit", "20"), ("Nonce", "11886"),
            ("Offset", "0"), ("Region", region), ("SecretId", "AKIDz8krbsJ5yKBZQpn74WFkmLPx3EXAMPLE"),
            ("Timestamp", "1465185768"), ("Version", "2017-03-12"),
        ].map { (Array($0.utf8), Array($1.utf8)) }
    }

    private func text(_ pairs: [(String, String)], method: String = "GET", path: String = "/") -> String {
        let parameters = pairs.map { (name: Array($0.utf8), value: Array($1.utf8)) }
        return String(
            decoding: TencentV1Signature.text(method: method, host: "h:1", path: path, parameters: parameters),
            as: UTF8.self)
    }

    @Test(arguments: [
        (
            "cvm.tencentcloudapi.com", "ap-guangzhou", TencentV1Signature.Algorithm.hmacSHA1,
            "EliP9YW3pW28FpsEdkXt/+WcGeI="
        ),
        ("cvm.finance.cloud.tencent.com", "shjr", .hmacSHA1, "8UAj5grJNx3uGNuyi0M6Gd1f5gY="),
        ("cvm.tencentcloudapi.com", "ap-guangzhou", .hmacSHA256, "bR/zQ3QqOmcEYeRv71IzG/NxfisUDgy9cqRMQC+UB5g="),
        ("cvm.finance.cloud.tencent.com", "shjr", .hmacSHA256, "b2fUXf8RLkh7USxmCm0zZv4UX94KYJre8E4sGrBNadI="),
    ])
    func `The documents' example has the printed signature`(
        host: String, region: String, algorithm: TencentV1Signature.Algorithm, expected: String
    ) {
        let parameters = Self.parameters(region: region)
        for parameters in [parameters, parameters.reversed(), parameters.shuffled()] {
            let text = TencentV1Signature.text(method: "GET", host: host, path: "/", parameters: parameters)
            let signature = TencentV1Signature.signature(of: text, secret: Self.secret, algorithm: algorithm)
            #expect(String(decoding: signature, as: UTF8.self) == expected)
            #expect(TencentV1Signature.verify(signature, of: text, secret: Self.secret, algorithm: algorithm))
        }
    }

    @Test func `The text is method, host with port, path and sorted raw parameters`() {
        #expect(text([("b", "x y&=ü"), ("a", "")]) == "GETh:1/?a=&b=x y&=ü")
        #expect(text([("A", "1")], method: "POST", path: "/v2/index.php") == "POSTh:1/v2/index.php?A=1")
        #expect(text([]) == "GETh:1/?")
    }

    @Test func `Names are sorted by their bytes`() {
        #expect(text([("Ids.2", "c"), ("Ids.10", "b"), ("Ids.1", "a")]) == "GETh:1/?Ids.1=a&Ids.10=b&Ids.2=c")
        #expect(text([("a", "1"), ("B", "2"), ("ü", "3"), ("Z", "4")]) == "GETh:1/?B=2&Z=4&a=1&ü=3")
    }

    @Test func `An underscore in a name counts as a full stop`() {
        #expect(text([("a_b", "1"), ("a.a", "2"), ("a_", "_")]) == "GETh:1/?a.=_&a.a=2&a.b=1")
    }

    @Test func `Only the parameter Signature is left out`() {
        #expect(
            text([("Signature", "x"), ("SignatureMethod", "HmacSHA256"), ("signature", "y")])
                == "GETh:1/?SignatureMethod=HmacSHA256&signature=y")
    }

    @Test(
        arguments: [
            ("HmacSHA256", TencentV1Signature.Algorithm.hmacSHA256), ("HmacSHA1", .hmacSHA1), ("hmacsha256", .hmacSHA1),
            ("", .hmacSHA1), (nil, .hmacSHA1), ("md5", .hmacSHA1),
        ] as [(String?, TencentV1Signature.Algorithm)])
    func `HmacSHA256 alone selects SHA-256`(method: String?, algorithm: TencentV1Signature.Algorithm) {
        #expect(TencentV1Signature.Algorithm(method: method) == algorithm)
    }

    @Test func `A signature verifies for its text, secret and algorithm only`() {
        let text = Array("GETh/?a=1".utf8)
        let signature = TencentV1Signature.signature(of: text, secret: Self.secret, algorithm: .hmacSHA1)
        func verify(
            _ signature: [UInt8], _ text: [UInt8], _ secret: KeyMaterial = Self.secret,
            _ algorithm: TencentV1Signature.Algorithm = .hmacSHA1
        ) -> Bool { TencentV1Signature.verify(signature, of: text, secret: secret, algorithm: algorithm) }
        #expect(verify(signature, text))
        #expect(!verify(signature, text + [0x20]))
        #expect(!verify(signature, text, KeyMaterial([1])))
        #expect(!verify(signature, text, Self.secret, .hmacSHA256))
        #expect(!verify([], text))
        #expect(!verify(Array(signature.dropLast()), text))
        #expect(!verify(signature + [0x3D], text))
    }
}
