/// Known-answer tests of the algorithms, for every start: a library that computes wrongly must not get hold of a key.
package enum CryptoSelfTest {
    /// A test that did not give its answer.
    package struct Failure: Error, Hashable, CustomStringConvertible {
        package let test: String

        package var description: String { "the self-test of \(test) failed" }
    }

    /// One algorithm, what goes in and what must come out.
    struct Test: Sendable {
        let name: String
        var input: [UInt8]
        var answer: [UInt8]
        let compute: @Sendable ([UInt8]) throws(CryptoError) -> [UInt8]

        init(
            _ name: String, _ input: [UInt8], gives answer: [UInt8],
            compute: @escaping @Sendable ([UInt8]) throws(CryptoError) -> [UInt8]
        ) {
            self.name = name
            self.input = input
            self.answer = answer
            self.compute = compute
        }

        /// A test that keeps its vector to itself.
        init(_ name: String, holds: @escaping @Sendable () -> Bool) {
            self.init(name, [], gives: [1]) { _ throws(CryptoError) in holds() ? [1] : [0] }
        }
    }

    /// Runs all tests, which takes a few milliseconds.
    ///
    /// - Throws: ``Failure`` with the name of the first that fails.
    package static func run() throws(Failure) { try run(tests) }

    static func run(_ tests: [Test]) throws(Failure) {
        for test in tests {
            do throws(CryptoError) {
                guard try test.compute(test.input) == test.answer else { throw .failed }
            } catch {
                throw Failure(test: test.name)
            }
        }
    }

    static let tests = [
        // FIPS 180-4's example, "abc".
        Test(
            "SHA-256", text("abc"),
            gives: hex("ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad")
        ) { message throws(CryptoError) in
            message.withBytes { SHA256Hasher.hash($0).bytes }
        },
        // RFC 4231 section 4.3.
        Test(
            "HMAC-SHA-256", text("what do ya want for nothing?"),
            gives: hex("5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843")
        ) { message throws(CryptoError) in
            message.withBytes { HMACSHA256(key: KeyMaterial(text("Jefe"))).code(for: $0).bytes }
        },
        // RFC 5869 appendix A.1.
        Test(
            "HKDF-SHA-256", [UInt8](repeating: 0x0B, count: 22),
            gives: hex(
                "3cb25f25faacd57a90434f64d0362f2a2d2d0a90cf1a5a4c5db02d56ecc4c5bf34007208d5b887185865"),
            compute: hkdf
        ),
        Test("AES-256-GCM encryption", gcmPlaintext, gives: gcmCiphertext + gcmTag, compute: seal),
        Test("AES-256-GCM decryption", gcmCiphertext + gcmTag, gives: gcmPlaintext, compute: open),
        Test("RSA PKCS #1 signature", text("abc"), gives: rsaPKCS1Signature) { message throws(CryptoError) in
            let key = try PrivateKey(pkcs8: rsaKey)
            return try key.sign(
                digest: try key.publicKey.digest(of: message, for: .rsaPKCS1SHA256), .rsaPKCS1SHA256)
        },
        Test("RSA PSS verification", rsaPSSSignature, gives: [1]) { signature throws(CryptoError) in
            let key = try PrivateKey(pkcs8: rsaKey).publicKey
            return try verdict(on: signature, of: text("abc"), key, .rsaPSSSHA256)
        },
        Test("RSA OAEP decryption", rsaOAEPCiphertext, gives: text("abc")) { ciphertext throws(CryptoError) in
            try PrivateKey(pkcs8: rsaKey).decrypt(ciphertext, .rsaOAEPSHA256).withUnsafeBytes { Array($0) }
        },
        // RFC 6979 appendix A.2.5, SHA-256 of "sample".
        Test(
            "ECDSA P-256 verification",
            hex("efd48b2aacb6a8fd1140dd9cd45e81d69d2c877b56aaf991c34d0ea84eaf3716")
                + hex("f7cb1c942d657c41d436c7a1b6e29f65f3e900dbb9aff4064dc4ab2f843acda8"),
            gives: [1]
        ) { signature throws(CryptoError) in
            try verdict(on: signature, of: text("sample"), try PublicKey(spki: p256Key), .ecdsaSHA256)
        },
        // GB/T 32918.5-2017 annex A.2.
        Test(
            "SM2 verification",
            hex("f5a03b0648d2c4630eeac513e1bb81a15944da3827d5b74143ac7eaceee720b3")
                + hex("b1b6aa29df212fd8763182bc0d421ca1bb9038fd1f7f42d4840b69c485bbc1aa"),
            gives: [1]
        ) { signature throws(CryptoError) in
            try verdict(on: signature, of: text("message digest"), try PublicKey(spki: sm2PublicKey), .sm2DSA)
        },
        // GB/T 32918.5-2017 annex C.2.
        Test(
            "SM2 decryption",
            hex("0404ebfc718e8d1798620432268e77feb6415e2ede0e073c0f4f640ecd2e149a73")
                + hex("e858f9d81e5430a57b36daab8f950a3c64e6ee6a63094d99283aff767e124df0")
                + hex("59983c18f809e262923c53aec295d30383b54e39d609d160afcb1908d0bd8766")
                + hex("21886ca989ca9c7d58087307ca93092d651efa"),
            gives: text("encryption standard")
        ) { ciphertext throws(CryptoError) in
            try PrivateKey(pkcs8: sm2PrivateKey).decrypt(ciphertext, .sm2Raw).withUnsafeBytes { Array($0) }
        },
        Test("SM3", holds: SM3.knownAnswerHolds),
        Test("HMAC-SM3", holds: HMACSM3.knownAnswerHolds),
        Test("HKDF-SM3", holds: HKDFSM3.knownAnswerHolds),
        Test("SM4", holds: SM4.knownAnswerHolds),
        Test("SM4-GCM", holds: SM4GCM.knownAnswerHolds),
    ]
}

