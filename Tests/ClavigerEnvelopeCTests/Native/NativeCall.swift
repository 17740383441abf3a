import CKmsEncSdk
import ClavigerCrypto
import Testing

/// A native function with arguments that it accepts, unless a test changes them.
struct NativeCall: Sendable, CustomTestStringConvertible {
    let name: String
    var arguments: [NativeArgument]
    /// Inputs that may be NULL if their count, the argument behind them, is 0.
    let optional: Set<Int>
    private let function: @Sendable (NativeMemory) -> Int32

    var testDescription: String { name }

    private init(
        _ name: String, _ arguments: [NativeArgument], optional: Set<Int> = [],
        _ function: @escaping @Sendable (NativeMemory) -> Int32
    ) {
        self.name = name
        self.arguments = arguments
        self.optional = optional
        self.function = function
    }

    /// Makes the call, with some arguments replaced.
    func run(_ changes: [Int: NativeArgument] = [:]) -> NativeOutcome {
        let memory = NativeMemory(arguments.indices.map { changes[$0] ?? arguments[$0] })
        return memory.outcome(function(memory))
    }
}

// MARK: The functions

extension NativeCall {
    static let all = [
        sm2GetKey, sm2Sign(), sm2Verify(), sm2PemChangeToPubkey(), hashForSM3WithSM2(), sm2SignWithDigest(),
        sm2VerifyWithDigest(), sm2Encrypt(), sm2Decrypt(), sm3Hmac(), sm3Digest(), sm4CbcEncrypt(), sm4CbcDecrypt(),
        sm4CtrEncrypt(), sm4CtrDecrypt(), sm4EcbEncrypt(), sm4EcbDecrypt(), sm4GcmEncrypt(), sm4GcmDecrypt(),
    ]

    static let sm2GetKey = NativeCall("Sm2GetKey", [.output(64), .output(32)]) { Sm2GetKey($0.bytes(0), $0.bytes(1)) }

    static func sm2Sign(
        point: [UInt8] = Sample.point, scalar: [UInt8] = Sample.scalar, _ message: [UInt8] = Sample.message
    ) -> NativeCall {
        NativeCall(
            "Sm2Sign",
            [.input(point), .input(scalar), .input(message), .count(message), .output(72), .outputLength],
            optional: [2]
        ) { Sm2Sign($0.bytes(0), $0.bytes(1), $0.bytes(2), $0.count(3), $0.bytes(4), $0.length(5)) }
    }

    static func sm2Verify(
        point: [UInt8] = Sample.point, _ signature: [UInt8] = Sample.signature, _ message: [UInt8] = Sample.message
    ) -> NativeCall {
        NativeCall(
            "Sm2Verify", [.input(point), .input(signature), .count(signature), .input(message), .count(message)],
            optional: [3]
        ) { Sm2Verify($0.bytes(0), $0.bytes(1), $0.count(2), $0.bytes(3), $0.count(4)) }
    }

    static func sm2PemChangeToPubkey(_ text: String = Sample.pem) -> NativeCall {
        NativeCall("Sm2PemChangeToPubkey", [.input(Array(text.utf8) + [0]), .output(64)]) {
            Sm2PemChangeToPubkey($0.bytes(0), $0.bytes(1))
        }
    }

    static func hashForSM3WithSM2(
        _ message: [UInt8] = Sample.message, point: [UInt8] = Sample.point, user: [UInt8] = Sample.user
    ) -> NativeCall {
        NativeCall(
            "HashForSM3WithSM2",
            [
                .input(message), .count(message), .input(point), .input(user), .count(user), .output(32),
                .outputLength,
            ], optional: [0]
        ) {
            HashForSM3WithSM2(
                $0.bytes(0), $0.count(1), $0.bytes(2), $0.bytes(3), $0.count(4), $0.bytes(5), $0.length(6))
        }
    }

