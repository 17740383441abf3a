internal import ClavigerCrypto

// Whole chunks, several at once where they are short. `first` is the number of the first chunk in the message.
extension MessageCipher {
    /// Encrypts chunks, all of them of full size but perhaps the message's last.
    func sealChunks(
        from first: UInt64, _ plaintext: UnsafeRawBufferPointer, into body: UnsafeMutableRawBufferPointer
    ) {
        guard !plaintext.isEmpty else { return }
        switch layout.mode {
        case .cbc: sealCBC(from: first, plaintext, into: body)
        case .ecb: sealECB(plaintext, into: body)
        case .ctr: cryptCTR(from: first, plaintext, into: body)
        case .gcm: sealGCM(from: first, plaintext, into: body)
        }
    }

    /// Checks the tags of chunks; the other modes have none.
    ///
    /// - Throws: ``EnvelopeError/Code/notAuthentic``
    func verifyChunks(from first: UInt64, _ body: UnsafeRawBufferPointer) throws(EnvelopeError) {
        switch layout.mode {
        case .gcm: try verifyGCM(from: first, body)
        case .cbc, .ecb, .ctr: return
        }
    }

    /// Decrypts chunks, whose tags were verified. Exactly the plaintext is written, no padding.
    ///
    /// - Throws: ``EnvelopeError/Code/invalidArgument`` for bad padding.
    func openChunks(
        from first: UInt64, _ body: UnsafeRawBufferPointer, into plaintext: UnsafeMutableRawBufferPointer
    ) throws(EnvelopeError) {
        guard !plaintext.isEmpty else { return }
        switch layout.mode {
        case .cbc, .ecb: try openPadded(from: first, body, into: plaintext)
        case .ctr: cryptCTR(from: first, body, into: plaintext)
        case .gcm: decryptGCM(from: first, body, into: plaintext)
        }
    }
}
