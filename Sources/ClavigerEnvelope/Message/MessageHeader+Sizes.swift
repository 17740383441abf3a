extension MessageHeader {
    /// "KES" and the number of the format.
    static let magic: [UInt8] = [0x4B, 0x45, 0x53, 0x01]

    /// What stands before the header: the magic, and the header's size in four bytes, most significant first.
    package static let prefixSize = 8

    /// How many bytes a header can have, the prefix not counted.
    package static let maximumSize = 65_536

    /// `int` in the C header.
    package static let maximumBlockLength = UInt64(KeyManager.maximumBlockSize)

    static let maximumContextSize = 2_051

    /// The size of the signature at the end of the message, 0 or 32 bytes.
    package var signatureSize: Int { algorithm.hasSignature ? 32 : 0 }

    /// The size of the body in bytes; `nil` if 64 bits cannot count them.
    package var bodySize: UInt64? { layout?.bodySize }

    /// The size of body and signature in bytes; `nil` if 64 bits cannot count them.
    package var restSize: UInt64? {
        guard let bodySize else { return nil }
        let (size, overflows) = bodySize.addingReportingOverflow(UInt64(signatureSize))
        return overflows ? nil : size
    }

    var layout: ChunkLayout? {
        ChunkLayout(mode: algorithm.mode, plaintextLength: plaintextLength, blockLength: blockLength)
    }

    /// What is out of range, or `nil`: what the format forbids, and what the C header's structs cannot hold.
    var fault: String? {
        guard plaintextLength > 0 else { return "the plaintext is empty" }
        guard messageID.count == Self.messageIDSize else { return "the message id is not 16 bytes" }
        guard 1...MasterKey.maximumCount ~= dataKeys.count else { return "there are not 1 to 5 data keys" }
        guard Self.fits(encryptionContext, Self.maximumContextSize) else {
            return "the encryption context has more than 2,051 bytes or a NUL"
        }
        for dataKey in dataKeys {
            guard
                Self.fits(dataKey.region, EncryptedDataKey.maximumRegionSize),
                Self.fits(dataKey.keyID, EncryptedDataKey.maximumKeyIDSize),
                Self.fits(dataKey.ciphertext, EncryptedDataKey.maximumCiphertextSize)
            else { return "a data key's region, key id or ciphertext is too long or has a NUL" }
        }
        if let blockLength {
            guard 1...Self.maximumBlockLength ~= blockLength else { return "the block length is not 1 to 2147483647" }
        } else if algorithm.mode == .gcm, plaintextLength > ChunkLayout.maximumGCMChunk {
            return "GCM without blocks has at most 68,719,476,704 bytes"
        }
        return nil
    }

    private static func fits(_ text: String, _ maximumSize: Int) -> Bool {
        text.utf8.count <= maximumSize && !text.utf8.contains(0)
    }
}
