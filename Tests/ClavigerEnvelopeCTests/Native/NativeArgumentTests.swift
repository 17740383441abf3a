import CKmsEncSdk
import Testing

/// Section 3 of the contract: what every function does with arguments that cannot be.
@Suite struct NativeArgumentTests {
    struct Case: Sendable, CustomTestStringConvertible {
        let what: String
        let call: NativeCall
        var changes: [Int: NativeArgument] = [:]
        let code: EncSdkErrorCode
        var testDescription: String { "\(call.name): \(what)" }
    }

    @Test(arguments: NativeCall.all)
    func `The arguments are accepted as they are`(call: NativeCall) {
        let outcome = call.run()
        #expect(outcome.code == 0)
        #expect(outcome.isIntact)
        let hasLength = call.arguments.contains { if case .outputLength = $0 { true } else { false } }
        #expect((outcome.length != nil) == hasLength)
    }

    @Test(arguments: NativeCall.all)
    func `NULL is refused, and nothing is written`(call: NativeCall) {
        for (index, argument) in call.arguments.enumerated() {
            if case .count = argument { continue }
            let outcome = call.run([index: .null])
            #expect(outcome.code == ES_ERROR.rawValue, "argument \(index)")
            #expect(outcome.isIntact && outcome.isUntouched, "argument \(index)")
        }
    }

    @Test(arguments: NativeCall.all, [-1, -16, -32, -65_536, Int32.min, Int32.min + 1])
    func `A negative count is refused, and nothing is written`(call: NativeCall, count: Int32) {
        for (index, argument) in call.arguments.enumerated() {
            guard case .count = argument else { continue }
            for changes in [[index: NativeArgument.count(count)], [index: .count(count), index - 1: .null]] {
                let outcome = call.run(changes)
                #expect(outcome.code == ES_ERROR.rawValue, "argument \(index)")
                #expect(outcome.isIntact && outcome.isUntouched, "argument \(index)")
            }
        }
    }

    @Test(arguments: NativeCall.all.filter { !$0.optional.isEmpty })
    func `An input that may be empty may be NULL then, with the same result`(call: NativeCall) throws {
        for index in call.optional {
            let empty = call.run([index: .input([]), index + 1: .count(0)])
            let missing = call.run([index: .null, index + 1: .count(0)])
            #expect(missing.code == empty.code && missing.code != ES_ERROR.rawValue)
            #expect(missing.length == empty.length || call.name.hasPrefix("Sm2Sign"))
            #expect(missing.outputs == empty.outputs || call.name.hasPrefix("Sm2Sign"))
        }
    }

    @Test(arguments: [
        NativeCall.sm2Encrypt([]), .sm4CbcEncrypt([]), .sm4CtrEncrypt([]), .sm4EcbEncrypt([]), .sm4GcmEncrypt([]),
    ])
    func `An empty source is told apart, but only if no argument is NULL or negative`(call: NativeCall) {
        let outcome = call.run()
        #expect(outcome.code == ES_ENCRYPT_SOURCE_EMPTY.rawValue)
        #expect(outcome.isIntact && outcome.isUntouched)
        for (index, argument) in call.arguments.enumerated() {
            let change: NativeArgument = if case .count = argument { .count(-1) } else { .null }
            if case .count = argument, call.optional.contains(index - 1) { continue }
            if call.optional.contains(index) { continue }
            #expect(call.run([index: change]).code == ES_ERROR.rawValue, "argument \(index)")
        }
    }

    @Test(arguments: cases)
    func `Every other wrong argument has its code, and no length is written`(row: Case) {
        let outcome = row.call.run(row.changes)
        #expect(outcome.code == row.code.rawValue)
        #expect(outcome.isIntact)
        #expect(outcome.length == nil)
    }

    /// n without its last byte.
    private static let orderFront = Sample.bytes("fffffffeffffffffffffffffffffffff7203df6b21c6052b53bbf40939d541")
    private static let zeros = [UInt8](repeating: 0, count: 64)

    private static let cases: [Case] =
        keys + signatures + ciphertexts + hashes + paddings + countersAndTags + tooLong

    private static func rows(_ what: String, _ code: EncSdkErrorCode, _ calls: NativeCall...) -> [Case] {
        calls.map { call in Case(what: what, call: call, code: code) }
    }

    private static let scalars: [(what: String, bytes: [UInt8])] = [
        ("0", [UInt8](repeating: 0, count: 32)), ("n−1", orderFront + [0x22]), ("n", orderFront + [0x23]),
        ("n+1", orderFront + [0x24]), ("all bits set", [UInt8](repeating: 0xFF, count: 32)),
    ]

    private static let points: [(what: String, bytes: [UInt8])] = [
        ("zeros", zeros), ("y changed", Array(Sample.point.dropLast()) + [0]),
        ("x and y swapped", Array(Sample.point.suffix(32)) + Array(Sample.point.prefix(32))),
        ("all bits set", [UInt8](repeating: 0xFF, count: 64)),
    ]

