import ClavigerCrypto
import ClavigerEnvelope
import Testing

@Suite struct MessageHeaderTests {
    static let dataKey = EncryptedDataKey(region: "ap-guangzhou", keyID: "key-1", ciphertext: "blob")

    @Test(arguments: MessageVectors.all.headers)
    func `Reading a message gives the documented code`(vector: MessageVectors.Header) throws {
        #expect(parse(try vector.bytes).error?.code.rawValue ?? 0 == vector.code)
    }

    static let headers: [MessageHeader] =
        EnvelopeAlgorithm.all.map { .sample($0, plaintextLength: 1) }
        + [
            .sample(.sm4GCM, blockLength: 1, plaintextLength: 2),
            .sample(.sm4GCM, blockLength: 1 << 31 - 1, plaintextLength: 70_000),
            MessageHeader(
                algorithm: .sm4CTR, encryptionContext: "", dataKeys: Array(repeating: dataKey, count: 5),
                blockLength: nil, messageID: [UInt8](repeating: 0, count: 16), plaintextLength: 1),
            MessageHeader(
                algorithm: .sm4CBC, encryptionContext: String(repeating: "中", count: 683),
                dataKeys: [
                    EncryptedDataKey(
                        region: String(repeating: "r", count: 63), keyID: String(repeating: "k", count: 127),
                        ciphertext: String(repeating: "c", count: 1023))
                ], blockLength: 3, messageID: [UInt8](repeating: 0xFF, count: 16), plaintextLength: 7),
        ]

    @Test(arguments: headers)
    func `A header is read as it was written`(header: MessageHeader) throws {
        let start = try header.encoded()
        let message = start + [UInt8](repeating: 0, count: Int(try #require(header.restSize)))
        let (read, size, error) = parse(message)
        #expect(error == nil)
        #expect(read == header)
        #expect(size == start.count)
    }

    @Test func `A text keeps its bytes where others are equivalent`() throws {
        // "é" in one character and in two: equal to Swift, different to the KMS.
        for context in ["{\"\u{E9}\":\"\"}", "{\"e\u{301}\":\"\"}"] {
            let header = MessageHeader(
                algorithm: .sm4CTR, encryptionContext: context, dataKeys: [Self.dataKey], blockLength: nil,
                messageID: Array(0..<16), plaintextLength: 1)
            let read = parse(try header.encoded() + [0]).header
            #expect(read.map { Array($0.encryptionContext.utf8) } == Array(context.utf8))
        }
    }

    /// What cannot be read is not written.
    static let unreadable: [(String, MessageHeader)] = [
        ("no plaintext", changed(plaintextLength: 0)),
        ("a short message id", changed(messageID: Array(0..<15))),
        ("no data key", changed(dataKeys: [])),
        ("six data keys", changed(dataKeys: Array(repeating: dataKey, count: 6))),
        ("a long context", changed(context: String(repeating: "x", count: 2052))),
        ("a NUL in the context", changed(context: "{\0}")),
        ("blocks of nothing", changed(blockLength: 0)),
        ("blocks of 2^31 bytes", changed(blockLength: 1 << 31)),
        ("a long text in GCM", changed(algorithm: .sm4GCM, plaintextLength: 1 << 36 - 31)),
        ("a long region", changed(dataKeys: [EncryptedDataKey(region: long(64), keyID: "k", ciphertext: "c")])),
        ("a long key id", changed(dataKeys: [EncryptedDataKey(region: "r", keyID: long(128), ciphertext: "c")])),
        ("a long ciphertext", changed(dataKeys: [EncryptedDataKey(region: "r", keyID: "k", ciphertext: long(1024))])),
        ("a NUL in a key id", changed(dataKeys: [EncryptedDataKey(region: "r", keyID: "k\0", ciphertext: "c")])),
    ]

    @Test(arguments: unreadable)
    func `What nobody could read is not written`(name: String, header: MessageHeader) {
        let error = #expect(throws: EnvelopeError.self) { try header.encoded() }
        #expect(error?.code == .invalidArgument)
    }

    private static func long(_ count: Int) -> String { String(repeating: "x", count: count) }

    private static func changed(
        algorithm: EnvelopeAlgorithm = .sm4CTR, context: String = "{}", dataKeys: [EncryptedDataKey] = [dataKey],
        blockLength: UInt64? = nil, messageID: [UInt8] = Array(0..<16), plaintextLength: UInt64 = 1
    ) -> MessageHeader {
        MessageHeader(
            algorithm: algorithm, encryptionContext: context, dataKeys: dataKeys, blockLength: blockLength,
            messageID: messageID, plaintextLength: plaintextLength)
    }

    /// What there is to know of a message, or why it is none.
    private func parse(_ message: [UInt8]) -> (header: MessageHeader?, size: Int?, error: EnvelopeError?) {
        do throws(EnvelopeError) {
            let (header, size) = try message.withBytes { message throws(EnvelopeError) in
                try MessageHeader.parse(message)
            }
            return (header, size, nil)
        } catch {
            return (nil, nil, error)
        }
    }
}
