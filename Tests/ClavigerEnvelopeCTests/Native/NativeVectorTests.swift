import CKmsEncSdk
import Foundation
import Testing

/// Published examples through the C functions.
@Suite struct NativeVectorTests {
    /// A folder of vectors that no package carries: Wycheproof's for SM3 and SM4.
    private static let shared = ProcessInfo.processInfo.environment["CLAVIGER_VECTORS_SHARED"].flatMap { path in
        path.isEmpty ? nil : URL(filePath: path, directoryHint: .isDirectory)
    }

    // MARK: SM2

    /// GB/T 32918.5-2017, annex A.2.
    @Test(arguments: [Sample.signature, Sample.signatureDER])
    func `The standard's signature verifies, raw and as DER`(signature: [UInt8]) {
        #expect(NativeCall.hashForSM3WithSM2().run().result == Sample.digest)
        #expect(NativeCall.sm2Verify(signature).run().code == 0)
        #expect(NativeCall.sm2VerifyWithDigest(signature).run().code == 0)
    }

    /// GB/T 32918.5-2017, annex C.2.
    @Test func `The standard's ciphertext is decrypted, with and without 04`() {
        #expect(NativeCall.sm2Decrypt().run().result == Sample.plaintext)
        #expect(NativeCall.sm2Decrypt(Array(Sample.ciphertext.dropFirst())).run().result == Sample.plaintext)
    }

    @Test func `The standard's key is read from PEM, with any line ends`() {
        for text in [Sample.pem, Sample.pem.replacing("\n", with: "\r\n"), "\n \(Sample.pem)\n\n"] {
            #expect(NativeCall.sm2PemChangeToPubkey(text).run().outputs == [Sample.point])
        }
    }