    private static let pems: [(what: String, text: String)] = [
        ("empty", ""), ("no PEM", "hello"), ("cut off", String(Sample.pem.prefix(100))),
        ("of another label", Sample.pem.replacing("PUBLIC KEY", with: "EC PUBLIC KEY")),
        ("a character lost", Sample.pem.replacing("LamtEw==", with: "LamtEw=")),
        ("four characters lost", Sample.pem.replacing("MFkw", with: "")),
        ("y changed", Sample.pem.replacing("LamtEw==", with: "LamtEg==")),
        ("another text behind it", Sample.pem + "hello"), ("two keys", Sample.pem + Sample.pem),
        ("too long", String(repeating: " ", count: 70_000) + Sample.pem),
        (
            "on P-256",
            """
            -----BEGIN PUBLIC KEY-----
            MFkwEwYHKoZIzj0CAQYIKoZIzj0DAQcDQgAEaxfR8uEsQkf4vOblY6RA8ncDfYEt
            6zOg9KE5RdiYwpZP40Li/hp/m47n60p8D54WK84zV2sxXs7LtkBoN79R9Q==
            -----END PUBLIC KEY-----
            """
        ),
    ]

    private static let keys: [Case] = {
        var cases: [Case] = []
        for (what, scalar) in scalars {
            cases += rows(
                "scalar \(what)", ES_ERROR, .sm2Sign(scalar: scalar), .sm2SignWithDigest(scalar: scalar),
                .sm2Decrypt(scalar: scalar))
        }
        for (what, point) in points {
            cases += rows(
                "point: \(what)", ES_ERROR, .sm2Sign(point: point), .sm2SignWithDigest(point: point),
                .sm2Verify(point: point), .sm2VerifyWithDigest(point: point), .sm2Encrypt(point: point),
                .hashForSM3WithSM2(point: point))
        }
        for (what, text) in pems { cases += rows("PEM: \(what)", ES_ERROR, .sm2PemChangeToPubkey(text)) }
        return cases
    }()

    private static let wrongSignatures: [(what: String, bytes: [UInt8])] = [
        ("empty", []), ("of 1 byte", [0x30]), ("of 63 bytes", Array(Sample.signature.dropLast())),
        ("of 65 bytes", Sample.signature + [0]), ("of zeros", zeros),
        ("DER cut off", Array(Sample.signatureDER.dropLast())), ("DER with a byte more", Sample.signatureDER + [0]),
        ("DER with a long length", [0x30, 0x81] + Array(Sample.signatureDER.dropFirst())),
        ("DER with a long number", Sample.bytes("3047022200") + Array(Sample.signatureDER.dropFirst(4))),
        ("changed", Array(Sample.signature.dropLast()) + [0]),
        ("of a megabyte", [UInt8](repeating: 0x30, count: 1 << 20)),
    ]

    private static let signatures: [Case] = {
        var cases: [Case] = []
        for size in [0, 1, 31, 33, 64] {
            let digest = [UInt8](repeating: 7, count: size)
            cases += rows(
                "digest of \(size) bytes", ES_ERROR, .sm2SignWithDigest(digest),
                .sm2VerifyWithDigest(Sample.signature, digest))
        }
        for (what, signature) in wrongSignatures {
            cases += rows(
                "signature \(what)", ES_DIGEST_INVALIDATE, .sm2Verify(signature), .sm2VerifyWithDigest(signature))
        }
        let digest = Array(Sample.digest.dropLast()) + [0]
        cases += rows("another message", ES_DIGEST_INVALIDATE, .sm2Verify(Sample.signature, [1]))
        cases += rows("no message", ES_DIGEST_INVALIDATE, .sm2Verify(Sample.signature, []))
        cases += rows("another digest", ES_DIGEST_INVALIDATE, .sm2VerifyWithDigest(Sample.signature, digest))
        return cases
    }()

    private static let ciphertexts: [Case] = {
        var cases: [Case] = []
        for size in [0, 1, 95, 96] {
            let source = [UInt8](repeating: 4, count: size)
            cases += rows("\(size) bytes", ES_CIPHER_TEXT_TOO_SHORT, .sm2Decrypt(source))
        }
        let zero = [UInt8](repeating: 0, count: 32)
        let one = [UInt8](repeating: 0, count: 31) + [1]
        cases += rows("1 byte and no private key", ES_CIPHER_TEXT_TOO_SHORT, .sm2Decrypt(scalar: zero, [1]))
        cases += rows("97 zeros", ES_ERROR, .sm2Decrypt([UInt8](repeating: 0, count: 97)))
        cases += rows("a byte lost", ES_ERROR, .sm2Decrypt(Array(Sample.ciphertext.dropLast())))
        cases += rows("a byte more", ES_ERROR, .sm2Decrypt(Sample.ciphertext + [0]))
        cases += rows("another private key", ES_ERROR, .sm2Decrypt(scalar: one))
        return cases
    }()

