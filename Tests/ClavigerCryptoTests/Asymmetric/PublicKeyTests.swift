import Testing

@testable import ClavigerCrypto

@Suite struct PublicKeyTests {
    @Test(arguments: AsymmetricAlgorithm.allCases)
    func `A key survives its encodings`(algorithm: AsymmetricAlgorithm) throws {
        let key = TestKeys.key(algorithm).publicKey
        let parsed = try PublicKey(spki: key.spki)
        #expect(parsed.algorithm == algorithm)
        #expect(parsed.spki == key.spki)
        #expect(try PublicKey(pem: parsed.pem).spki == key.spki)
    }

    @Test(arguments: AsymmetricAlgorithm.allCases)
    func `Only the whole canonical encoding is a key`(algorithm: AsymmetricAlgorithm) {
        let spki = TestKeys.key(algorithm).publicKey.spki
        for wrong in [[], Array(spki.dropLast()), spki + [0], [0x31] + spki.dropFirst()] {
            #expect(throws: CryptoError.malformed) { try PublicKey(spki: wrong) }
        }
        // Tags, lengths and identifier.
        for position in 0..<20 {
            var changed = spki
            changed[position] ^= 0x40
            #expect(throws: CryptoError.malformed, "byte \(position)") { try PublicKey(spki: changed) }
        }
    }

    /// y is off by one bit.
    @Test(arguments: [.p256, .p384, .secp256k1, .sm2] as [AsymmetricAlgorithm])
    func `A point off the curve is no key`(algorithm: AsymmetricAlgorithm) {
        let spki = TestKeys.key(algorithm).publicKey.spki
        #expect(throws: CryptoError.malformed) { try PublicKey(spki: spki.flipping(bit: 8 * (spki.count - 1))) }
    }

    private static func rsa(_ modulus: [UInt8], _ exponent: [UInt8]) -> [UInt8] {
        let content = RSAPublicNumbers.encode(modulus: modulus, exponent: exponent)
        return DER.sequence(AsymmetricAlgorithm.rsa2048.identifier, DER.element(.bitString, [0] + content))
    }

    @Test(
        arguments: [
            ("2047 bits", [0x7F] + ones(255)), ("2049 bits", [1] + ones(256)), ("1024 bits", ones(128)),
            ("a multiple of three", ones(256)), ("an even modulus", ones(255) + [0xFE]),
        ] as [(String, [UInt8])])
    func `An RSA modulus out of range is no key`(name: String, modulus: [UInt8]) {
        #expect(throws: CryptoError.malformed) { try PublicKey(spki: Self.rsa(modulus, [1, 0, 1])) }
    }

    @Test(arguments: [[0], [1], [2], [1, 0, 0], [UInt8](repeating: 1, count: 9)] as [[UInt8]])
    func `An RSA exponent out of range is no key`(exponent: [UInt8]) {
        let modulus = Array(TestKeys.key(.rsa2048).publicKey.modulus)
        #expect(throws: CryptoError.malformed) { try PublicKey(spki: Self.rsa(modulus, exponent)) }
    }

    private static func ones(_ count: Int) -> [UInt8] { [UInt8](repeating: 0xFF, count: count) }

    @Test(arguments: [[3], [1, 0, 1], [UInt8](repeating: 1, count: 8)] as [[UInt8]])
    func `RSA exponents in range make a key`(exponent: [UInt8]) throws {
        let modulus = Array(TestKeys.key(.rsa2048).publicKey.modulus)
        let key = try PublicKey(spki: Self.rsa(modulus, exponent))
        #expect(key.algorithm == .rsa2048)
        #expect(Array(key.modulus) == modulus)
    }

    // MARK: PEM

    private static let key: PublicKey = {
        // The example of GB/T 32918.5-2017, annex A.2.
        let point =
            "0409f9df311e5421a150dd7d161e4bc5c672179fad1833fc076bb08ff356f35020"
            + "ccea490ce26775a52dc6ea718cc1aa600aed05fbf35e084a6632f6072da9ad13"
        let content = DER.element(.bitString, [0] + [UInt8](hex: point))
        guard let key = try? PublicKey(spki: DER.sequence(AsymmetricAlgorithm.sm2.identifier, content)) else {
            preconditionFailure("the standard's example is no key")
        }
        return key
    }()
    private static let text = String(decoding: key.pem, as: UTF8.self)
    private static let base64 = Base64.string(key.spki)

