import CKmsEncSdk
import Testing

/// Texts of all sizes, bytes from anywhere, and many threads.
@Suite struct NativeSizeTests {
    @Test(arguments: Array(1...300) + [511, 512, 513, 4095, 4096, 4097, 65_535, 100_001])
    func `A text of any size comes back, and nothing is written beyond the documented sizes`(size: Int) {
        let text = (0..<size).map { UInt8(truncatingIfNeeded: $0 &* 167) }
        let padded = size / 16 * 16 + 16
        let cbc = NativeCall.sm4CbcEncrypt(text).run()
        let ecb = NativeCall.sm4EcbEncrypt(text).run()
        let ctr = NativeCall.sm4CtrEncrypt(text).run()
        #expect(cbc.code == 0 && cbc.length == padded && cbc.isIntact)
        #expect(ecb.code == 0 && ecb.length == padded && ecb.isIntact)
        #expect(ctr.code == 0 && ctr.length == size && ctr.isIntact)
        let calls: [NativeCall] = [.sm4CbcDecrypt(cbc.result), .sm4EcbDecrypt(ecb.result), .sm4CtrDecrypt(ctr.result)]
        for call in calls {
            let decrypted = call.run()
            #expect(decrypted.result == text && decrypted.isIntact)
            // Padding is not given out either.
            #expect(decrypted.outputs[0].dropFirst(size).allSatisfy { $0 == NativeMemory.filling })
        }
        let sealed = NativeCall.sm4GcmEncrypt(text, iv: Sample.iv, associated: []).run()
        #expect(sealed.code == 0 && sealed.length == size && sealed.isIntact)
        let opened = NativeCall.sm4GcmDecrypt(sealed.result, iv: Sample.iv, associated: [], tag: sealed.outputs[1])
            .run()
        #expect(opened.result == text && opened.isIntact)
    }

    @Test(arguments: [1, 15, 16, 17, 127, 128, 129, 255, 256, 65_535, 65_536, 262_144])
    func `SM2 takes texts of any size`(size: Int) {
        let text = (0..<size).map { UInt8(truncatingIfNeeded: $0 &* 31) }
        let encrypted = NativeCall.sm2Encrypt(text).run()
        #expect(encrypted.code == 0 && encrypted.isIntact)
        let decrypted = NativeCall.sm2Decrypt(encrypted.result).run()
        #expect(decrypted.result == text && decrypted.isIntact)
    }

    @Test func `Nothing decrypts to nothing where there is no padding`() {
        let counter = NativeCall.sm4CtrDecrypt([]).run()
        #expect(counter.code == 0 && counter.length == 0)
    }

    @Test func `The user's name has up to 8191 bytes`() {
        #expect(NativeCall.hashForSM3WithSM2(user: [UInt8](repeating: 1, count: 8191)).run().code == 0)
    }

    @Test func `Random bytes have a code of their own, whatever they look like`() {
        var random = SplitMix(state: 0x6E61_7469_7665)
        for round in 0..<1000 {
            var bytes = random.bytes(Int(random.next() % 200))
            if round % 3 > 0, bytes.count > 4 {
                bytes[0] = round % 3 == 1 ? 0x30 : 4
                bytes[1] = UInt8(bytes.count - 2)
                bytes[2] = 2
            }
            let decrypted = NativeCall.sm2Decrypt(bytes).run()
            #expect(decrypted.code == (bytes.count < 97 ? ES_CIPHER_TEXT_TOO_SHORT : ES_ERROR).rawValue, "\(bytes)")
            let verified = NativeCall.sm2VerifyWithDigest(bytes).run()
            #expect(verified.code == ES_DIGEST_INVALIDATE.rawValue, "\(bytes)")
            let read = NativeCall.sm2PemChangeToPubkey(String(decoding: bytes, as: UTF8.self)).run()
            #expect(read.code == ES_ERROR.rawValue, "\(bytes)")
            #expect(decrypted.isIntact && verified.isIntact && read.isIntact && decrypted.length == nil, "\(bytes)")
        }
    }

    @Test func `Threads do not disturb one another`() async {
        let agree = await withTaskGroup(of: Bool.self) { group in
            for task in 0..<8 {
                group.addTask {
                    for round in 0..<40 {
                        let text = [UInt8](repeating: UInt8(truncatingIfNeeded: task * 40 + round), count: 50)
                        let sealed = NativeCall.sm4GcmEncrypt(text).run()
                        let opened = NativeCall.sm4GcmDecrypt(sealed.result, tag: sealed.outputs[1]).run()
                        let signed = NativeCall.sm2Sign(text).run().result
                        let encrypted = NativeCall.sm2Encrypt(text).run().result
                        guard opened.result == text, NativeCall.sm2Verify(signed, text).run().code == 0,
                            NativeCall.sm2Decrypt(encrypted).run().result == text
                        else { return false }
                    }
                    return true
                }
            }
            return await group.reduce(true) { $0 && $1 }
        }
        #expect(agree)
    }
}

/// A generator whose numbers are the same in every run (Steele, Lea and Flood, "Fast splittable pseudorandom number generators").
private struct SplitMix: RandomNumberGenerator {
    var state: UInt64

    mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var mixed = state
        mixed = (mixed ^ (mixed >> 30)) &* 0xBF58_476D_1CE4_E5B9
        mixed = (mixed ^ (mixed >> 27)) &* 0x94D0_49BB_1331_11EB
        return mixed ^ (mixed >> 31)
    }

    mutating func bytes(_ count: Int) -> [UInt8] { (0..<count).map { _ in UInt8(truncatingIfNeeded: next()) } }
}
