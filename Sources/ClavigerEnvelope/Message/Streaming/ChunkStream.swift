internal import ClavigerCrypto

/// One chunk that comes in pieces, all of them but the last of a multiple of 16 bytes.
struct ChunkStream: ~Copyable {
    /// The IV of CBC, or the counter of CTR and of GCM's decryption.
    private var vector: SIMD16<UInt8> = .zero

    /// GCM, for encryption and for verification.
    private var gcm: SM4GCM.Stream?

    /// Begins chunk `index`.
    init(_ index: UInt64, of cipher: borrowing MessageCipher) {
        switch cipher.layout.mode {
        case .cbc: withUnsafeMutableBytes(of: &vector) { cipher.makeIV(index, into: $0) }
        case .ctr: withUnsafeMutableBytes(of: &vector) { CounterBlock(high: index, low: 0).store(into: $0, at: 0) }
        case .ecb: break
        case .gcm:
            let counter = cipher.gcmCounter(of: index)
            withUnsafeMutableBytes(of: &vector) { counter.store(into: $0, at: 0) }
            gcm = cipher.gcmStream(of: index)
        }
    }

    /// Encrypts a piece. With the last go its padding or tag.
    mutating func seal(
        _ plaintext: UnsafeRawBufferPointer, isLast: Bool, with cipher: borrowing MessageCipher,
        into sealed: UnsafeMutableRawBufferPointer
    ) {
        let end = plaintext.count / MessageCipher.blockSize * MessageCipher.blockSize
        let whole = UnsafeRawBufferPointer(rebasing: plaintext[..<end])
        let tail = UnsafeRawBufferPointer(rebasing: plaintext[end...])
        switch cipher.layout.mode {
        case .cbc:
            withUnsafeMutableBytes(of: &vector) { vector in
                cipher.cipher.encryptCBC(whole, iv: vector, into: sealed)
                guard isLast else { return }
                withTemporarySecret(MessageCipher.blockSize) { block in
                    MessageCipher.pad(tail, into: block)
                    cipher.cipher.encryptCBC(
                        UnsafeRawBufferPointer(block), iv: vector,
                        into: UnsafeMutableRawBufferPointer(rebasing: sealed[end...]))
                }
            }
        case .ecb:
            cipher.cipher.encryptECB(whole, into: sealed)
            guard isLast else { return }
            withTemporarySecret(MessageCipher.blockSize) { block in
                MessageCipher.pad(tail, into: block)
                cipher.cipher.encryptECB(
                    UnsafeRawBufferPointer(block), into: UnsafeMutableRawBufferPointer(rebasing: sealed[end...]))
            }
        case .ctr:
            withUnsafeMutableBytes(of: &vector) { cipher.cipher.cryptCTR(plaintext, counter: $0, into: sealed) }
        case .gcm:
            gcm?.encrypt(plaintext, into: UnsafeMutableRawBufferPointer(rebasing: sealed[..<plaintext.count]))
            guard isLast else { return }
            gcm?.tag(into: UnsafeMutableRawBufferPointer(rebasing: sealed[plaintext.count...]))
        }
    }

    /// Takes a piece of what is to be verified; the other modes than GCM have nothing to verify.
    ///
    /// - Throws: ``EnvelopeError/Code/notAuthentic`` with the last piece, if its tag is not that of the chunk.
    mutating func verify(_ sealed: UnsafeRawBufferPointer, isLast: Bool) throws(EnvelopeError) {
        guard isLast else {
            gcm?.hash(sealed)
            return
        }
        let end = sealed.count - MessageCipher.tagSize
        gcm?.hash(UnsafeRawBufferPointer(rebasing: sealed[..<end]))
        guard gcm?.verifies(UnsafeRawBufferPointer(rebasing: sealed[end...])) ?? true else {
            throw MessageCipher.notAuthentic
        }
    }

    /// Decrypts a piece, which was verified if it can be. Exactly the plaintext is written.
    ///
    /// - Throws: ``EnvelopeError/Code/invalidArgument`` with the last piece, if the padding is not that of the chunk's size.
    mutating func open(
        _ sealed: UnsafeRawBufferPointer, isLast: Bool, with cipher: borrowing MessageCipher,
        into plaintext: UnsafeMutableRawBufferPointer
    ) throws(EnvelopeError) {
        switch cipher.layout.mode {
        case .cbc, .ecb:
            let end = plaintext.count / MessageCipher.blockSize * MessageCipher.blockSize
            decryptBlocks(UnsafeRawBufferPointer(rebasing: sealed[..<end]), with: cipher, into: plaintext)
            guard isLast else { return }
            let difference = withTemporarySecret(MessageCipher.blockSize) { block in
                decryptBlocks(UnsafeRawBufferPointer(rebasing: sealed[end...]), with: cipher, into: block)
                let tail = UnsafeMutableRawBufferPointer(rebasing: plaintext[end...])
                tail.copyMemory(from: UnsafeRawBufferPointer(rebasing: block[..<tail.count]))
                return MessageCipher.paddingDifference(UnsafeRawBufferPointer(block), tailSize: tail.count)
            }
            guard difference == 0 else { throw MessageCipher.badPadding }
        case .ctr, .gcm:
            let text = UnsafeRawBufferPointer(rebasing: sealed[..<plaintext.count])
            withUnsafeMutableBytes(of: &vector) { cipher.cipher.cryptCTR(text, counter: $0, into: plaintext) }
        }
    }

    private mutating func decryptBlocks(
        _ sealed: UnsafeRawBufferPointer, with cipher: borrowing MessageCipher,
        into plaintext: UnsafeMutableRawBufferPointer
    ) {
        if cipher.layout.mode == .cbc {
            withUnsafeMutableBytes(of: &vector) { cipher.cipher.decryptCBC(sealed, iv: $0, into: plaintext) }
        } else {
            cipher.cipher.decryptECB(sealed, into: plaintext)
        }
    }
}
