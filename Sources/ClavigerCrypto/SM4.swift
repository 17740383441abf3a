package import CGuomi

/// SM4 (GB/T 32907-2016), a cipher of 16-byte blocks under a key of 16 bytes, in ECB, CBC and CTR (GB/T 17964-2021).
///
/// The work is done by vector instructions that are chosen at run time (see guomi.h). Input and output may be the same memory and must
/// not overlap otherwise; nothing is allocated for the data. The round keys lie in locked memory and are wiped with the value.
package struct SM4: ~Copyable, @unchecked Sendable {
    package static let keySize = 16
    package static let blockSize = 16

    // Written only by the initialiser; released by deinit.
    private let memory: UnsafeMutableRawBufferPointer

    private var schedule: UnsafePointer<guomi_sm4_key> {
        UnsafePointer(memory.baseAddress.unsafelyUnwrapped.assumingMemoryBound(to: guomi_sm4_key.self))
    }

    package init(key: UnsafeRawBufferPointer) {
        precondition(key.count == Self.keySize)
        memory = LockedMemory.allocate(MemoryLayout<guomi_sm4_key>.size)
        guomi_sm4_set_key(memory.bindMemory(to: guomi_sm4_key.self).baseAddress, key.bytes)
    }

    deinit { LockedMemory.release(memory) }

    /// Encrypts whole blocks, each by itself.
    package func encryptECB(_ input: UnsafeRawBufferPointer, into output: UnsafeMutableRawBufferPointer) {
        guomi_sm4_ecb_encrypt(schedule, input.bytes, output.bytes, Self.blocks(input, output))
    }

    /// Decrypts whole blocks, each by itself.
    package func decryptECB(_ input: UnsafeRawBufferPointer, into output: UnsafeMutableRawBufferPointer) {
        guomi_sm4_ecb_decrypt(schedule, input.bytes, output.bytes, Self.blocks(input, output))
    }

    /// Encrypts whole blocks. `iv` (16 bytes) becomes the last block of the ciphertext, so that the next call goes on.
    package func encryptCBC(
        _ input: UnsafeRawBufferPointer, iv: UnsafeMutableRawBufferPointer, into output: UnsafeMutableRawBufferPointer
    ) {
        precondition(iv.count == Self.blockSize)
        guomi_sm4_cbc_encrypt(schedule, iv.bytes, input.bytes, output.bytes, Self.blocks(input, output))
    }

    /// Encrypts several texts side by side, since the blocks of one must wait for each other. Each lane's `iv` becomes the last block of
    /// its ciphertext.
    package func encryptCBC(lanes: UnsafeMutableBufferPointer<guomi_sm4_lane>) {
        guomi_sm4_cbc_encrypt_lanes(schedule, lanes.baseAddress, lanes.count)
    }

    /// Decrypts whole blocks. `iv` (16 bytes) becomes the last block of the ciphertext, so that the next call goes on.
    package func decryptCBC(
        _ input: UnsafeRawBufferPointer, iv: UnsafeMutableRawBufferPointer, into output: UnsafeMutableRawBufferPointer
    ) {
        precondition(iv.count == Self.blockSize)
        guomi_sm4_cbc_decrypt(schedule, iv.bytes, input.bytes, output.bytes, Self.blocks(input, output))
    }

    /// Encrypts or decrypts any number of bytes. `counter` (16 bytes) is incremented modulo 2^128 for every block that was begun: the
    /// next call goes on right only after a multiple of 16 bytes.
    package func cryptCTR(
        _ input: UnsafeRawBufferPointer, counter: UnsafeMutableRawBufferPointer,
        into output: UnsafeMutableRawBufferPointer
    ) {
        precondition(counter.count == Self.blockSize && output.count >= input.count)
        guomi_sm4_ctr(schedule, counter.bytes, input.bytes, output.bytes, input.count)
    }

    private static func blocks(_ input: UnsafeRawBufferPointer, _ output: UnsafeMutableRawBufferPointer) -> Int {
        precondition(input.count % blockSize == 0 && output.count >= input.count)
        return input.count / blockSize
    }
}

extension SM4 {
    /// Whether the first example of GB/T 32907-2016 (A.1) holds in both directions, for a self-test at start.
    package static func knownAnswerHolds() -> Bool {
        guard let text = Hex.decode("0123456789abcdeffedcba9876543210".utf8) else { return false }
        var bytes = text
        return text.withUnsafeBytes { key in
            let cipher = SM4(key: key)
            return bytes.withUnsafeMutableBytes { bytes in
                cipher.encryptECB(UnsafeRawBufferPointer(bytes), into: bytes)
                guard Hex.string(bytes) == "681edf34d206965e86b3e94f536e4246" else { return false }
                cipher.decryptECB(UnsafeRawBufferPointer(bytes), into: bytes)
                return bytes.elementsEqual(key)
            }
        }
    }
}