// MARK: Computations

extension CryptoSelfTest {
    /// 1 if the signature is accepted, and refused with a bit changed.
    private static func verdict(
        on signature: [UInt8], of message: [UInt8], _ key: PublicKey, _ scheme: SignatureScheme
    ) throws(CryptoError) -> [UInt8] {
        let digest = try key.digest(of: message, for: scheme)
        var changed = signature
        changed[changed.count / 2] ^= 1
        let holds =
            key.verify(signature, digest: digest, scheme, encoding: .raw)
            && !key.verify(changed, digest: digest, scheme, encoding: .raw)
        return holds ? [1] : [0]
    }

    @Sendable
    private static func hkdf(_ material: [UInt8]) throws(CryptoError) -> [UInt8] {
        var output = [UInt8](repeating: 0, count: 42)
        try material.withBytes { material throws(CryptoError) in
            try hex("000102030405060708090a0b0c").withBytes { salt throws(CryptoError) in
                try hex("f0f1f2f3f4f5f6f7f8f9").withBytes { info throws(CryptoError) in
                    try output.withMutableBytes { output throws(CryptoError) in
                        try HKDFSHA256.derive(from: material, salt: salt, info: info, into: output)
                    }
                }
            }
        }
        return output
    }

    /// Ciphertext and tag.
    @Sendable
    private static func seal(_ plaintext: [UInt8]) throws(CryptoError) -> [UInt8] {
        var output = [UInt8](repeating: 0, count: plaintext.count + AES256GCM.tagSize)
        try plaintext.withBytes { plaintext throws(CryptoError) in
            try withGCMInputs { key, iv, header throws(CryptoError) in
                try output.withMutableBytes { output throws(CryptoError) in
                    try AES256GCM.seal(
                        plaintext, key: key, iv: iv, authenticating: header,
                        into: UnsafeMutableRawBufferPointer(rebasing: output[..<plaintext.count]),
                        tag: UnsafeMutableRawBufferPointer(rebasing: output[plaintext.count...]))
                }
            }
        }
        return output
    }

