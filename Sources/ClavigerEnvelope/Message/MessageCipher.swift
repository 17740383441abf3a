package import ClavigerCrypto

/// What encrypts, decrypts, signs and verifies one message, under keys of its own.
///
/// The work is done in the caller's memory. Nothing is allocated per chunk, and the keys lie in locked memory and are wiped with the
/// value.
package struct MessageCipher: ~Copyable, Sendable {
    static let blockSize = SM4.blockSize
    static let tagSize = SM4GCM.tagSize

    /// How much of many short chunks is dealt with in one go, in bytes: it stays in the processor's first cache, and is long enough for
    /// the vector code.
    static let batchSize = 1 << 14

    package let header: MessageHeader
    let layout: ChunkLayout
    let cipher: SM4

    /// What makes IVs, for CBC.
    let ivCipher: SM4?

    let gcm: SM4GCM.Key?

    /// The hash of the header, which GCM authenticates with every chunk.
    let associatedData: [UInt8]

    let keys: MessageKeys
    private let headerBytes: [UInt8]

    /// - Parameters:
    ///   - headerBytes: All that stands before the body: the magic, the header's size and the header.
    ///   - dataKey: 16 bytes.
    /// - Throws: ``EnvelopeError/Code/wrongDataKeySize`` for a data key of another size, ``EnvelopeError/Code/invalidArgument`` if the
    ///   body would be of a size that 64 bits cannot count.
    package init(_ header: MessageHeader, headerBytes: [UInt8], dataKey: KeyMaterial) throws(EnvelopeError) {
        guard let layout = header.layout else {
            throw EnvelopeError(.invalidArgument, "the message is larger than 64 bits can count")
        }
        let keys = try MessageKeys(dataKey: dataKey, messageID: header.messageID, algorithm: header.algorithm)
        self.header = header
        self.layout = layout
        self.keys = keys
        self.headerBytes = headerBytes
        cipher = keys.withEncryptionKey { SM4(key: $0) }
        switch layout.mode {
        case .cbc:
            ivCipher = keys.withIVKey { SM4(key: $0) }
            gcm = nil
            associatedData = []
        case .gcm:
            ivCipher = nil
            gcm = keys.withEncryptionKey { SM4GCM.Key($0) }
            associatedData = headerBytes.withUnsafeBytes { SM3.hash($0) }.bytes
        case .ctr, .ecb:
            ivCipher = nil
            gcm = nil
            associatedData = []
        }
    }

    /// Encrypts all of the plaintext and signs, if the algorithm does.
    ///
    /// - Parameters:
    ///   - plaintext: As many bytes as the header says.
    ///   - rest: Room for what follows the header, ``MessageHeader/restSize`` bytes.
    package func seal(_ plaintext: UnsafeRawBufferPointer, into rest: UnsafeMutableRawBufferPointer) {
        precondition(UInt64(plaintext.count) == layout.plaintextLength)
        precondition(rest.count - header.signatureSize == Int(layout.bodySize))
        let body = UnsafeMutableRawBufferPointer(rebasing: rest[..<(rest.count - header.signatureSize)])
        sealChunks(from: 0, plaintext, into: body)
        guard header.algorithm.hasSignature else { return }
        var signature = signature()
        signature.update(UnsafeRawBufferPointer(body))
        signature.finalize().withUnsafeBytes {
            UnsafeMutableRawBufferPointer(rebasing: rest[body.count...]).copyMemory(from: $0)
        }
    }

    /// Decrypts all that follows the header. The signature and all tags are verified before anything is written.
    ///
    /// - Parameters:
    ///   - rest: What follows the header.
    ///   - plaintext: Room for as many bytes as the header says; exactly these are written.
    /// - Throws: ``EnvelopeError/Code/messageTooShort`` or ``EnvelopeError/Code/malformedMessage`` if `rest` is of another size than the
    ///   header says; ``EnvelopeError/Code/notAuthentic`` if signature or tags do not verify; ``EnvelopeError/Code/invalidArgument`` for
    ///   bad padding: then some of the plaintext may have been written.
    package func open(
        _ rest: UnsafeRawBufferPointer, into plaintext: UnsafeMutableRawBufferPointer
    ) throws(EnvelopeError) {
        try header.checkRest(UInt64(rest.count))
        precondition(UInt64(plaintext.count) == layout.plaintextLength)
        let body = UnsafeRawBufferPointer(rebasing: rest[..<(rest.count - header.signatureSize)])
        if header.algorithm.hasSignature {
            var signature = signature()
            signature.update(body)
            try Self.check(signature.finalize(), UnsafeRawBufferPointer(rebasing: rest[body.count...]))
        }
        try verifyChunks(from: 0, body)
        try openChunks(from: 0, body, into: plaintext)
    }

    /// The signature of what stands before the body, to be fed with the body. Whoever has it finalizes or wipes it.
    func signature() -> HMACSM3.Stream {
        var signature = keys.signing()
        headerBytes.withUnsafeBytes { signature.update($0) }
        return signature
    }

    /// Compares in constant time.
    static func check(_ signature: Digest32, _ given: UnsafeRawBufferPointer) throws(EnvelopeError) {
        guard signature.withUnsafeBytes({ constantTimeEqual($0, given) }) else { throw notAuthentic }
    }

    static var notAuthentic: EnvelopeError {
        EnvelopeError(.notAuthentic, "the message is not what was encrypted, or was encrypted under another key")
    }

    static var badPadding: EnvelopeError { EnvelopeError(.invalidArgument, "the padding is wrong") }
}