    static func sm2SignWithDigest(
        point: [UInt8] = Sample.point, scalar: [UInt8] = Sample.scalar, _ digest: [UInt8] = Sample.digest
    ) -> NativeCall {
        NativeCall(
            "Sm2SignWithDigest",
            [.input(point), .input(scalar), .input(digest), .count(digest), .output(72), .outputLength]
        ) { Sm2SignWithDigest($0.bytes(0), $0.bytes(1), $0.bytes(2), $0.count(3), $0.bytes(4), $0.length(5)) }
    }

    static func sm2VerifyWithDigest(
        point: [UInt8] = Sample.point, _ signature: [UInt8] = Sample.signature, _ digest: [UInt8] = Sample.digest
    ) -> NativeCall {
        NativeCall(
            "Sm2VerifyWithDigest",
            [.input(point), .input(signature), .count(signature), .input(digest), .count(digest)]
        ) { Sm2VerifyWithDigest($0.bytes(0), $0.bytes(1), $0.count(2), $0.bytes(3), $0.count(4)) }
    }

    static func sm2Encrypt(point: [UInt8] = Sample.point, _ source: [UInt8] = Sample.message) -> NativeCall {
        NativeCall(
            "Sm2Encrypt",
            [.input(point), .input(source), .count(source), .output(source.count + 128), .outputLength]
        ) { Sm2Encrypt($0.bytes(0), $0.bytes(1), $0.count(2), $0.bytes(3), $0.length(4)) }
    }

    static func sm2Decrypt(scalar: [UInt8] = Sample.scalar, _ source: [UInt8] = Sample.ciphertext) -> NativeCall {
        NativeCall(
            "Sm2Decrypt", [.input(scalar), .input(source), .count(source), .output(source.count), .outputLength]
        ) { Sm2Decrypt($0.bytes(0), $0.bytes(1), $0.count(2), $0.bytes(3), $0.length(4)) }
    }

    static func sm3Hmac(_ data: [UInt8] = Sample.message, key: [UInt8] = Sample.key) -> NativeCall {
        NativeCall(
            "Sm3Hmac", [.input(data), .count(data), .input(key), .count(key), .output(32), .outputLength],
            optional: [0]
        ) { Sm3Hmac($0.bytes(0), $0.count(1), $0.bytes(2), $0.count(3), $0.bytes(4), $0.length(5)) }
    }

    static func sm3Digest(_ data: [UInt8] = Sample.message) -> NativeCall {
        NativeCall("Sm3Digest", [.input(data), .count(data), .output(32), .outputLength], optional: [0]) {
            Sm3Digest($0.bytes(0), $0.count(1), $0.bytes(2), $0.length(3))
        }
    }

    static func sm4CbcEncrypt(
        _ source: [UInt8] = Sample.message, key: [UInt8] = Sample.key, iv: [UInt8] = Sample.iv
    ) -> NativeCall {
        cipher("Sm4CbcEncrypt", source, room: source.count / 16 * 16 + 16, [key, iv]) {
            Sm4CbcEncrypt($0.bytes(0), $0.count(1), $0.bytes(2), $0.length(3), $0.bytes(4), $0.bytes(5))
        }
    }

    static func sm4CbcDecrypt(
        _ source: [UInt8] = Sample.cbcCiphertext, key: [UInt8] = Sample.key, iv: [UInt8] = Sample.iv
    ) -> NativeCall {
        cipher("Sm4CbcDecrypt", source, room: source.count, [key, iv]) {
            Sm4CbcDecrypt($0.bytes(0), $0.count(1), $0.bytes(2), $0.length(3), $0.bytes(4), $0.bytes(5))
        }
    }

    static func sm4CtrEncrypt(
        _ source: [UInt8] = Sample.message, key: [UInt8] = Sample.key, iv: [UInt8] = Sample.iv
    ) -> NativeCall {
        cipher("Sm4CtrEncrypt", source, room: source.count, [key, iv]) {
            Sm4CtrEncrypt($0.bytes(0), $0.count(1), $0.bytes(2), $0.length(3), $0.bytes(4), $0.bytes(5))
        }
    }

