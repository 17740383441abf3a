import Testing

@testable import ClavigerEnvelope

/// What comes of a message whose header names an algorithm that the reader does not want.
@Suite struct AcceptedAlgorithmsTests {
    private let kms = FakeKMS()
    private let text = Array("attack at dawn".utf8)

    private func manager() throws -> KeyManager {
        try KeyManager(
            dataKeys: DataKeys(
                credentials: KMSFixtures.credentials,
                limits: DataKeyLimits(messagesPerKey: 0, encryptionSeconds: 0, decryptionSeconds: 0),
                service: KMSFixtures.service(kms)))
    }

    private func message(_ algorithm: EnvelopeAlgorithm) throws -> [UInt8] {
        try manager().encrypt(text, under: [KMSFixtures.primary], algorithm: algorithm).bytes
    }

    @Test(arguments: EnvelopeAlgorithm.all)
    func `Without a word every algorithm is accepted`(algorithm: EnvelopeAlgorithm) throws {
        let (message, manager) = (try message(algorithm), try manager())
        #expect(try manager.decrypt(message).plaintext == text)
        let sink = MemorySink()
        #expect(try manager.decrypt(from: MemorySource(message), to: sink).algorithm == algorithm)
        #expect(sink.bytes == text)
    }

    @Test(arguments: EnvelopeAlgorithm.all)
    func `What is accepted is decrypted, and the KMS is not asked for anything else`(
        algorithm: EnvelopeAlgorithm
    ) throws {
        let (message, manager) = (try message(algorithm), try manager())
        let others = EnvelopeAlgorithm.all.filter { $0 != algorithm }
        let sink = MemorySink()
        for accepted in [others, []] {
            var error = #expect(throws: EnvelopeError.self) { try manager.decrypt(message, accepting: accepted) }
            #expect(error?.code == .algorithmNotAccepted)
            error = #expect(throws: EnvelopeError.self) {
                try manager.decrypt(from: MemorySource(message), to: sink, accepting: accepted)
            }
            #expect(error?.code == .algorithmNotAccepted)
        }
        #expect(sink.bytes.isEmpty)
        #expect(kms.count("Decrypt") == 0)
        #expect(try manager.decrypt(message, accepting: [algorithm]).plaintext == text)
        try manager.decrypt(from: MemorySource(message), to: sink, accepting: [algorithm])
        #expect(sink.bytes == text)
    }

    /// A header that names CTR instead of GCM, with sizes that fit: without a signature nothing else tells them apart.
    @Test func `A message that was made another is refused by who wants it authentic`() throws {
        let sealed = try message(.sm4GCM)
        let (header, size) = try sealed.withUnsafeBytes { try MessageHeader.parse($0) }
        let forged =
            try MessageHeader(
                algorithm: .sm4CTR, encryptionContext: header.encryptionContext, dataKeys: header.dataKeys,
                blockLength: nil, messageID: header.messageID, plaintextLength: UInt64(text.count + 16)
            ).encoded() + sealed[size...]
        let nonsense = try manager().decrypt(forged).plaintext
        #expect(nonsense.count == text.count + 16)
        #expect(!nonsense.starts(with: text))
        let error = #expect(throws: EnvelopeError.self) {
            try manager().decrypt(forged, accepting: EnvelopeAlgorithm.all.filter(\.isAuthenticated))
        }
        #expect(error?.code == .algorithmNotAccepted)
    }
}