    /// The plaintext, if a ciphertext with a bit changed is refused.
    @Sendable
    private static func open(_ sealed: [UInt8]) throws(CryptoError) -> [UInt8] {
        let plaintext = try openUnchanged(sealed)
        var changed = sealed
        changed[0] ^= 1
        do throws(CryptoError) { _ = try openUnchanged(changed) } catch .notAuthentic { return plaintext }
        throw .failed
    }

    private static func openUnchanged(_ sealed: [UInt8]) throws(CryptoError) -> [UInt8] {
        let count = sealed.count - AES256GCM.tagSize
        var plaintext = [UInt8](repeating: 0, count: count)
        try sealed.withBytes { sealed throws(CryptoError) in
            try withGCMInputs { key, iv, header throws(CryptoError) in
                try plaintext.withMutableBytes { plaintext throws(CryptoError) in
                    try AES256GCM.open(
                        UnsafeRawBufferPointer(rebasing: sealed[..<count]), key: key, iv: iv, authenticating: header,
                        tag: UnsafeRawBufferPointer(rebasing: sealed[count...]), into: plaintext)
                }
            }
        }
        return plaintext
    }

    private static func withGCMInputs(
        _ body: (UnsafeRawBufferPointer, UnsafeRawBufferPointer, UnsafeRawBufferPointer) throws(CryptoError) -> Void
    ) throws(CryptoError) {
        try gcmKey.withBytes { key throws(CryptoError) in
            try gcmIV.withBytes { iv throws(CryptoError) in
                try gcmHeader.withBytes { header throws(CryptoError) in try body(key, iv, header) }
            }
        }
    }

    private static func text(_ text: String) -> [UInt8] { Array(text.utf8) }

    // A vector that cannot be read makes its test fail.
    private static func hex(_ text: String) -> [UInt8] { Hex.decode(text.utf8) ?? [] }

    private static func base64(_ text: String) -> [UInt8] {
        do throws(CryptoError) { return try Base64.decode(text.utf8) } catch { return [] }
    }
}

// MARK: Vectors

extension CryptoSelfTest {
    // McGrew and Viega, "The Galois/Counter Mode of Operation", appendix B, test case 16.
    private static let gcmKey = hex("feffe9928665731c6d6a8f9467308308feffe9928665731c6d6a8f9467308308")
    private static let gcmIV = hex("cafebabefacedbaddecaf888")
    private static let gcmHeader = hex("feedfacedeadbeeffeedfacedeadbeefabaddad2")
    private static let gcmPlaintext = hex(
        "d9313225f88406e5a55909c5aff5269a86a7a9531534f7da2e4c303d8a318a72"
            + "1c3c0c95956809532fcf0e2449a6b525b16aedf5aa0de657ba637b39")
    private static let gcmCiphertext = hex(
        "522dc1f099567d07f47f37a32a84427d643a8cdcbfe5c0c97598a2bd2555d1aa"
            + "8cb08e48590dbb3da7b08b1056828838c5f61e6393ba7a0abcc9f662")
    private static let gcmTag = hex("76fc6ece0f4e1768cddf8853bb2d551b")

    // RFC 6979 appendix A.2.5.
    private static let p256Key = hex(
        "3059301306072a8648ce3d020106082a8648ce3d030107034200"
            + "0460fed4ba255a9d31c961eb74c6356d68c049b8923b61fa6ce669622e60f29fb6"
            + "7903fe1008b8bc99a41ae9e95628bc64f2f1b20c2d7e9f5177a3c294d4462299")