    private static let hashes: [Case] =
        rows("no user", ES_ERROR, .hashForSM3WithSM2(user: []))
        + rows("a user of 8192 bytes", ES_ERROR, .hashForSM3WithSM2(user: [UInt8](repeating: 1, count: 8192)))
        + rows("no key", ES_ERROR, .sm3Hmac(key: []))

    private static let wrongPaddings: [[UInt8]] = [
        [UInt8](repeating: 0, count: 16), [UInt8](repeating: 17, count: 16), [UInt8](repeating: 255, count: 16),
        [UInt8](repeating: 16, count: 15) + [15], [15] + [UInt8](repeating: 16, count: 15),
        [UInt8](repeating: 3, count: 13) + [2, 3, 3], [UInt8](repeating: 3, count: 13) + [4, 3, 3],
        [UInt8](repeating: 0x83, count: 16),
    ]

    private static let paddings: [Case] = {
        var cases: [Case] = []
        for size in [0] + Array(1...15) + [17, 31, 33, 79] {
            let source = [UInt8](repeating: 7, count: size)
            cases += rows("\(size) bytes", ES_ERROR, .sm4CbcDecrypt(source), .sm4EcbDecrypt(source))
        }
        let before = [UInt8](repeating: 9, count: 32)
        for block in wrongPaddings {
            // Encryption puts whole padding behind the block, which is cut off again.
            for text in [block, before + block] {
                let ecb = NativeCall.sm4EcbEncrypt(text).run().result.prefix(text.count)
                let cbc = NativeCall.sm4CbcEncrypt(text).run().result.prefix(text.count)
                cases += rows(
                    "padding \(block) behind \(text.count - 16) bytes", ES_ERROR, .sm4EcbDecrypt(Array(ecb)),
                    .sm4CbcDecrypt(Array(cbc)))
            }
        }
        return cases
    }()

    private static let countersAndTags: [Case] = {
        var cases: [Case] = []
        for size in [0, 1, 2, 3, 5, 6, 7, 9, 10, 11, 17, 32] {
            let tag = [UInt8](repeating: 0, count: size)
            cases += rows(
                "a tag of \(size) bytes", ES_ERROR, .sm4GcmEncrypt(tagSize: size), .sm4GcmDecrypt(tag: tag))
        }
        for size in [0, 65_536] {
            let iv = [UInt8](repeating: 0, count: size)
            cases += rows("an IV of \(size) bytes", ES_ERROR, .sm4GcmEncrypt(iv: iv), .sm4GcmDecrypt(iv: iv))
        }
        let tag = [UInt8](repeating: 0, count: 16)
        cases += rows("another tag", ES_DIGEST_INVALIDATE, .sm4GcmDecrypt(tag: tag))
        cases += rows("no data", ES_DIGEST_INVALIDATE, .sm4GcmDecrypt(associated: []))
        cases += rows("nothing, and a wrong tag", ES_DIGEST_INVALIDATE, .sm4GcmDecrypt([]))
        return cases
    }()

    /// The functions must find out before they read what is not there.
    private static let tooLong: [Case] = [
        Case(what: "2^31−1 bytes", call: .sm2Encrypt(), changes: [2: .count(.max)], code: ES_ERROR),
        Case(what: "2^31−128 bytes", call: .sm2Encrypt(), changes: [2: .count(.max - 127)], code: ES_ERROR),
        Case(what: "2^31−1 bytes", call: .sm4CbcEncrypt(), changes: [1: .count(.max)], code: ES_ERROR),
        Case(what: "2^31−16 bytes", call: .sm4EcbEncrypt(), changes: [1: .count(.max - 15)], code: ES_ERROR),
        Case(what: "2^31−1 bytes", call: .sm4CbcDecrypt(), changes: [1: .count(.max)], code: ES_ERROR),
        Case(what: "2^31−1 bytes", call: .sm4EcbDecrypt(), changes: [1: .count(.max)], code: ES_ERROR),
        Case(what: "2^31−1 bytes of user", call: .hashForSM3WithSM2(), changes: [4: .count(.max)], code: ES_ERROR),
        Case(what: "2^31−1 bytes of digest", call: .sm2SignWithDigest(), changes: [3: .count(.max)], code: ES_ERROR),
        Case(
            what: "2^31−1 bytes of digest", call: .sm2VerifyWithDigest(), changes: [4: .count(.max)], code: ES_ERROR),
        Case(
            what: "2^31−1 bytes of signature", call: .sm2VerifyWithDigest(), changes: [2: .count(.max)],
            code: ES_DIGEST_INVALIDATE),
        Case(what: "2^31−1 bytes of IV", call: .sm4GcmEncrypt(), changes: [6: .count(.max)], code: ES_ERROR),
        Case(what: "2^31−1 bytes of tag", call: .sm4GcmDecrypt(), changes: [10: .count(.max)], code: ES_ERROR),
    ]
}
