internal import ClavigerCrypto

/// Encrypts a stream into a message, with a few MiB of memory whatever its size.
package enum MessageEncryptor {
    /// Writes a whole message.
    ///
    /// - Parameters:
    ///   - cipher: made for a header whose plaintext has the length of `prepared`.
    ///   - headerBytes: what the message begins with, as ``MessageHeader/encoded()`` gives it.
    ///   - progress: told after each piece, and at the end, how much of the plaintext was dealt with; false ends it.
    /// - Throws: ``EnvelopeError/Code/inputOutput`` if reading or writing fails, or the source has more or fewer bytes than were stated:
    ///   then what was written is no whole message. ``EnvelopeError/Code/cancelled``, ``EnvelopeError/Code/outOfMemory``, and what source
    ///   and sink throw.
    package static func run(
        _ cipher: borrowing MessageCipher, headerBytes: [UInt8], from prepared: PreparedSource, to sink: any ByteSink,
        progress: (EnvelopeProgress) -> Bool = { _ in true }
    ) throws(EnvelopeError) {
        precondition(prepared.length == cipher.layout.plaintextLength)
        let source = prepared.source
        let steps = StreamSteps(cipher.layout)
        let plaintext = try WorkBuffer(steps.largestPlaintext)
        let sealed = try WorkBuffer(steps.largestSealed)
        var signature = cipher.header.algorithm.hasSignature ? cipher.signature() : nil
        defer { signature?.wipe() }
        var stream = ChunkStream(0, of: cipher)
        var completed: UInt64 = 0

        try headerBytes.withBytes { bytes throws(EnvelopeError) in try sink.write(bytes) }
        for step in steps {
            let input = plaintext.prefix(step.plaintextSize)
            guard try source.fill(input) == input.count else {
                throw EnvelopeError(.inputOutput, "the source has fewer bytes than the \(prepared.length) it should")
            }
            // Asked for before the last bytes are written, so that no whole message of the wrong plaintext comes out.
            if step.isLast, try !source.isAtEnd() {
                throw EnvelopeError(.inputOutput, "the source has more bytes than the \(prepared.length) it should")
            }
            let output = sealed.prefix(step.sealedSize)
            switch step.extent {
            case .chunks: cipher.sealChunks(from: step.chunk, UnsafeRawBufferPointer(input), into: output)
            case .piece(let isFirst, let isLast):
                if isFirst { stream = ChunkStream(step.chunk, of: cipher) }
                stream.seal(UnsafeRawBufferPointer(input), isLast: isLast, with: cipher, into: output)
            }
            signature?.update(UnsafeRawBufferPointer(output))
            try sink.write(UnsafeRawBufferPointer(output))
            if step.isLast, let code = signature?.finalize() {
                try code.withUnsafeBytes { code throws(EnvelopeError) in try sink.write(code) }
            }
            completed += UInt64(input.count)
            try EnvelopeProgress(phase: .processing, completed: completed, total: prepared.length).report(to: progress)
        }
    }
}