    // GB/T 32918.5-2017 annexes A.2 and C.2.
    private static let sm2PublicKey = hex(
        "3059301306072a8648ce3d020106082a811ccf5501822d034200"
            + "0409f9df311e5421a150dd7d161e4bc5c672179fad1833fc076bb08ff356f35020"
            + "ccea490ce26775a52dc6ea718cc1aa600aed05fbf35e084a6632f6072da9ad13")
    private static let sm2PrivateKey = KeyMaterial(
        hex(
            "3041020100301306072a8648ce3d020106082a811ccf5501822d0427302502010104203945208f7b2144b1"
                + "3f36e38ac6d39f95889393692860b51a42fb81ef4df7c5b8"))

    // A key made for these tests, with signatures and a ciphertext of "abc" that another library made. It protects nothing.
    private static let rsaKey = KeyMaterial(
        base64(
            """
            MIIEvAIBADANBgkqhkiG9w0BAQEFAASCBKYwggSiAgEAAoIBAQDFnOHvoNaLVcBnvTvWZcSilIMuooSMNa4YLiKELF09C5/b\
            AkM8+Cwxs1k0jjkJnnRuj9PeGp3nixQ08WCBXk0BVbVtYJguRItBh4wafvSGNO/15onNsD1/gfI848TFUTm+b9JlHjNBVuDx\
            weE8mR3tjUgbW2PHsPV5PMX1QDTOC69+F/u4Ozjw95fl+UGsB6TvbLfNq/nllhVThOkIfu9ACoFcxp2UsCq6pS6+lkr1iX6V\
            74d0qB9ij0x9hjZ3SG1eFxUzDooZGB9H0zHc+GCykPuaCYdSvjwMHzX1tmZC1vQ3hRpaSCK0Eu9oBoimQF5PWf8G/35C+o3F\
            WdAj1mUnAgMBAAECggEAGOaWuRgmdg1FVEJ4oUtWlqP/JGe51bnH6RJwgADfyNryTD8XPj4JbO6BaEl0RNLbhLkJRKdMTB/E\
            LpMB4EYD5GNVRrs8FzcaPb949zfAfo7Pc/LBB5L/KiuI3NpYnQKKCQX/LYW7hgQOuU1UdqCBWxcz8FqOPVyo5JuKAvLnFIAU\
            szld3EiEXOcr4kcMQqWSEnB1R2GHI0HoIST4R7jYaZGwFOBDBzcLG/es/mgbz03CtMP/byR6iMEV67N8WQCOzBgwnwmxPZ/F\
            xuPIBfLtsFvtIizdan+Buwu1W1b+U+nCai0ogNDPngENqdqVZz0mzore5aIUhkrKd3nx55jITQKBgQDsktfW3GNeC0LhPh7m\
            J6je+IuBIIca2WoaIbLGFm5ixeOcduy9uZn8QUh3IXuR2U1Ktmk8S/02ncOETGtkiVy9l829UHYJaPOw44pVr3cyXmapAuJ6\
            7B4Q72InNtoaJ5hmLUxeMl1VYrieVZVShaS6bAzdWgreWyhVYdHp1h7jOwKBgQDV1wVwPB8Xwykzf3UYl9vUTSfpai+I2XR+\
            KpmbGr4Z4R/Xm3zjjkm9RgH07Fdl652BRJ5L7fOuN/9JoIKMZHdTUEAtHTYgicEItT0BYrovW7xp6MpCMyXkxxVSWq35N2JW\
            wl9hekn3vxoGARHSo71kZltkq7tWbhoLJEi3PAqPBQKBgBU5t5PXgjLV39JFuI/9zvDya9HSEU0fZJ2jmF6ddJn4F0vaf7Mm\
            C+LOGKpXnrafQIgLhbWbO8TCsuAT2y7SBDgefp8VsQF3ISYlxCub6p3iSmOvlpJgzPHICI5sJXVjSBEiz09ERYt7qATMuPEG\
            fJkdSKozgfYhR6Uheav5QhwxAoGAOTH24WsjQd7QUVbhAf/0K1erujHNnwPStcA9L5A6kn91XdzXzaGMNZTZByKDyd34Vc/9\
            qv9tMwcFQDMvV8+zXtRTJf3vMUrHF8YqGAnJFMurnIRIPOajVwqsuEdKyyK2KdB5ZIAp8prpoft9QeLL0GPURBvu0pJGYv6E\
            eIYVqOUCgYAXBPtHvqz2kkAsuKLwvngAqMeubheSbODtqRtPm+Pca5x8/QkLY2D7seIvXOgfXvW/wKAb69Lx9Khqhnzi9T/l\
            3GxKSFZr5pQD9W8DyP0c4waHPsWmUjiZu6f/8gfoRLvOo3QcwoWGsMUGS7CbjhjD1t0BbHFZvaQaQnEFYuTd7Q==
            """
        ))
    private static let rsaPKCS1Signature = base64(
        """
        TsIr1B3Vqb84kmB7iMJYB9e1oXn3hwi0r9aZ6gp2UXe46yyveFbUP8hqqrKO6jjTWCzjjYDLEf8pemHzcGnmgQNnEncsVXwQ\
        6P1OadpOHVMS9X1jJ8ekAxoY1//po1EMA48+Tk46bUL8Km/R8GE3Q/AMDi+o5QEVXKpievk/uErlXyrpOgo3m14LtHI3Hqnp\
        cQhyQnOIjkvUazXeOjl7cJ1duksV+YDPMTSv1o8YAdhdLdy8CHnKckYBTu90WXoBAZZINvRt425tc73UJJc1ktd95q3LlA8H\
        VTfeu94OP2U+x2jx/xHiMTpVOJNFXcWUsJIOZV4nbb4GB0HcBN78ag==
        """
    )
    private static let rsaPSSSignature = base64(
        """
        hB2Rb4sDx1+QVyJHPfEK/WWgAlSBd2ksnc3wY5y/DlqMceaLvtRUjI3nFQv5Ft1LslzfiARlh2bBw+Nigt6GifKLj9cJvXGJ\
        9QGPjij+0HyTVU9Xn/CJrLV317N8dSNiixD9I7PXprL5ByNkSRZy90sLr0V0AJALTRipbleeKGPRWmrwEFK178lI+Hvb8Rc3\
        66ru1TVQyKVSjpz/j8gvXUORAn1guDx6lbY69WRyH2shcKpOP2P+DjkZswI2JFLM78FydChG5WfYvtITaEFbnOuqzzKEKw9A\
        iqEglAfrTtjeKqRrdT9i0b3Asmg38w0V53+zhrRHMZfUlt9Vdeyg9A==
        """
    )
    private static let rsaOAEPCiphertext = base64(
        """
        K2AEfU5NQ2amaTmYqdn83GD6RvMrkn83hblVoKj/NnkVo9NBmJ6929qWj5GGQWJ50nMS9aWp047ribv1t7aYUfHTB+CEcI8o\
        65C65adblQDOkqhYE8makrWM32CTYZ9JHIq6my9IEHNfUqaGeCmU34gLgIdr2KKpDblFbQWa4qe9UzFWyBOnIVpjFCEKfyYl\
        gTW1FhFAB5e4+b/jTwtYrQTeQu+LKOE0Od24JtLNnt+iMVDtFSy/JBcPYYlkoVn2MZorG51MIeSRZbU8CrQnYZ/rDEY++o6l\
        nuDLZEz1okeB5tBgY+fVWSzSoRPDBh8nMSsNCQ5G3fj9bGov2GZ+RQ==
        """
    )
}

extension [UInt8] {
    /// Typed throws for `withUnsafeMutableBytes`.
    fileprivate mutating func withMutableBytes(
        _ body: (UnsafeMutableRawBufferPointer) throws(CryptoError) -> Void
    ) throws(CryptoError) {
        let outcome: Swift.Result<Void, CryptoError> = withUnsafeMutableBytes { bytes in
            do throws(CryptoError) { return .success(try body(bytes)) } catch { return .failure(error) }
        }
        try outcome.get()
    }
}
