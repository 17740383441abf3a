import ClavigerCrypto
import ClavigerEnvelope
import Testing

/// A whole message and the data key that it was made with.
struct SealedSample {
    static let dataKey: [UInt8] = Array(0x30..<0x40)

    var message: [UInt8]
    let dataKey: KeyMaterial

    init(message: [UInt8], dataKey: KeyMaterial = KeyMaterial(Self.dataKey)) {
        self.message = message
        self.dataKey = dataKey
    }

    init(
        _ plaintext: [UInt8], _ header: MessageHeader, dataKey: KeyMaterial = KeyMaterial(Self.dataKey)
    ) throws(EnvelopeError) {
        var message = try header.encoded()
        let cipher = try MessageCipher(header, headerBytes: message, dataKey: dataKey)
        let headerEnd = message.count
        message += [UInt8](repeating: 0xEE, count: Int(header.restSize ?? 0))
        plaintext.withUnsafeBytes { plaintext in
            message.withUnsafeMutableBytes { message in
                cipher.seal(plaintext, into: UnsafeMutableRawBufferPointer(rebasing: message[headerEnd...]))
            }
        }
        self.init(message: message, dataKey: dataKey)
    }

    init(_ algorithm: EnvelopeAlgorithm, blockLength: UInt64? = nil, _ plaintext: [UInt8]) throws(EnvelopeError) {
        try self.init(plaintext, .sample(algorithm, blockLength: blockLength, plaintextLength: plaintext.count))
    }

    /// The plaintext.
    func opened() throws(EnvelopeError) -> [UInt8] {
        let (_, plaintext, error) = opening()
        if let error { throw error }
        return plaintext
    }

    /// What reading gives: the buffer for the plaintext, filled with 0xEE before, whatever became of it.
    func opening() -> (header: MessageHeader?, buffer: [UInt8], error: EnvelopeError?) {
        var known: MessageHeader?
        var buffer: [UInt8] = []
        do throws(EnvelopeError) {
            let (header, size) = try message.withBytes { message throws(EnvelopeError) in
                try MessageHeader.parse(message)
            }
            known = header
            let cipher = try MessageCipher(header, headerBytes: Array(message[..<size]), dataKey: dataKey)
            buffer = [UInt8](repeating: 0xEE, count: Int(header.plaintextLength))
            let error = message.withUnsafeBytes { message in
                buffer.withUnsafeMutableBytes { buffer -> EnvelopeError? in
                    do throws(EnvelopeError) {
                        try cipher.open(UnsafeRawBufferPointer(rebasing: message[size...]), into: buffer)
                        return nil
                    } catch {
                        return error
                    }
                }
            }
            return (known, buffer, error)
        } catch {
            return (known, buffer, error)
        }
    }
}

extension MessageHeader {
    /// A header with one data key and a message id that is always the same.
    static func sample(
        _ algorithm: EnvelopeAlgorithm, blockLength: UInt64? = nil, plaintextLength: Int
    ) -> MessageHeader {
        MessageHeader(
            algorithm: algorithm, encryptionContext: #"{"a":"b"}"#,
            dataKeys: [EncryptedDataKey(region: "ap-guangzhou", keyID: "key-1", ciphertext: "blob")],
            blockLength: blockLength, messageID: Array(0..<16), plaintextLength: UInt64(plaintextLength))
    }
}

extension MessageVectors.Message {
    var key: KeyMaterial {
        get throws { KeyMaterial(try #require(Hex.decode(dataKey.utf8))) }
    }

    /// The message that the SDK makes.
    func sealed() throws -> [UInt8] {
        try SealedSample(MessageVectors.sample(plaintextLength), header, dataKey: key).message
    }
}
