import CGuomi
import Foundation
import Testing

/// The kernels share one switch, so their tests run one after the other.
@Suite(.serialized) struct KernelTests {
    /// How many random inputs each mode of each kernel gets; `CLAVIGER_KERNEL_INPUTS` asks for another number.
    private static let inputs =
        ProcessInfo.processInfo.environment["CLAVIGER_KERNEL_INPUTS"].flatMap(Int.init) ?? 8_000

    /// Lengths go around from 0 to this many blocks.
    private static let mostBlocks = 300

    @Test func `There is always a kernel, and the portable one is always there`() {
        #expect(Kernel.supported.last?.name == "portable")
        #expect(guomi_kernel_name(Int(GUOMI_KERNEL_COUNT)) == nil)
        #expect(guomi_kernel_is_supported(Int(GUOMI_KERNEL_COUNT)) == 0)
    }

    @Test func `A kernel is used once it is asked for by its name`() {
        let before = String(cString: guomi_kernel_in_use())
        for kernel in Kernel.supported {
            #expect(guomi_use_kernel(kernel.name) == 0)
            #expect(String(cString: guomi_kernel_in_use()) == kernel.name)
        }
        #expect(guomi_use_kernel("") == -1 && guomi_use_kernel("gfni") == -1)
        #expect(String(cString: guomi_kernel_in_use()) == "portable")
        #expect(guomi_use_kernel(before) == 0)
    }

    /// GB/T 32907-2016, appendix A.
    @Test(arguments: Kernel.supported)
    func `The examples of the standard hold`(kernel: Kernel) {
        let key: [UInt8] = [
            0x01, 0x23, 0x45, 0x67, 0x89, 0xAB, 0xCD, 0xEF, 0xFE, 0xDC, 0xBA, 0x98, 0x76, 0x54, 0x32, 0x10,
        ]
        let once: [UInt8] = [
            0x68, 0x1E, 0xDF, 0x34, 0xD2, 0x06, 0x96, 0x5E, 0x86, 0xB3, 0xE9, 0x4F, 0x53, 0x6E, 0x42, 0x46,
        ]
        let millionTimes: [UInt8] = [
            0x59, 0x52, 0x98, 0xC7, 0xC6, 0xFD, 0x27, 0x1F, 0x04, 0x02, 0xF8, 0x04, 0xC3, 0x3D, 0x3F, 0x66,
        ]
        #expect(guomi_use_kernel(kernel.name) == 0)
        var schedule = guomi_sm4_key()
        guomi_sm4_set_key(&schedule, key)
        var block = key
        block.withUnsafeMutableBufferPointer { block in
            guomi_sm4_ecb_encrypt(&schedule, block.baseAddress, block.baseAddress, 1)
        }
        #expect(block == once)
        block.withUnsafeMutableBufferPointer { block in
            for _ in 1..<1_000_000 { guomi_sm4_ecb_encrypt(&schedule, block.baseAddress, block.baseAddress, 1) }
        }
        #expect(block == millionTimes)
    }

    @Test(arguments: Reference.Mode.allCases)
    func `All kernels agree with libgcrypt on random inputs of every length`(mode: Reference.Mode) {
        var random = SplitMix(seed: 0x5349_4D34 &+ UInt64(Self.inputs))
        let pool = random.bytes(16 * Self.mostBlocks + 4096)
        var disagreements = 0
        for index in 0..<Self.inputs {
            let (key, iv) = (random.bytes(16), Self.iv(mode, index, &random))
            // Whole blocks for all lengths, then for the modes that take them any bytes.
            var count = 16 * (index % (Self.mostBlocks + 1))
            if mode == .ctr || mode == .gcm, index % 2 == 1 { count = Int.random(in: 0...count, using: &random) }
            let start = Int.random(in: 0...(pool.count - count), using: &random)
            let input = pool[start..<start + count]
            let associated = mode == .gcm ? Array(pool[..<(index % 70)]) : []
            let expected = Reference.output(mode, key: key, iv: iv, associated: associated, input)
            for kernel in Kernel.supported {
                let output = kernel.output(
                    mode, key: key, iv: iv, associated: associated, input, inPlace: index % 3 == 0, shift: index % 64)
                if output != expected {
                    disagreements += 1
                    if disagreements < 5 { Issue.record("\(kernel), \(mode): \(count) bytes, input \(index)") }
                }
            }
        }
        #expect(disagreements == 0)
    }

    /// Random ones, and those whose increment carries over many bytes; for GCM of any size.
    private static func iv(_ mode: Reference.Mode, _ index: Int, _ random: inout SplitMix) -> [UInt8] {
        var iv = random.bytes(mode == .gcm ? (index % 4 == 3 ? 1 + index % 40 : 12) : 16)
        if mode == .ctr, index % 3 == 0 {
            let carry = index / 3 % 17
            for byte in (16 - carry)..<16 { iv[byte] = 0xFF }
            if carry > 0 { iv[15] &-= UInt8(index % 8) }
        }
        return iv
    }

