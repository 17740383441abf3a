// MARK: Data larger than memory

extension KeyManager {
    /// The block size of streams unless another is asked for, in bytes: small enough that a block is held while its tag is checked, large
    /// enough that tags cost next to nothing.
    public static let streamBlockSize = 1 << 16

    /// Encrypts what a source gives into a message, with a few MiB of memory however much it is.
    ///
    /// The length of the plaintext stands at the front of a message. A source that does not know it is therefore first read into a temporary
    /// file without a name (in `TMPDIR`, or `/tmp`), which is encrypted under a key of its own.
    ///
    /// - Parameters:
    ///   - source: the plaintext, at least one byte.
    ///   - sink: takes the message.
    ///   - masterKeys: 1 to 5.
    ///   - algorithm: how the message is encrypted.
    ///   - context: a JSON object, or empty.
    ///   - blockSize: 0, or 1 to 2,147,483,647. Without blocks the message can only be decrypted by reading it twice.
    ///   - length: how many bytes the source has, where the caller knows and the source does not.
    ///   - progress: told how far it is; `false` ends it.
    /// - Returns: the header of the message.
    /// - Throws: ``EnvelopeError``, by the codes of ``encrypt(_:under:algorithm:context:blockSize:)``;
    ///   ``EnvelopeError/Code/inputOutput`` if reading or writing fails, or the source has not the length that it should;
    ///   ``EnvelopeError/Code/cancelled``. What was written until then is no whole message.
    @discardableResult
    public func encrypt(
        from source: any ByteSource,
        to sink: any ByteSink,
        under masterKeys: [MasterKey],
        algorithm: EnvelopeAlgorithm = .sm4GCM,
        context: String = "",
        blockSize: Int = streamBlockSize,
        length: UInt64? = nil,
        progress: (EnvelopeProgress) -> Bool = { _ in true }
    ) throws(EnvelopeError) -> MessageHeader {
        // What can be known to be wrong should not come out after hours of spooling.
        try Self.check(masterKeys: masterKeys, context: context, blockSize: blockSize)
        let prepared = try PreparedSource.prepare(source, length: length, progress: progress)
        let outgoing = try begin(
            length: prepared.length, under: masterKeys, algorithm: algorithm, context: context, blockSize: blockSize)
        try MessageEncryptor.run(
            outgoing.cipher, headerBytes: outgoing.headerBytes, from: prepared, to: sink, progress: progress)
        return outgoing.header
    }

    /// Decrypts the message that a source gives, with a few MiB of memory however large it is.
    ///
    /// Nothing of a message that authenticates reaches the sink before it is verified. GCM in blocks is verified and given out block by
    /// block: if the message turns out to be damaged or cut, what the sink has is a true front of the plaintext, and this function throws.
    /// A message with a signature, or with a single tag for more than can be held, is read twice; if its source cannot go back, it is
    /// copied as it is into a temporary file without a name.
    ///
    /// - Parameters:
    ///   - source: the message, and nothing behind it.
    ///   - sink: takes the plaintext.
    ///   - algorithms: by which of them the message may be encrypted, as in ``decrypt(_:accepting:)``.
    ///   - progress: told how far it is; `false` ends it.
    /// - Returns: the header of the message.
    /// - Throws: ``EnvelopeError``, by the codes of ``decrypt(_:accepting:)``; ``EnvelopeError/Code/inputOutput`` if reading or writing fails;
    ///   ``EnvelopeError/Code/cancelled``. What the sink has then is not all of the plaintext.
    @discardableResult
    public func decrypt(
        from source: any ByteSource,
        to sink: any ByteSink,
        accepting algorithms: [EnvelopeAlgorithm] = EnvelopeAlgorithm.all,
        progress: (EnvelopeProgress) -> Bool = { _ in true }
    ) throws(EnvelopeError) -> MessageHeader {
        let decryptor = try MessageDecryptor(source, progress: progress)
        let header = decryptor.header
        try Self.check(header.algorithm, isAmong: algorithms)
        let cipher = try cipher(for: header, headerBytes: decryptor.headerBytes)
        try decryptor.run(cipher, into: sink, progress: progress)
        return header
    }
}
