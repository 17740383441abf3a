internal import FoundationEssentials
internal import SwiftProtobuf

extension MessageHeader {
    /// The message's first bytes: magic, size of the header, header.
    ///
    /// - Throws: ``EnvelopeError/Code/headerTooLarge`` if the header has more than 65,536 bytes, ``EnvelopeError/Code/invalidArgument``
    ///   if something in it is out of range, so that nobody could read it.
    package func encoded() throws(EnvelopeError) -> [UInt8] {
        if let fault { throw EnvelopeError(.invalidArgument, fault) }
        let header: [UInt8]
        do {
            header = try protobuf.serializedBytes()
        } catch {
            // Serialising fails only for what has more than 2 GiB.
            throw EnvelopeError(.headerTooLarge, "the header cannot be written")
        }
        guard header.count <= Self.maximumSize else {
            throw EnvelopeError(.headerTooLarge, "the header has \(header.count) bytes, at most 65,536 fit")
        }
        var bytes = Self.magic
        bytes.reserveCapacity(Self.prefixSize + header.count)
        withUnsafeBytes(of: UInt32(header.count).bigEndian) { bytes.append(contentsOf: $0) }
        bytes.append(contentsOf: header)
        return bytes
    }

    private var protobuf: Claviger_Encsdk_V1_MessageHeader {
        var header = Claviger_Encsdk_V1_MessageHeader()
        header.version = Self.version
        header.algorithm = Claviger_Encsdk_V1_Algorithm(rawValue: Int(algorithm.rawValue)) ?? .unspecified
        header.encryptionContext = encryptionContext
        header.dataKeys = dataKeys.map { dataKey in
            var encoded = Claviger_Encsdk_V1_EncryptedDataKey()
            encoded.cmkRegion = dataKey.region
            encoded.cmkKeyID = dataKey.keyID
            encoded.dataKey = dataKey.ciphertext
            return encoded
        }
        header.blockType = blockLength == nil ? .withoutBlock : .withBlock
        header.blockLength = blockLength ?? 0
        header.messageID = Data(messageID)
        header.plaintextLength = plaintextLength
        return header
    }
}