    static func sm4CtrDecrypt(
        _ source: [UInt8] = Sample.message, key: [UInt8] = Sample.key, iv: [UInt8] = Sample.iv
    ) -> NativeCall {
        cipher("Sm4CtrDecrypt", source, room: source.count, [key, iv]) {
            Sm4CtrDecrypt($0.bytes(0), $0.count(1), $0.bytes(2), $0.length(3), $0.bytes(4), $0.bytes(5))
        }
    }

    static func sm4EcbEncrypt(_ source: [UInt8] = Sample.message, key: [UInt8] = Sample.key) -> NativeCall {
        cipher("Sm4EcbEncrypt", source, room: source.count / 16 * 16 + 16, [key]) {
            Sm4EcbEncrypt($0.bytes(0), $0.count(1), $0.bytes(2), $0.length(3), $0.bytes(4))
        }
    }

    static func sm4EcbDecrypt(_ source: [UInt8] = Sample.ecbCiphertext, key: [UInt8] = Sample.key) -> NativeCall {
        cipher("Sm4EcbDecrypt", source, room: source.count, [key]) {
            Sm4EcbDecrypt($0.bytes(0), $0.count(1), $0.bytes(2), $0.length(3), $0.bytes(4))
        }
    }

    static func sm4GcmEncrypt(
        _ source: [UInt8] = Sample.gcmPlaintext, key: [UInt8] = Sample.key, iv: [UInt8] = Sample.gcmIV,
        associated: [UInt8] = Sample.gcmAssociated, tagSize: Int = 16
    ) -> NativeCall {
        gcm("Sm4GcmEncrypt", source, key, iv, associated, .output(tagSize), Int32(tagSize)) {
            Sm4GcmEncrypt(
                $0.bytes(0), $0.count(1), $0.bytes(2), $0.length(3), $0.bytes(4), $0.bytes(5), $0.count(6),
                $0.bytes(7), $0.count(8), $0.bytes(9), $0.count(10))
        }
    }

    static func sm4GcmDecrypt(
        _ source: [UInt8] = Sample.gcmCiphertext, key: [UInt8] = Sample.key, iv: [UInt8] = Sample.gcmIV,
        associated: [UInt8] = Sample.gcmAssociated, tag: [UInt8] = Sample.gcmTag
    ) -> NativeCall {
        gcm("Sm4GcmDecrypt", source, key, iv, associated, .input(tag), Int32(tag.count)) {
            Sm4GcmDecrypt(
                $0.bytes(0), $0.count(1), $0.bytes(2), $0.length(3), $0.bytes(4), $0.bytes(5), $0.count(6),
                $0.bytes(7), $0.count(8), $0.bytes(9), $0.count(10))
        }
    }

    private static func cipher(
        _ name: String, _ source: [UInt8], room: Int, _ keys: [[UInt8]],
        _ function: @escaping @Sendable (NativeMemory) -> Int32
    ) -> NativeCall {
        let texts: [NativeArgument] = [.input(source), .count(source), .output(room), .outputLength]
        return NativeCall(name, texts + keys.map { .input($0) }, function)
    }

    private static func gcm(
        _ name: String, _ source: [UInt8], _ key: [UInt8], _ iv: [UInt8], _ associated: [UInt8],
        _ tag: NativeArgument, _ tagSize: Int32, _ function: @escaping @Sendable (NativeMemory) -> Int32
    ) -> NativeCall {
        NativeCall(
            name,
            [
                .input(source), .count(source), .output(source.count), .outputLength, .input(key), .input(iv),
                .count(iv), .input(associated), .count(associated), tag, .count(tagSize),
            ], optional: [7], function)
    }
}

extension NativeArgument {
    static func count(_ bytes: [UInt8]) -> NativeArgument { .count(Int32(bytes.count)) }
}
