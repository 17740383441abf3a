import ClavigerCrypto
import ClavigerEnvelope
import Testing

@Suite struct MessageDecryptorTests {
    /// How a source is, which decides whether a message is read once, twice or spooled.
    enum Kind: CaseIterable {
        case pipe, pipeOfKnownLength, file

        func source(_ bytes: [UInt8], tampering: @escaping (inout [UInt8]) -> Void = { _ in }) -> MemorySource {
            let length = UInt64(bytes.count)
            switch self {
            case .pipe: return MemorySource(bytes, piece: 1000)
            case .pipeOfKnownLength: return MemorySource(bytes, length: length)
            case .file: return MemorySource(bytes, length: length, canRewind: true, tampering: tampering)
            }
        }
    }

    @Test(arguments: EnvelopeAlgorithm.all, Kind.allCases)
    func `A message that is cut short or too long is told as such`(algorithm: EnvelopeAlgorithm, kind: Kind) throws {
        let plaintext = MessageVectors.sample(100)
        let message = try SealedSample(algorithm, blockLength: 33, plaintext).message
        for count in 0..<message.count {
            let (code, bytes) = StreamSample.outcome(kind.source(Array(message[..<count])))
            #expect(code == .messageTooShort, "\(count) bytes")
            #expect(bytes.isEmpty)
        }
        for count in [1, 16, 2_000_000] {
            let (code, bytes) = StreamSample.outcome(kind.source(message + [UInt8](repeating: 0, count: count)))
            #expect(code == .malformedMessage)
            #expect(bytes.isEmpty)
        }
    }

    @Test(arguments: MessageVectors.all.headers)
    func `A stream's header gives the code that it gives in memory`(vector: MessageVectors.Header) throws {
        let message = try vector.bytes
        let expected = SealedSample(message: message).opening().error?.code
        #expect(StreamSample.outcome(Kind.file.source(message)).code == expected)
        #expect(StreamSample.outcome(Kind.pipeOfKnownLength.source(message)).code == expected)
    }

    @Test(arguments: EnvelopeAlgorithm.all.filter(\.isAuthenticated), Kind.allCases)
    func `Nothing unverified reaches a sink`(algorithm: EnvelopeAlgorithm, kind: Kind) throws {
        let plaintext = MessageVectors.sample(70)
        let message = try SealedSample(algorithm, blockLength: 33, plaintext).message
        for index in message.indices {
            var changed = message
            changed[index] ^= 1 << (index % 8)
            let (code, bytes) = StreamSample.outcome(kind.source(changed))
            #expect(code != nil, "byte \(index)")
            #expect(bytes.isEmpty, "byte \(index)")
        }
    }

    @Test(arguments: [33, 100_000, 3_000_000] as [UInt64], Kind.allCases)
    func `Of GCM with blocks the sink has at most what was verified`(blockLength: UInt64, kind: Kind) throws {
        let plaintext = MessageVectors.sample(7_000_000)
        var message = try SealedSample(.sm4GCM, blockLength: blockLength, plaintext).message
        let changed = message.count - 1_000_000
        message[changed] ^= 1
        let (code, bytes) = StreamSample.outcome(kind.source(message))
        #expect(code == .notAuthentic)
        #expect(!bytes.isEmpty)
        #expect(plaintext.starts(with: bytes))
        #expect(bytes.count < changed)
    }

    @Test(arguments: EnvelopeAlgorithm.all.filter(\.isAuthenticated), Kind.allCases)
    func `Of a chunk that is too long to be held nothing leaves before all is verified`(
        algorithm: EnvelopeAlgorithm, kind: Kind
    ) throws {
        for blockLength in [nil, 4_500_000] as [UInt64?] {
            var message = try SealedSample(algorithm, blockLength: blockLength, MessageVectors.sample(9_000_001))
                .message
            message[message.count - 40] ^= 1
            let (code, bytes) = StreamSample.outcome(kind.source(message))
            #expect(code == .notAuthentic)
            #expect(bytes.isEmpty)
        }
    }

    @Test(arguments: EnvelopeAlgorithm.all.filter(\.hasSignature) + [.sm4GCM], [0, 1_300_000, 6_000_000])
    func `What changes between verification and decryption is not given out`(
        algorithm: EnvelopeAlgorithm, place: Int
    ) throws {
        let plaintext = MessageVectors.sample(7_000_000)
        let message = try SealedSample(algorithm, plaintext).message
        let position = message.count - 7_000_100 + place + 100
        let source = Kind.file.source(message) { $0[position] ^= 1 }
        let (code, bytes) = StreamSample.outcome(source)
        #expect(source.rewinds == 1)
        #expect(code == .notAuthentic)
        #expect(bytes.count <= place + 100)
        #expect(plaintext.starts(with: bytes))
    }

