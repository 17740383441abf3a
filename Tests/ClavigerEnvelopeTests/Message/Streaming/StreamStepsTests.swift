import Testing

@testable import ClavigerEnvelope

@Suite struct StreamStepsTests {
    static let modes: [EnvelopeAlgorithm.Mode] = [.cbc, .ecb, .ctr, .gcm]
    static let sizes: [(UInt64, UInt64?)] = [
        (1, nil), (16, nil), (1 << 20, nil), (1 << 22, nil), (1 << 22 - 16, nil), (1 << 22 + 1, nil), (10 << 20, nil),
        (10 << 20 + 5, nil), (100_000, 1), (100_000, 7), (3 << 20, 65_536), (9 << 20, 1 << 20), (9 << 20 + 3, 3 << 20),
        (23 << 20, 5 << 20), (25 << 20, 5 << 20), (20 << 20, 1 << 31 - 1), (1 << 40, 1 << 31 - 1),
    ]

    @Test(arguments: modes, sizes)
    func `Steps go through a message without gaps and within bounds`(
        mode: EnvelopeAlgorithm.Mode, size: (plaintext: UInt64, block: UInt64?)
    ) throws {
        let layout = try #require(
            ChunkLayout(mode: mode, plaintextLength: size.plaintext, blockLength: size.block))
        let steps = StreamSteps(layout)
        #expect(steps.largestPlaintext <= StreamSteps.maximumSize && steps.largestSealed <= StreamSteps.maximumSize)
        var plaintext: UInt64 = 0
        var sealed: UInt64 = 0
        var last: StreamSteps.Step?
        for step in steps {
            if let last { #expect(!last.isLast) }
            #expect(1...steps.largestPlaintext ~= step.plaintextSize && 1...steps.largestSealed ~= step.sealedSize)
            switch step.extent {
            case .chunks:
                #expect(plaintext == step.chunk * layout.chunkLength && sealed == step.chunk * layout.sealedChunkLength)
            case .piece(let isFirst, let isLast):
                #expect(isFirst == (plaintext == step.chunk * layout.chunkLength))
                if !isLast { #expect(step.plaintextSize == step.sealedSize && step.plaintextSize % 16 == 0) }
            }
            plaintext += UInt64(step.plaintextSize)
            sealed += UInt64(step.sealedSize)
            last = step
            // The longest has a million steps; what comes after the first thousand is the same.
            if size.plaintext == 1 << 40, plaintext > 1 << 32 { return }
        }
        #expect(last?.isLast == true)
        #expect(plaintext == layout.plaintextLength && sealed == layout.bodySize)
    }
}