    @Test func `The text has a label, lines of 64 columns and a newline at its end`() {
        let lines = Self.text.split(separator: "\n", omittingEmptySubsequences: false)
        #expect(lines.first == "-----BEGIN PUBLIC KEY-----")
        #expect(lines.dropFirst().dropLast(2).map(\.count) == [64, 60])
        #expect(lines.dropFirst().dropLast(2).joined() == Self.base64)
        #expect(lines.suffix(2) == ["-----END PUBLIC KEY-----", ""])
    }

    private static let readableTexts: [(String, String)] = [
        ("as written", text),
        ("without the last newline", String(text.dropLast())),
        ("lines that end with CR LF", text.replacing("\n", with: "\r\n")),
        ("white space around", " \t\r\n\n" + text + "\n \t\r\n"),
        ("one line", "-----BEGIN PUBLIC KEY-----\n\(base64)\n-----END PUBLIC KEY-----\n"),
    ]

    @Test(arguments: readableTexts)
    func `A text is read`(name: String, text: String) throws {
        #expect(try PublicKey(pem: text.utf8).spki == Self.key.spki)
    }

    private static let unreadableTexts: [(String, String)] = [
        ("nothing", ""),
        ("base64 alone", base64),
        ("another label", text.replacing("PUBLIC", with: "PRIVATE")),
        ("an RSA label", text.replacing("PUBLIC", with: "RSA PUBLIC")),
        ("labels that differ", text.replacing("END PUBLIC", with: "END PRIVATE")),
        ("no end", String(text.split(separator: "\n").dropLast().joined(separator: "\n"))),
        ("no content", "-----BEGIN PUBLIC KEY-----\n-----END PUBLIC KEY-----\n"),
        ("text before", "key:\n" + text),
        ("text after", text + "x"),
        ("two blocks", text + text),
        ("a header", text.replacing("KEY-----\nM", with: "KEY-----\nName: value\n\nM")),
        ("an empty line", text.replacing("KEY-----\nM", with: "KEY-----\n\nM")),
        ("a space in a line", text.replacing("KEY-----\nM", with: "KEY-----\n M")),
        ("a space after a line", text.replacing("KEY-----\nM", with: "KEY----- \nM")),
        ("CR alone", text.replacing("\n", with: "\r")),
        ("no padding", text.replacing("=", with: "")),
        ("a character of another alphabet", text.replacing("KEY-----\nM", with: "KEY-----\n_")),
        ("a NUL at the end", text + "\0"),
    ]

    @Test(arguments: unreadableTexts)
    func `Any other text is refused`(name: String, text: String) {
        #expect(text != Self.text)
        #expect(throws: CryptoError.malformed) { try PublicKey(pem: text.utf8) }
    }

    // MARK: Digests

    /// FIPS 180-4's examples, "abc".
    @Test(
        arguments: [
            (.rsa2048, .rsaPSSSHA256, "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"),
            (.secp256k1, .ecdsaSHA256, "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"),
            (
                .p384, .ecdsaSHA384,
                "cb00753f45a35e8bb5a03d699ac65007272c32ab0eded1631a8b605a43ff5bed8086072ba1e7cc2358baeca134c825a7"
            ),
        ] as [(AsymmetricAlgorithm, SignatureScheme, String)])
    func `The digest is the hash of the message`(
        algorithm: AsymmetricAlgorithm, scheme: SignatureScheme, expected: String
    ) throws {
        let digest = try TestKeys.key(algorithm).publicKey.digest(of: Array("abc".utf8), for: scheme)
        #expect(Hex.string(digest) == expected)
    }

    @Test func `The name of an SM2 user has at most 8191 bytes`() throws {
        let longest = [UInt8](repeating: 0x41, count: 8191)
        let digest = try Self.key.digest(of: [1], for: .sm2DSA, userID: longest)
        #expect(try digest != Self.key.digest(of: [1], for: .sm2DSA))
        #expect(throws: CryptoError.malformed) {
            try Self.key.digest(of: [1], for: .sm2DSA, userID: longest + [0x41])
        }
    }
}
