package import ClavigerCrypto

/// Decrypts a stream that is a message, with a few MiB of memory whatever its size.
///
/// Nothing of a message that is signed, or encrypted with GCM, reaches the sink before it is verified: of GCM each chunk as its tag is
/// found right, in order; where there is a signature, or a chunk is too long to be held, all of the message is verified first and then
/// read again. A source that cannot be read twice is copied into a temporary file for that, encrypted as it is.
package struct MessageDecryptor: ~Copyable {
    package let header: MessageHeader

    /// What the message begins with, the header included.
    package let headerBytes: [UInt8]

    private let layout: ChunkLayout

    /// Stands where the body begins.
    private let source: any ByteSource

    /// How many bytes there are in `source` before the body, after ``ByteSource/rewind()``.
    private let offset: Int

    /// Whether all is verified before anything is decrypted.
    private let isReadTwice: Bool

    private var size: UInt64 { UInt64(headerBytes.count) + layout.bodySize + UInt64(header.signatureSize) }

    /// Reads the header, and spools the rest if it has to be.
    ///
    /// - Parameter progress: told what was spooled; false ends it.
    /// - Throws: The errors of ``MessageHeader/parse(_:)`` in its order; those about the size of the body only where it is known by now,
    ///   else ``run(_:into:progress:)`` throws them. Besides ``EnvelopeError/Code/cancelled``, ``EnvelopeError/Code/outOfMemory`` and what
    ///   the source throws.
    package init(
        _ source: any ByteSource, progress: (EnvelopeProgress) -> Bool = { _ in true }
    ) throws(EnvelopeError) {
        let bytes = try Self.headerBytes(from: source)
        let header = try bytes.withBytes { bytes throws(EnvelopeError) in
            try MessageHeader(protobuf: UnsafeRawBufferPointer(rebasing: bytes[MessageHeader.prefixSize...]))
        }
        guard let layout = header.layout, let restSize = header.restSize, restSize <= .max - UInt64(bytes.count) else {
            throw MessageHeader.tooShort
        }
        if let length = source.length {
            // A source that is shorter than what was read from it is lying; reading on will show.
            try header.checkRest(max(length, UInt64(bytes.count)) - UInt64(bytes.count))
        }
        let isReadTwice =
            header.algorithm.hasSignature || header.algorithm.mode == .gcm && StreamSteps(layout).areInPieces
        let needsSpool = isReadTwice && !source.canRewind
        self.source = try needsSpool ? Self.spool(source, behind: bytes.count, restSize, progress) : source
        offset = needsSpool ? 0 : bytes.count
        headerBytes = bytes
        self.header = header
        self.layout = layout
        self.isReadTwice = isReadTwice
    }

    /// Copies body and signature.
    private static func spool(
        _ source: any ByteSource, behind headerSize: Int, _ restSize: UInt64, _ progress: (EnvelopeProgress) -> Bool
    ) throws(EnvelopeError) -> Spool {
        let start = UInt64(headerSize)
        let spool = try Spool(source, isSecret: false, limit: restSize) { count throws(EnvelopeError) in
            try EnvelopeProgress(phase: .spooling, completed: start + count, total: start + restSize)
                .report(to: progress)
        }
        guard spool.length == restSize else { throw MessageHeader.tooShort }
        guard try source.isAtEnd() else { throw MessageHeader.tooLong }
        return spool
    }

    /// Decrypts the body.
    ///
    /// - Parameter progress: told after each piece, and at the end, how much of the message was dealt with; false ends it.
    /// - Throws: ``EnvelopeError/Code/notAuthentic`` if a signature or tag does not verify, ``EnvelopeError/Code/messageTooShort`` and
    ///   ``EnvelopeError/Code/malformedMessage`` if the source has fewer or more bytes than the header says,
    ///   ``EnvelopeError/Code/invalidArgument`` for bad padding, ``EnvelopeError/Code/wrongDataKeySize``,
    ///   ``EnvelopeError/Code/cancelled``, ``EnvelopeError/Code/outOfMemory``, and what source and sink throw. What was written to the
    ///   sink until then is not the whole plaintext.
    package consuming func run(
        _ dataKey: KeyMaterial, into sink: any ByteSink, progress: (EnvelopeProgress) -> Bool = { _ in true }
    ) throws(EnvelopeError) {
        try run(MessageCipher(header, headerBytes: headerBytes, dataKey: dataKey), into: sink, progress: progress)
    }

    /// The same with a cipher that was made for ``header`` and ``headerBytes``.
    package consuming func run(
        _ cipher: borrowing MessageCipher, into sink: any ByteSink, progress: (EnvelopeProgress) -> Bool = { _ in true }
    ) throws(EnvelopeError) {
        precondition(cipher.header == header)
        let steps = StreamSteps(layout)
        let sealed = try WorkBuffer(steps.largestSealed)
        if isReadTwice {
            let tags = try verify(cipher, sealed, progress)
            try goToBody(sealed)
            try decrypt(cipher, sealed, verifiedAs: tags, into: sink, progress)
        } else {
            try decrypt(cipher, sealed, into: sink, progress)
        }
    }

    /// Reads the message to its end without decrypting it.
    private func verify(
        _ cipher: borrowing MessageCipher, _ sealed: borrowing WorkBuffer, _ progress: (EnvelopeProgress) -> Bool
    ) throws(EnvelopeError) -> PieceTags {
        var tags = PieceTags()
        var signature = header.algorithm.hasSignature ? cipher.signature() : nil
        defer { signature?.wipe() }
        var stream = ChunkStream(0, of: cipher)
        var completed = UInt64(headerBytes.count)
        var isAuthentic = true
        for step in StreamSteps(layout) {
            let piece = UnsafeRawBufferPointer(sealed.prefix(step.sealedSize))
            try fill(sealed.prefix(step.sealedSize))
            tags.append(piece)
            signature?.update(piece)
            do throws(EnvelopeError) {
                switch step.extent {
                case .chunks: try cipher.verifyChunks(from: step.chunk, piece)
                case .piece(let isFirst, let isLast):
                    guard layout.mode == .gcm else { break }
                    if isFirst { stream = ChunkStream(step.chunk, of: cipher) }
                    try stream.verify(piece, isLast: isLast)
                }
            } catch {
                // A message that is cut short or too long is told as such, as it is where its size is known at once.
                isAuthentic = false
            }
            completed += UInt64(piece.count)
            try EnvelopeProgress(phase: .verifying, completed: completed, total: size).report(to: progress)
        }
        if let code = signature?.finalize() {
            let given = try Self.read(header.signatureSize, from: source)
            guard given.count == header.signatureSize else { throw MessageHeader.tooShort }
            if given.withUnsafeBytes({ given in !code.withUnsafeBytes { constantTimeEqual($0, given) } }) {
                isAuthentic = false
            }
        }
        guard try source.isAtEnd() else { throw MessageHeader.tooLong }
        guard isAuthentic else { throw MessageCipher.notAuthentic }
        try EnvelopeProgress(phase: .verifying, completed: size, total: size).report(to: progress)
        return tags
    }

    /// Decrypts what was verified.
    private func decrypt(
        _ cipher: borrowing MessageCipher, _ sealed: borrowing WorkBuffer, verifiedAs tags: borrowing PieceTags,
        into sink: any ByteSink, _ progress: (EnvelopeProgress) -> Bool
    ) throws(EnvelopeError) {
        let plaintext = try WorkBuffer(StreamSteps(layout).largestPlaintext)
        var stream = ChunkStream(0, of: cipher)
        var completed = UInt64(headerBytes.count)
        var index = 0
        for step in StreamSteps(layout) {
            let piece = UnsafeRawBufferPointer(sealed.prefix(step.sealedSize))
            try fill(sealed.prefix(step.sealedSize))
            try tags.check(piece, index)
            index += 1
            try open(step, piece, cipher, &stream, into: plaintext.prefix(step.plaintextSize))
            try sink.write(UnsafeRawBufferPointer(plaintext.prefix(step.plaintextSize)))
            completed += UInt64(piece.count)
            if step.isLast { completed = size }
            try EnvelopeProgress(phase: .processing, completed: completed, total: size).report(to: progress)
        }
    }

    /// Decrypts what has no signature, verifying chunk by chunk what GCM encrypted.
    private func decrypt(
        _ cipher: borrowing MessageCipher, _ sealed: borrowing WorkBuffer, into sink: any ByteSink,
        _ progress: (EnvelopeProgress) -> Bool
    ) throws(EnvelopeError) {
        let plaintext = try WorkBuffer(StreamSteps(layout).largestPlaintext)
        var stream = ChunkStream(0, of: cipher)
        var completed = UInt64(headerBytes.count)
        for step in StreamSteps(layout) {
            let piece = UnsafeRawBufferPointer(sealed.prefix(step.sealedSize))
            try fill(sealed.prefix(step.sealedSize))
            // Asked for before the last bytes are written, so that nobody takes what came out for a whole plaintext.
            if step.isLast, try !source.isAtEnd() { throw MessageHeader.tooLong }
            try cipher.verifyChunks(from: step.chunk, piece)
            try open(step, piece, cipher, &stream, into: plaintext.prefix(step.plaintextSize))
            try sink.write(UnsafeRawBufferPointer(plaintext.prefix(step.plaintextSize)))
            completed += UInt64(piece.count)
            try EnvelopeProgress(phase: .processing, completed: completed, total: size).report(to: progress)
        }
    }

    private func open(
        _ step: StreamSteps.Step, _ piece: UnsafeRawBufferPointer, _ cipher: borrowing MessageCipher,
        _ stream: inout ChunkStream, into plaintext: UnsafeMutableRawBufferPointer
    ) throws(EnvelopeError) {
        switch step.extent {
        case .chunks: try cipher.openChunks(from: step.chunk, piece, into: plaintext)
        case .piece(let isFirst, let isLast):
            if isFirst { stream = ChunkStream(step.chunk, of: cipher) }
            try stream.open(piece, isLast: isLast, with: cipher, into: plaintext)
        }
    }

    /// - Throws: ``EnvelopeError/Code/messageTooShort`` if the source ends before `bytes` are full.
    private func fill(_ bytes: UnsafeMutableRawBufferPointer) throws(EnvelopeError) {
        guard try source.fill(bytes) == bytes.count else { throw MessageHeader.tooShort }
    }

    private func goToBody(_ buffer: borrowing WorkBuffer) throws(EnvelopeError) {
        try source.rewind()
        var left = offset
        while left > 0 {
            let count = min(left, buffer.bytes.count)
            try fill(buffer.prefix(count))
            left -= count
        }
    }

    private static func headerBytes(from source: any ByteSource) throws(EnvelopeError) -> [UInt8] {
        var bytes = try read(MessageHeader.prefixSize, from: source)
        let size = try bytes.withBytes { prefix throws(EnvelopeError) in try MessageHeader.headerSize(prefix: prefix) }
        bytes += try read(size, from: source)
        guard bytes.count == MessageHeader.prefixSize + size else { throw MessageHeader.tooShort }
        return bytes
    }

    /// As many bytes as there are, up to `count`.
    private static func read(_ count: Int, from source: any ByteSource) throws(EnvelopeError) -> [UInt8] {
        let buffer = try WorkBuffer(count)
        return Array(buffer.prefix(try source.fill(buffer.bytes)))
    }
}
