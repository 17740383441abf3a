import ClavigerCrypto

/// Published examples, and what follows from them.
enum Sample {
    // GB/T 32918.5-2017, annexes A.2 and C.2.
    static let scalar = bytes("3945208f7b2144b13f36e38ac6d39f95889393692860b51a42fb81ef4df7c5b8")
    static let point = bytes(
        "09f9df311e5421a150dd7d161e4bc5c672179fad1833fc076bb08ff356f35020"
            + "ccea490ce26775a52dc6ea718cc1aa600aed05fbf35e084a6632f6072da9ad13")
    static let message = Array("message digest".utf8)
    static let user = Array("1234567812345678".utf8)
    static let digest = bytes("f0b43e94ba45accaace692ed534382eb17e6ab5a19ce7b31f4486fdfc0d28640")
    static let signature = bytes(
        "f5a03b0648d2c4630eeac513e1bb81a15944da3827d5b74143ac7eaceee720b3"
            + "b1b6aa29df212fd8763182bc0d421ca1bb9038fd1f7f42d4840b69c485bbc1aa")
    static let signatureDER = bytes("3046022100") + signature.prefix(32) + bytes("022100") + signature.suffix(32)
    static let plaintext = Array("encryption standard".utf8)
    /// With the byte 04 that says that the point is not compressed.
    static let ciphertext = bytes(
        "0404ebfc718e8d1798620432268e77feb6415e2ede0e073c0f4f640ecd2e149a73"
            + "e858f9d81e5430a57b36daab8f950a3c64e6ee6a63094d99283aff767e124df0"
            + "59983c18f809e262923c53aec295d30383b54e39d609d160afcb1908d0bd8766"
            + "21886ca989ca9c7d58087307ca93092d651efa")

    /// The key of annex A.2.
    static let pem = """
        -----BEGIN PUBLIC KEY-----
        MFkwEwYHKoZIzj0CAQYIKoEcz1UBgi0DQgAECfnfMR5UIaFQ3X0WHkvFxnIXn60Y
        M/wHa7CP81bzUCDM6kkM4md1pS3G6nGMwapgCu0F+/NeCEpmMvYHLamtEw==
        -----END PUBLIC KEY-----

        """

    // GB/T 32907-2016, annex A.1, with the block of padding behind it.
    static let key = bytes("0123456789abcdeffedcba9876543210")
    static let ecbCiphertext = bytes(
        "681edf34d206965e86b3e94f536e4246" + "002a8a4efa863ccad024ac0300bb40d2")

    // draft-ribose-cfrg-sm4-10, appendix A.2.
    static let iv = [UInt8](0..<16)
    static let cbcPlaintext = (0..<64).map { 0xAA + 0x11 * UInt8($0 / 8 % 6) }
    static let cbcCiphertext = bytes(
        "9554bcddf2d371452bffd93df8d461872360664050b1ae28e3e25ab2539ededb"
            + "ec17435cee4d9e7c413b774acf6ad12194dd5977660423ca228a140b32df68ce"
            + "057247937e7bd1a338c3464830198edb")
    static let ctrCiphertext = bytes(
        "ac3236cb970cc20791364c395a1342d1a3cbc1878c6f30cd074cce385cdd70c7"
            + "f234bc0e24c11980fd1286310ce37b926e02fcd0faa0baf38b2933851d824514")

    // RFC 8998, appendix A.1.
    static let gcmIV = bytes("00001234567800000000abcd")
    static let gcmAssociated = bytes("feedfacedeadbeeffeedfacedeadbeefabaddad2")
    static let gcmPlaintext = [0xaa, 0xbb, 0xcc, 0xdd, 0xee, 0xff, 0xee, 0xaa].flatMap {
        [UInt8](repeating: $0, count: 8)
    }
    static let gcmCiphertext = bytes(
        "17f399f08c67d5ee19d0dc9969c4bb7d5fd46fd3756489069157b282bb200735"
            + "d82710ca5c22f0ccfa7cbf93d496ac15a56834cbcf98c397b4024a2691233b8d")
    static let gcmTag = bytes("83de3541e4c2b58177e065a9bf7b62ec")

    static func bytes(_ hex: String) -> [UInt8] {
        guard let bytes = Hex.decode(hex.utf8) else { preconditionFailure("a vector is not hexadecimal: \(hex)") }
        return bytes
    }
}