    @Test(arguments: Kernel.supported)
    func `Lanes are encrypted as each would be alone`(kernel: Kernel) {
        #expect(guomi_use_kernel(kernel.name) == 0)
        var random = SplitMix(seed: 7)
        for count in Array(0...40) + [63, 64, 65, 200] {
            let key = random.bytes(16)
            var schedule = guomi_sm4_key()
            guomi_sm4_set_key(&schedule, key)
            let texts = (0..<count).map { lane in random.bytes(16 * (lane % 5 == 4 ? 0 : (lane * 7 + count) % 33)) }
            let ivs = (0..<count).map { _ in random.bytes(16) }
            var outputs = texts
            // In place: each output begins as its text.
            let pointers = outputs.indices.map { lane in
                let copy = UnsafeMutablePointer<UInt8>.allocate(capacity: outputs[lane].count + 1)
                copy.update(from: outputs[lane], count: outputs[lane].count)
                copy[outputs[lane].count] = 0xA5
                return copy
            }
            defer { pointers.forEach { $0.deallocate() } }
            var lanes = texts.indices.map { lane in
                var made = guomi_sm4_lane()
                made.input = UnsafePointer(pointers[lane])
                made.output = pointers[lane]
                made.blocks = texts[lane].count / 16
                withUnsafeMutableBytes(of: &made.iv) { $0.copyBytes(from: ivs[lane]) }
                return made
            }
            guomi_sm4_cbc_encrypt_lanes(&schedule, &lanes, count)
            for lane in 0..<count {
                outputs[lane] = Array(UnsafeBufferPointer(start: pointers[lane], count: texts[lane].count))
                let expected = Reference.output(.cbcEncryption, key: key, iv: ivs[lane], texts[lane][...])
                #expect(outputs[lane] == expected, "lane \(lane) of \(count)")
                #expect(pointers[lane][texts[lane].count] == 0xA5)
                let last = texts[lane].isEmpty ? ivs[lane] : Array(expected.suffix(16))
                #expect(withUnsafeBytes(of: &lanes[lane].iv) { Array($0) } == last)
            }
        }
    }

    @Test(arguments: Kernel.supported)
    func `Texts in pieces come out as they do in one`(kernel: Kernel) {
        var random = SplitMix(seed: 11)
        for round in 0..<300 {
            let (key, iv, text) = (random.bytes(16), random.bytes(12), random.bytes(round * 7))
            let associated = random.bytes(round % 90)
            let expected = Reference.output(.gcm, key: key, iv: iv, associated: associated, text[...])
            kernel.withGCM(key) { key in
                var state = guomi_gcm()
                guomi_gcm_start(&state, key, iv, iv.count)
                Self.pieces(associated.count, &random) { start, count in
                    associated.withUnsafeBufferPointer {
                        guomi_gcm_authenticate(&state, key, $0.baseAddress.map { $0 + start }, count)
                    }
                }
                var output = [UInt8](repeating: 0, count: text.count + 16)
                output.withUnsafeMutableBufferPointer { output in
                    text.withUnsafeBufferPointer { text in
                        Self.pieces(text.count, &random) { start, count in
                            guomi_gcm_encrypt(
                                &state, key, text.baseAddress.map { $0 + start },
                                output.baseAddress.map { $0 + start }, count)
                        }
                    }
                    guomi_gcm_tag(&state, key, output.baseAddress.map { $0 + text.count })
                }
                #expect(output == expected)

                // Hashed first, then decrypted by the same state.
                var tag = [UInt8](repeating: 0, count: 16)
                guomi_gcm_start(&state, key, iv, iv.count)
                guomi_gcm_authenticate(&state, key, associated, associated.count)
                output.withUnsafeMutableBufferPointer { output in
                    Self.pieces(text.count, &random) { start, count in
                        guomi_gcm_hash(&state, key, output.baseAddress.map { $0 + start }, count)
                    }
                    guomi_gcm_tag(&state, key, &tag)
                    Self.pieces(text.count, &random) { start, count in
                        guomi_gcm_decrypt(
                            &state, key, output.baseAddress.map { $0 + start },
                            output.baseAddress.map { $0 + start }, count)
                    }
                }
                #expect(tag == Array(expected.suffix(16)))
                #expect(Array(output.prefix(text.count)) == text)
            }
        }
    }

    private static func pieces(_ count: Int, _ random: inout SplitMix, _ body: (_ start: Int, _ count: Int) -> Void) {
        var start = 0
        while start < count {
            let size = min(count - start, Int.random(in: 0...70, using: &random))
            body(start, size)
            start += size
        }
    }

    @Test func `SM3 agrees with OpenSSL on blocks of every number`() {
        var random = SplitMix(seed: 3)
        for blocks in 0...200 {
            // The last block of a message is its padding: made here, so that only whole blocks are compressed.
            let message = random.bytes(64 * blocks)
            var padded = message + [0x80] + [UInt8](repeating: 0, count: 55)
            for shift in stride(from: 56, through: 0, by: -8) {
                padded.append(UInt8(truncatingIfNeeded: (UInt64(message.count) * 8) >> UInt64(shift)))
            }
            var state: [UInt32] = [
                0x7380_166F, 0x4914_B2B9, 0x1724_42D7, 0xDA8A_0600, 0xA96F_30BC, 0x1631_38AA, 0xE38D_EE4D, 0xB0FB_0E4E,
            ]
            guomi_sm3_compress(&state, padded, padded.count / 64)
            let hash = state.flatMap { word in (0..<4).map { UInt8(truncatingIfNeeded: word >> UInt32(24 - 8 * $0)) } }
            #expect(hash == Reference.sm3(message[...]), "\(blocks) blocks")
        }
    }
}
