import ClavigerCrypto
import ClavigerEnvelope
import Testing

@Suite struct MessageCipherTests {
    /// Short chunks, which go many at a time, and long ones; multiples of 16 and others; more and fewer than lanes.
    static let blockLengths: [UInt64?] = [
        nil, 1, 2, 15, 16, 17, 64, 100, 255, 256, 1000, 4080, 4095, 4096, 4097, 16_367, 16_368, 16_384, 20_000,
        1 << 31 - 1,
    ]
    static let lengths = [1, 2, 15, 16, 17, 31, 32, 33, 64, 1023, 1024, 1040, 4096, 20_001, 70_000]

    @Test(arguments: MessageVectors.all.messages)
    func `A message is what another implementation makes of it`(vector: MessageVectors.Message) throws {
        let message = try vector.sealed()
        if let expected = vector.message {
            #expect(Hex.string(message) == expected)
        } else {
            #expect(message.count == vector.size)
            #expect(Hex.string(message.withUnsafeBytes { SHA256Hasher.hash($0) }) == vector.sha256)
        }
    }

    @Test(arguments: MessageVectors.all.messages)
    func `A message of another implementation opens`(vector: MessageVectors.Message) throws {
        // The longer ones are given by a hash; the test above has shown that these are the same.
        let message = try vector.message.map { try #require(Hex.decode($0.utf8)) } ?? vector.sealed()
        let sealed = SealedSample(message: message, dataKey: try vector.key)
        #expect(try sealed.opened() == MessageVectors.sample(vector.plaintextLength))
    }

    @Test(arguments: EnvelopeAlgorithm.all)
    func `What was sealed opens, whatever its length and that of its blocks`(algorithm: EnvelopeAlgorithm) throws {
        for length in Self.lengths {
            let plaintext = MessageVectors.sample(length)
            for blockLength in Self.blockLengths where UInt64(length) / (blockLength ?? .max) < 1100 {
                let sealed = try SealedSample(algorithm, blockLength: blockLength, plaintext)
                #expect(try sealed.opened() == plaintext, "\(length) bytes in blocks of \(blockLength ?? 0)")
            }
        }
    }

    @Test(arguments: EnvelopeAlgorithm.all, [nil, 33, 64] as [UInt64?])
    func `A message that is cut short anywhere is told as such`(algorithm: EnvelopeAlgorithm, blockLength: UInt64?)
        throws
    {
        let sealed = try SealedSample(algorithm, blockLength: blockLength, MessageVectors.sample(100))
        for count in 0..<sealed.message.count {
            let (_, buffer, error) = SealedSample(message: Array(sealed.message[..<count])).opening()
            #expect(error?.code == .messageTooShort, "\(count) bytes")
            #expect(buffer.isEmpty)
        }
    }

    @Test(arguments: EnvelopeAlgorithm.all, [nil, 33, 64] as [UInt64?])
    func `A message with anything behind it is malformed`(algorithm: EnvelopeAlgorithm, blockLength: UInt64?) throws {
        let sealed = try SealedSample(algorithm, blockLength: blockLength, MessageVectors.sample(100))
        for byte in UInt8.min...UInt8.max {
            #expect(SealedSample(message: sealed.message + [byte]).opening().error?.code == .malformedMessage)
        }
        for count in 2...100 {
            let more = [UInt8](repeating: 16, count: count)
            #expect(SealedSample(message: sealed.message + more).opening().error?.code == .malformedMessage)
        }
    }

    @Test(arguments: EnvelopeAlgorithm.all.filter(\.isAuthenticated), [nil, 33] as [UInt64?])
    func `No bit can be changed where a message is authenticated, and nothing of it is written then`(
        algorithm: EnvelopeAlgorithm, blockLength: UInt64?
    ) throws {
        let sealed = try SealedSample(algorithm, blockLength: blockLength, MessageVectors.sample(70))
        let headerEnd = try MessageHeader.sample(algorithm, blockLength: blockLength, plaintextLength: 70)
            .encoded().count
        for bit in 0..<(8 * sealed.message.count) {
            var changed = sealed
            changed.message[bit / 8] ^= 1 << (bit % 8)
            let (_, buffer, error) = changed.opening()
            #expect(error != nil, "bit \(bit)")
            if bit / 8 >= headerEnd { #expect(error?.code == .notAuthentic, "bit \(bit)") }
            #expect(buffer.allSatisfy { $0 == 0xEE }, "bit \(bit)")
        }
    }

    @Test(arguments: EnvelopeAlgorithm.all.filter { !$0.isAuthenticated })
    func `A bit that is changed where nothing is authenticated crashes nothing`(algorithm: EnvelopeAlgorithm) throws {
        let plaintext = MessageVectors.sample(70)
        let sealed = try SealedSample(algorithm, blockLength: 33, plaintext)
        for bit in 0..<(8 * sealed.message.count) {
            var changed = sealed
            changed.message[bit / 8] ^= 1 << (bit % 8)
            let (header, buffer, error) = changed.opening()
            #expect(error != nil || buffer != plaintext || header?.plaintextLength == 70)
        }
    }

    @Test(arguments: EnvelopeAlgorithm.all.filter(\.isAuthenticated))
    func `Another data key does not open an authenticated message`(algorithm: EnvelopeAlgorithm) throws {
        let sealed = try SealedSample(algorithm, MessageVectors.sample(70))
        var key = SealedSample.dataKey
        key[15] ^= 1
        let (_, buffer, error) = SealedSample(message: sealed.message, dataKey: KeyMaterial(key)).opening()
        #expect(error?.code == .notAuthentic)
        #expect(buffer.allSatisfy { $0 == 0xEE })
    }

    @Test(arguments: [0, 15, 17, 32])
    func `A data key has 16 bytes`(count: Int) throws {
        let header = MessageHeader.sample(.sm4GCM, plaintextLength: 3)
        let error = #expect(throws: EnvelopeError.self) {
            _ = try MessageCipher(
                header, headerBytes: header.encoded(), dataKey: KeyMaterial([UInt8](repeating: 1, count: count)))
        }
        #expect(error?.code == .wrongDataKeySize)
    }

    @Test(arguments: [EnvelopeAlgorithm.sm4GCM, .sm4GCMWithSignature, .sm4CTRWithSignature])
    func `Chunks cannot change places, be left out or come from another message`(algorithm: EnvelopeAlgorithm) throws {
        let plaintext = MessageVectors.sample(96)
        let sealed = try SealedSample(algorithm, blockLength: 32, plaintext)
        let header = MessageHeader.sample(algorithm, blockLength: 32, plaintextLength: 96)
        let start = try header.encoded().count
        let size = Int(try #require(header.bodySize)) / 3
        let chunk = { (index: Int) in sealed.message[(start + index * size)..<(start + (index + 1) * size)] }
        let signature = sealed.message[(start + 3 * size)...]
        let head = sealed.message[..<start]
        for order in [[1, 0, 2], [0, 2, 1], [0, 0, 2], [0, 1, 1], [2, 1, 0]] {
            let message = head + order.flatMap(chunk) + signature
            #expect(SealedSample(message: Array(message)).opening().error?.code == .notAuthentic, "\(order)")
        }
        // A shorter message of the same keys: its header says so, and its last chunk is not this one's.
        let shorter = try MessageHeader.sample(algorithm, blockLength: 32, plaintextLength: 64).encoded()
        let cut = shorter + chunk(0) + chunk(1) + signature
        #expect(SealedSample(message: cut).opening().error?.code == .notAuthentic)
    }

    @Test func `Two messages under one data key have nothing in common`() throws {
        let plaintext = [UInt8](repeating: 0, count: 64)
        var bodies: Set<[UInt8]> = []
        for algorithm in EnvelopeAlgorithm.all {
            for messageID in [UInt8](0..<2) {
                let header = MessageHeader(
                    algorithm: algorithm, encryptionContext: "",
                    dataKeys: [EncryptedDataKey(region: "r", keyID: "k", ciphertext: "c")], blockLength: nil,
                    messageID: [UInt8](repeating: messageID, count: 16), plaintextLength: 64)
                let sealed = try SealedSample(plaintext, header)
                bodies.insert(Array(sealed.message[try header.encoded().count...].prefix(16)))
            }
        }
        #expect(bodies.count == 2 * EnvelopeAlgorithm.all.count)
    }
}
