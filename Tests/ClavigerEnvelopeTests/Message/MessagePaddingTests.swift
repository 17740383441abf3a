import ClavigerCrypto
import ClavigerEnvelope
import Testing

@Suite struct MessagePaddingTests {
    /// 20 bytes: the second block has 4 of them and 12 bytes of padding.
    @Test(arguments: [nil, 20] as [UInt64?])
    func `Every byte of the padding counts`(blockLength: UInt64?) throws {
        let plaintext = MessageVectors.sample(20)
        let sealed = try SealedSample(.sm4CBC, blockLength: blockLength, plaintext)
        let body = sealed.message.count - 32
        for bit in 0..<128 {
            // In CBC a bit of one block changes the same bit of the next block's plaintext.
            var changed = sealed
            changed.message[body + bit / 8] ^= 1 << (bit % 8)
            let (_, buffer, error) = changed.opening()
            if bit / 8 < 4 {
                #expect(error == nil)
                #expect(buffer[16 + bit / 8] == plaintext[16 + bit / 8] ^ 1 << (bit % 8))
            } else {
                #expect(error?.code == .invalidArgument)
            }
            #expect(buffer.count == 20)
        }
    }

    @Test(arguments: [EnvelopeAlgorithm.sm4CBC, .sm4ECB], [16, 17, 19, 21, 31])
    func `Padding that says another length than the header is wrong`(algorithm: EnvelopeAlgorithm, claimed: Int) throws
    {
        // Neither the keys nor the size of the body depend on the length, so only the padding can tell.
        let body = try SealedSample(algorithm, MessageVectors.sample(20)).message.suffix(32)
        let header = try MessageHeader.sample(algorithm, plaintextLength: claimed).encoded()
        #expect(SealedSample(message: header + body).opening().error?.code == .invalidArgument)
    }

    @Test(arguments: [EnvelopeAlgorithm.sm4CBC, .sm4ECB], [32, 16_368, 20_000] as [UInt64])
    func `Wrong padding of any chunk is found`(algorithm: EnvelopeAlgorithm, blockLength: UInt64) throws {
        let sealed = try SealedSample(algorithm, blockLength: blockLength, MessageVectors.sample(Int(blockLength) * 3))
        let size = Int(blockLength) / 16 * 16 + 16
        let body = sealed.message.count - 3 * size
        for chunk in 0..<3 {
            var changed = sealed
            for index in 0..<16 { changed.message[body + (chunk + 1) * size - 1 - index] ^= 0x5A }
            #expect(changed.opening().error?.code == .invalidArgument, "chunk \(chunk)")
        }
    }

    @Test(arguments: [EnvelopeAlgorithm.sm4CBCWithSignature, .sm4ECBWithSignature])
    func `A signer's own wrong padding is refused as well`(algorithm: EnvelopeAlgorithm) throws {
        let body = try SealedSample(algorithm, MessageVectors.sample(20)).message.dropLast(32).suffix(32)
        let header = try MessageHeader.sample(algorithm, plaintextLength: 19).encoded()
        let derived = try derivedKeys(algorithm)
        let message = header + body
        let signature = derived.withUnsafeBytes { keys in
            message.withUnsafeBytes { HMACSM3(key: UnsafeRawBufferPointer(rebasing: keys[32...])).code(for: $0) }
        }
        #expect(SealedSample(message: message + signature.bytes).opening().error?.code == .invalidArgument)
    }

    private func derivedKeys(_ algorithm: EnvelopeAlgorithm) throws -> [UInt8] {
        let info = Array("claviger-enc-sdk v1".utf8) + [algorithm.rawValue]
        var derived = [UInt8](repeating: 0, count: 64)
        try derived.withUnsafeMutableBytes { derived in
            try SealedSample.dataKey.withUnsafeBytes { key in
                try (0..<16).map { UInt8($0) }.withUnsafeBytes { salt in
                    try info.withUnsafeBytes { info in
                        try HKDFSM3.derive(from: key, salt: salt, info: info, into: derived)
                    }
                }
            }
        }
        return derived
    }
}
