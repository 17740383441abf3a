import Testing

@testable import ClavigerEnvelope

@Suite struct ChunkLayoutTests {
    struct Case: Sendable, CustomTestStringConvertible {
        let mode: EnvelopeAlgorithm.Mode
        let plaintext: UInt64
        let block: UInt64?
        let count: UInt64
        let body: UInt64

        init(_ mode: EnvelopeAlgorithm.Mode, _ plaintext: UInt64, _ block: UInt64?, _ count: UInt64, _ body: UInt64) {
            self.mode = mode
            self.plaintext = plaintext
            self.block = block
            self.count = count
            self.body = body
        }

        var testDescription: String { "\(mode), \(plaintext) bytes in blocks of \(block ?? 0)" }
    }

    static let cases = [
        Case(.cbc, 1, nil, 1, 16), Case(.cbc, 15, nil, 1, 16), Case(.cbc, 16, nil, 1, 32), Case(.ecb, 17, nil, 1, 32),
        Case(.ctr, 17, nil, 1, 17), Case(.gcm, 17, nil, 1, 33), Case(.gcm, 17, 17, 1, 33), Case(.gcm, 17, 18, 1, 33),
        Case(.gcm, 17, 16, 2, 49), Case(.cbc, 32, 16, 2, 64), Case(.ecb, 33, 16, 3, 80), Case(.ctr, 33, 16, 3, 33),
        Case(.ecb, 5, 1, 5, 80), Case(.gcm, 10, 3, 4, 74), Case(.ctr, .max, nil, 1, .max),
        Case(.ctr, .max, 1, .max, .max),
        Case(.ctr, .max, 1 << 31 - 1, (1 << 33) + 5, .max),
        Case(.gcm, .max - 16, nil, 1, .max), Case(.cbc, .max - 16, nil, 1, .max - 15),
        Case(.ecb, 1 << 60 - 1, 1, 1 << 60 - 1, (1 << 60 - 1) * 16),
    ]

    @Test(arguments: cases)
    func `Chunks and body have the sizes of the format`(of expected: Case) throws {
        let layout = try #require(
            ChunkLayout(mode: expected.mode, plaintextLength: expected.plaintext, blockLength: expected.block))
        #expect(layout.count == expected.count)
        #expect(layout.bodySize == expected.body)
        let last = layout.count - 1
        #expect(last * layout.chunkLength + layout.plaintextSize(of: last) == expected.plaintext)
        #expect(last * layout.sealedChunkLength + layout.sealedSize(of: last) == expected.body)
        #expect(layout.isLast(last))
        if last > 0 { #expect(!layout.isLast(last - 1)) }
    }

    static let impossible: [(EnvelopeAlgorithm.Mode, UInt64, UInt64?)] = [
        (.ctr, 0, nil), (.cbc, 0, 16), (.cbc, .max, nil), (.ecb, .max - 15, nil), (.gcm, .max - 15, nil),
        (.gcm, .max, 1),
        (.cbc, 1 << 60, 1), (.ecb, 1 << 63, 16), (.cbc, (1 << 59 + 1) * 16, 16), (.gcm, 1 << 63, 15),
    ]

    @Test(arguments: impossible)
    func `What 64 bits cannot count has no layout`(
        mode: EnvelopeAlgorithm.Mode, plaintext: UInt64, block: UInt64?
    ) {
        #expect(ChunkLayout(mode: mode, plaintextLength: plaintext, blockLength: block) == nil)
    }
}
