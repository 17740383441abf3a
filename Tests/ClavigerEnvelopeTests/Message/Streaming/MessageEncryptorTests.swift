import ClavigerEnvelope
import Testing

@Suite struct MessageEncryptorTests {
    /// Chunks of a size that are read several at a time, of one that are read one at a time, and of one that come in pieces.
    static let cases: [(length: Int, blockLength: UInt64?)] = [
        (1, nil), (100, nil), (100, 33), (70_000, 64), (1 << 20, 4096), (1 << 20 + 1, nil), (3_000_001, 1_000_000),
        (5_000_003, nil), (9_000_000, 4_500_000), (4_194_304, nil), (4_194_288, nil), (5_242_880, nil),
    ]

    @Test(arguments: EnvelopeAlgorithm.all, cases)
    func `A stream gives the same message as memory`(
        algorithm: EnvelopeAlgorithm, size: (length: Int, blockLength: UInt64?)
    ) throws {
        let plaintext = MessageVectors.sample(size.length)
        let expected = try SealedSample(algorithm, blockLength: size.blockLength, plaintext).message
        let sink = MemorySink()
        try StreamSample.encrypt(
            MemorySource(plaintext, length: UInt64(size.length)), algorithm, blockLength: size.blockLength, into: sink)
        #expect(sink.bytes == expected)
        let (code, bytes) = StreamSample.outcome(MemorySource(expected, canRewind: true))
        #expect(code == nil)
        #expect(bytes == plaintext)
    }

    @Test(arguments: [1, 7, 16, 1000, 65_537], [nil, 33, 5000] as [UInt64?])
    func `It does not matter in what pieces a source gives its bytes`(piece: Int, blockLength: UInt64?) throws {
        let plaintext = MessageVectors.sample(70_000)
        let expected = try SealedSample(.sm4GCMWithSignature, blockLength: blockLength, plaintext).message
        let sink = MemorySink()
        try StreamSample.encrypt(
            MemorySource(plaintext, piece: piece, length: 70_000), .sm4GCMWithSignature, blockLength: blockLength,
            into: sink)
        #expect(sink.bytes == expected)
        #expect(StreamSample.outcome(MemorySource(expected, piece: piece)).bytes == plaintext)
    }

    @Test(arguments: EnvelopeAlgorithm.all)
    func `A source of unknown length is spooled first`(algorithm: EnvelopeAlgorithm) throws {
        let plaintext = MessageVectors.sample(1_500_001)
        let sink = MemorySink()
        var phases: [EnvelopeProgress.Phase] = []
        try StreamSample.encrypt(MemorySource(plaintext, piece: 4097), algorithm, blockLength: 777, into: sink) {
            phases.append($0.phase)
            return true
        }
        #expect(phases.first == .spooling)
        #expect(phases.last == .processing)
        #expect(sink.bytes == (try SealedSample(algorithm, blockLength: 777, plaintext).message))
    }

    @Test func `An empty source has the length zero`() throws {
        #expect(try PreparedSource.prepare(MemorySource([])).length == 0)
    }

    @Test func `A length that is stated is believed at first`() throws {
        let source = MemorySource([1, 2, 3])
        let prepared = try PreparedSource.prepare(source, length: 3)
        #expect(prepared.length == 3)
        #expect(prepared.source === source)
    }

    @Test func `A length that the source contradicts is refused`() throws {
        let error = #expect(throws: EnvelopeError.self) {
            try PreparedSource.prepare(MemorySource([1, 2, 3], length: 3), length: 4)
        }
        #expect(error?.code == .inputOutput)
    }

    @Test(arguments: [1, 99, 101, 200, 2_000_000] as [UInt64], [nil, 10] as [UInt64?])
    func `A source that has not the length that was stated gives no whole message`(
        stated: UInt64, blockLength: UInt64?
    ) throws {
        let sink = MemorySink()
        let error = #expect(throws: EnvelopeError.self) {
            try StreamSample.encrypt(
                MemorySource(MessageVectors.sample(100)), length: stated, .sm4GCM, blockLength: blockLength, into: sink)
        }
        #expect(error?.code == .inputOutput)
        let whole = MessageHeader.sample(.sm4GCM, blockLength: blockLength, plaintextLength: Int(stated))
        #expect(try sink.bytes.count < whole.encoded().count + Int(#require(whole.restSize)))
    }

    @Test(arguments: EnvelopeAlgorithm.all, [0, 10, 300, 1_200_000])
    func `What a sink throws ends the stream`(algorithm: EnvelopeAlgorithm, limit: Int) throws {
        let sink = MemorySink(limit: limit)
        let error = #expect(throws: EnvelopeError.self) {
            try StreamSample.encrypt(
                MemorySource(MessageVectors.sample(2_000_000), length: 2_000_000), algorithm, blockLength: 4096,
                into: sink)
        }
        #expect(error?.message == "the sink is full")
    }

    @Test(arguments: EnvelopeAlgorithm.all)
    func `Progress counts the plaintext up to its end`(algorithm: EnvelopeAlgorithm) throws {
        var reports: [EnvelopeProgress] = []
        try StreamSample.encrypt(
            MemorySource(MessageVectors.sample(5_000_000), length: 5_000_000), algorithm, into: MemorySink()
        ) {
            reports.append($0)
            return true
        }
        #expect(reports.count >= 5)
        #expect(reports.allSatisfy { $0.phase == .processing && $0.total == 5_000_000 })
        #expect(zip(reports, reports.dropFirst()).allSatisfy { $0.completed < $1.completed })
        #expect(reports.last?.completed == 5_000_000)
    }

    @Test(arguments: 1...4)
    func `A stream can be cancelled at every report`(at report: Int) throws {
        var reports = 0
        let error = #expect(throws: EnvelopeError.self) {
            try StreamSample.encrypt(
                MemorySource(MessageVectors.sample(2_000_000)), .sm4GCM, blockLength: 4096, into: MemorySink()
            ) { _ in
                reports += 1
                return reports < report
            }
        }
        #expect(error?.code == .cancelled)
        #expect(reports == report)
    }
}