    @Test(arguments: EnvelopeAlgorithm.all.filter(\.hasSignature))
    func `A source that cannot go back is spooled, one that can is read twice`(algorithm: EnvelopeAlgorithm) throws {
        let plaintext = MessageVectors.sample(1_500_000)
        let message = try SealedSample(algorithm, blockLength: 1000, plaintext).message
        for (kind, expected) in [
            (Kind.pipe, [EnvelopeProgress.Phase.spooling, .verifying, .processing]),
            (.file, [.verifying, .processing]),
        ] {
            var phases: [EnvelopeProgress.Phase] = []
            var last: EnvelopeProgress?
            let (code, bytes) = StreamSample.outcome(kind.source(message)) {
                if phases.last != $0.phase { phases.append($0.phase) }
                last = $0
                return true
            }
            #expect(code == nil)
            #expect(bytes == plaintext)
            #expect(phases == expected)
            #expect(last?.completed == UInt64(message.count))
            #expect(last?.total == UInt64(message.count))
        }
    }

    @Test(arguments: [EnvelopeAlgorithm.sm4GCM, .sm4CBC, .sm4CTR, .sm4ECB])
    func `What is not signed and has blocks is read once`(algorithm: EnvelopeAlgorithm) throws {
        let message = try SealedSample(algorithm, blockLength: 1000, MessageVectors.sample(1_500_000)).message
        var reports: [EnvelopeProgress] = []
        _ = StreamSample.outcome(Kind.pipe.source(message)) {
            reports.append($0)
            return true
        }
        #expect(reports.count >= 2)
        #expect(reports.allSatisfy { $0.phase == .processing && $0.total == UInt64(message.count) })
        #expect(reports.last?.completed == UInt64(message.count))
    }

    @Test(arguments: EnvelopeAlgorithm.all, 1...3)
    func `A stream can be cancelled at every report`(algorithm: EnvelopeAlgorithm, report: Int) throws {
        let message = try SealedSample(algorithm, MessageVectors.sample(5_000_000)).message
        var reports = 0
        let (code, bytes) = StreamSample.outcome(Kind.pipe.source(message)) { _ in
            reports += 1
            return reports < report
        }
        #expect(code == .cancelled)
        #expect(reports == report)
        if algorithm.isAuthenticated { #expect(bytes.isEmpty) }
    }

    @Test(arguments: EnvelopeAlgorithm.all)
    func `What a sink throws ends the stream`(algorithm: EnvelopeAlgorithm) throws {
        let message = try SealedSample(algorithm, blockLength: 1000, MessageVectors.sample(3_000_000)).message
        let sink = MemorySink(limit: 1_500_000)
        let error = #expect(throws: EnvelopeError.self) {
            try StreamSample.decrypt(MemorySource(message), into: sink)
        }
        #expect(error?.message == "the sink is full")
        #expect(MessageVectors.sample(3_000_000).starts(with: sink.bytes))
    }

    @Test(arguments: [EnvelopeAlgorithm.sm4CBC, .sm4ECB], [nil, 1000] as [UInt64?])
    func `Wrong padding is found in streams`(algorithm: EnvelopeAlgorithm, blockLength: UInt64?) throws {
        var message = try SealedSample(algorithm, blockLength: blockLength, MessageVectors.sample(5_000_000)).message
        for index in 1...16 { message[message.count - index] ^= 0x5A }
        #expect(StreamSample.outcome(MemorySource(message)).code == .invalidArgument)
    }

    @Test func `A source that counts more than it was given room for is refused`() throws {
        final class Boaster: ByteSource {
            func read(into buffer: UnsafeMutableRawBufferPointer) -> Int { buffer.count + 1 }
        }
        #expect(StreamSample.outcome(Boaster()).code == .inputOutput)
    }

    @Test func `A source that is shorter than it says is cut short`() throws {
        let message = try SealedSample(.sm4CTR, MessageVectors.sample(100)).message
        let source = MemorySource(Array(message.dropLast()), length: UInt64(message.count))
        #expect(StreamSample.outcome(source).code == .messageTooShort)
    }
}
