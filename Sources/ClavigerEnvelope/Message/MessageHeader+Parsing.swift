internal import FoundationEssentials
internal import SwiftProtobuf

extension MessageHeader {
    /// The version of the header.
    static let version: UInt32 = 1

    /// Reads the header of a whole message and compares the message's size with it.
    ///
    /// - Returns: The header, and how many bytes there are before the body.
    /// - Throws: In this order: ``EnvelopeError/Code/messageTooShort`` under 8 bytes, ``EnvelopeError/Code/notAMessage`` for another
    ///   magic or an impossible size of the header, ``EnvelopeError/Code/messageTooShort`` if the message ends within the header,
    ///   ``EnvelopeError/Code/malformedMessage`` for a header that is none or whose fields are out of range,
    ///   ``EnvelopeError/Code/unknownAlgorithm``, and what ``checkRest(_:)`` throws.
    package static func parse(
        _ message: UnsafeRawBufferPointer
    ) throws(EnvelopeError) -> (header: MessageHeader, size: Int) {
        let size = try headerSize(prefix: message)
        let headerEnd = prefixSize + size
        guard message.count >= headerEnd else { throw tooShort }
        let header = try MessageHeader(protobuf: UnsafeRawBufferPointer(rebasing: message[prefixSize..<headerEnd]))
        try header.checkRest(UInt64(message.count - headerEnd))
        return (header, headerEnd)
    }

    /// The size of the header in bytes, as the first 8 bytes of a message give it.
    ///
    /// - Throws: ``EnvelopeError/Code/messageTooShort`` for fewer bytes, ``EnvelopeError/Code/notAMessage`` for another magic or a size
    ///   that is not 1 to 65,536.
    package static func headerSize(prefix: UnsafeRawBufferPointer) throws(EnvelopeError) -> Int {
        guard prefix.count >= prefixSize else { throw tooShort }
        guard prefix[..<magic.count].elementsEqual(magic) else {
            throw EnvelopeError(.notAMessage, "this is no encrypted message")
        }
        let size = UInt32(bigEndian: prefix.loadUnaligned(fromByteOffset: magic.count, as: UInt32.self))
        guard 1...UInt32(maximumSize) ~= size else {
            throw EnvelopeError(.notAMessage, "the header's size is \(size), not 1 to 65,536")
        }
        return Int(size)
    }

    /// Reads a header without what stands before it.
    ///
    /// As protocol buffers have it, fields that are unknown are skipped, and of a field that is given twice the last counts.
    ///
    /// - Throws: ``EnvelopeError/Code/malformedMessage`` for a header that is none or whose fields are out of range, else
    ///   ``EnvelopeError/Code/unknownAlgorithm``.
    package init(protobuf bytes: UnsafeRawBufferPointer) throws(EnvelopeError) {
        var options = BinaryDecodingOptions()
        options.discardUnknownFields = true
        let header: Claviger_Encsdk_V1_MessageHeader
        do {
            header = try Claviger_Encsdk_V1_MessageHeader(serializedBytes: Array(bytes), options: options)
        } catch {
            throw EnvelopeError(.malformedMessage, "the header cannot be read")
        }
        guard header.version == Self.version else {
            throw EnvelopeError(.malformedMessage, "the header is of version \(header.version), not 1")
        }
        let algorithm = UInt8(exactly: header.algorithm.rawValue).flatMap(EnvelopeAlgorithm.init(rawValue:))
        self.init(
            // What is wrong with the other fields is said first.
            algorithm: algorithm ?? .sm4CTR,
            encryptionContext: header.encryptionContext,
            dataKeys: header.dataKeys.map { dataKey in
                EncryptedDataKey(region: dataKey.cmkRegion, keyID: dataKey.cmkKeyID, ciphertext: dataKey.dataKey)
            },
            blockLength: try Self.blockLength(header),
            messageID: Array(header.messageID),
            plaintextLength: header.plaintextLength
        )
        if let fault { throw EnvelopeError(.malformedMessage, fault) }
        guard algorithm != nil else {
            throw EnvelopeError(.unknownAlgorithm, "the message has an unknown algorithm")
        }
    }

    /// Compares the size of what follows the header with what the header says.
    ///
    /// - Throws: ``EnvelopeError/Code/messageTooShort`` or, for bytes left over, ``EnvelopeError/Code/malformedMessage``.
    package func checkRest(_ size: UInt64) throws(EnvelopeError) {
        // Nothing is as long as what 64 bits cannot count.
        guard let restSize, size >= restSize else { throw Self.tooShort }
        guard size == restSize else { throw Self.tooLong }
    }

    static var tooShort: EnvelopeError { EnvelopeError(.messageTooShort, "the message is cut short") }
    static var tooLong: EnvelopeError { EnvelopeError(.malformedMessage, "there are bytes behind the message") }

    private static func blockLength(_ header: Claviger_Encsdk_V1_MessageHeader) throws(EnvelopeError) -> UInt64? {
        switch header.blockType {
        case .withBlock: return header.blockLength
        case .withoutBlock:
            guard header.blockLength == 0 else {
                throw EnvelopeError(.malformedMessage, "the header has a block length and no blocks")
            }
            return nil
        case .unspecified, .UNRECOGNIZED:
            throw EnvelopeError(.malformedMessage, "the header has an unknown block type")
        }
    }
}