    @Test func `What a fresh pair signs and encrypts, it verifies and decrypts`() {
        for size in 0..<100 {
            let keys = NativeCall.sm2GetKey.run().outputs
            let message = (0..<size).map { UInt8($0) }
            let signature = NativeCall.sm2Sign(point: keys[0], scalar: keys[1], message).run().result
            #expect(8...72 ~= signature.count && signature[0] == 0x30)
            #expect(NativeCall.sm2Verify(point: keys[0], signature, message).run().code == 0)
            let digest = NativeCall.hashForSM3WithSM2(message, point: keys[0]).run().result
            #expect(NativeCall.sm2VerifyWithDigest(point: keys[0], signature, digest).run().code == 0)
            let byDigest = NativeCall.sm2SignWithDigest(point: keys[0], scalar: keys[1], digest).run().result
            #expect(NativeCall.sm2Verify(point: keys[0], byDigest, message).run().code == 0)
            #expect(
                NativeCall.sm2Verify(point: Sample.point, signature, message).run().code
                    == ES_DIGEST_INVALIDATE.rawValue)
            guard size > 0 else { continue }
            let outcome = NativeCall.sm2Encrypt(point: keys[0], message).run()
            #expect(outcome.isIntact && outcome.result[0] == 0x30)
            #expect(NativeCall.sm2Decrypt(scalar: keys[1], outcome.result).run().result == message)
        }
    }

    // MARK: SM3

    /// GB/T 32905-2016, annex A, and the hash of nothing.
    @Test(arguments: [
        ("abc", "66c7f0f462eeedd9d1f2d46bdc10e4e24167c4875cf2f7a2297da02b8f4ba8e0"),
        (
            String(repeating: "abcd", count: 16),
            "debe9ff92275b8a138604889c18e5a4d6fdb70e5387e5765293dcba39c0c5732"
        ),
        ("", "1ab21d8355cfa17f8e61194831e81a8f22bec8c728fefb747ed035eb5082aa2b"),
    ])
    func `The standard's hashes hold`(text: String, hash: String) {
        #expect(NativeCall.sm3Digest(Array(text.utf8)).run().result == Sample.bytes(hash))
    }

    @Test(.enabled(if: shared != nil, "CLAVIGER_VECTORS_SHARED names no folder"))
    func `Wycheproof's codes hold`() throws {
        struct Vector: Decodable { let tcId: Int, key, msg, tag, result: String }
        let vectors: [Vector] = try read("hmac_sm3_test.json")
        #expect(vectors.count == 174)
        for vector in vectors {
            let code = NativeCall.sm3Hmac(Sample.bytes(vector.msg), key: Sample.bytes(vector.key)).run().result
            let tag = Sample.bytes(vector.tag)
            #expect((Array(code.prefix(tag.count)) == tag) == (vector.result == "valid"), "tcId \(vector.tcId)")
        }
    }

    // MARK: SM4

    /// GB/T 32907-2016, annex A.1; draft-ribose-cfrg-sm4-10, appendix A.2.
    @Test func `The standard's block and the draft's texts hold in both directions`() {
        #expect(NativeCall.sm4EcbEncrypt(Sample.key).run().result == Sample.ecbCiphertext)
        #expect(NativeCall.sm4EcbDecrypt().run().result == Sample.key)
        #expect(NativeCall.sm4CbcEncrypt(Sample.cbcPlaintext).run().result == Sample.cbcCiphertext)
        #expect(NativeCall.sm4CbcDecrypt().run().result == Sample.cbcPlaintext)
        #expect(NativeCall.sm4CtrEncrypt(Sample.cbcPlaintext).run().result == Sample.ctrCiphertext)
        #expect(NativeCall.sm4CtrDecrypt(Sample.ctrCiphertext).run().result == Sample.cbcPlaintext)
    }

    @Test func `The counter wraps over all 128 bits`() {
        let zeros = [UInt8](repeating: 0, count: 48)
        let last = [UInt8](repeating: 0xFF, count: 16)
        let stream = NativeCall.sm4CtrEncrypt(zeros, iv: last).run().result
        let first = NativeCall.sm4EcbEncrypt([UInt8](repeating: 0, count: 16)).run().result
        #expect(stream[16..<32] == first[..<16])
    }

    /// RFC 8998, appendix A.1. A short tag is the front of the long one.
    @Test(arguments: [4, 8, 12, 13, 14, 15, 16])
    func `The example of RFC 8998 holds with tags of any size`(tagSize: Int) {
        let tag = Array(Sample.gcmTag.prefix(tagSize))
        let sealed = NativeCall.sm4GcmEncrypt(tagSize: tagSize).run()
        #expect(sealed.outputs == [Sample.gcmCiphertext, tag] && sealed.length == 64 && sealed.isIntact)
        #expect(NativeCall.sm4GcmDecrypt(tag: tag).run().result == Sample.gcmPlaintext)
        for bit in 0..<8 * tagSize {
            var changed = tag
            changed[bit / 8] ^= 1 << (bit % 8)
            let outcome = NativeCall.sm4GcmDecrypt(tag: changed).run()
            #expect(outcome.code == ES_DIGEST_INVALIDATE.rawValue && outcome.isUntouched, "bit \(bit)")
        }
    }

    @Test(.enabled(if: shared != nil, "CLAVIGER_VECTORS_SHARED names no folder"))
    func `Wycheproof's vectors for GCM hold, with IVs of all sizes`() throws {
        struct Vector: Decodable { let tcId: Int, key, iv, aad, msg, ct, tag, result: String }
        let vectors: [Vector] = try read("sm4_gcm_test.json")
        #expect(vectors.count == 104)
        for vector in vectors {
            let (key, iv) = (Sample.bytes(vector.key), Sample.bytes(vector.iv))
            let (associated, message) = (Sample.bytes(vector.aad), Sample.bytes(vector.msg))
            let (ciphertext, tag) = (Sample.bytes(vector.ct), Sample.bytes(vector.tag))
            let opened = NativeCall.sm4GcmDecrypt(ciphertext, key: key, iv: iv, associated: associated, tag: tag).run()
            if vector.result == "valid" {
                #expect(opened.code == 0 && opened.result == message, "tcId \(vector.tcId)")
                let sealed = NativeCall.sm4GcmEncrypt(message, key: key, iv: iv, associated: associated).run()
                #expect(message.isEmpty || sealed.outputs == [ciphertext, tag], "tcId \(vector.tcId)")
            } else {
                let code = iv.isEmpty ? ES_ERROR : ES_DIGEST_INVALIDATE
                #expect(opened.code == code.rawValue && opened.isUntouched, "tcId \(vector.tcId)")
            }
        }
    }

    private func read<Vector: Decodable>(_ file: String) throws -> [Vector] {
        let url = try #require(Self.shared).appending(path: "wycheproof/\(file)")
        return try JSONDecoder().decode(WycheproofFile<Vector>.self, from: Data(contentsOf: url)).testGroups.flatMap(
            \.tests)
    }
}

private struct WycheproofFile<Vector: Decodable>: Decodable {
    struct Group: Decodable { let tests: [Vector] }
    let testGroups: [Group]
}
