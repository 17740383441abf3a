/// A source whose length is known, as encryption needs it: the header says it before the first byte of the body.
package struct PreparedSource {
    package let source: any ByteSource

    /// How many bytes it has.
    package let length: UInt64

    /// Takes the source as it is if its length is known; else reads it into a temporary file, which is encrypted under a random key.
    ///
    /// - Parameters:
    ///   - length: how many bytes the source has, if the caller knows.
    ///   - progress: told what was spooled; false ends it.
    /// - Throws: ``EnvelopeError/Code/inputOutput`` if the source cannot be read, the file not be written, or the source knows that it
    ///   has another length; ``EnvelopeError/Code/cancelled``.
    package static func prepare(
        _ source: any ByteSource, length: UInt64? = nil, progress: (EnvelopeProgress) -> Bool = { _ in true }
    ) throws(EnvelopeError) -> PreparedSource {
        if let stated = length, let known = source.length, stated != known {
            throw EnvelopeError(.inputOutput, "the source has \(known) bytes, not \(stated)")
        }
        if let length = length ?? source.length { return PreparedSource(source: source, length: length) }
        let spool = try Spool(source, isSecret: true) { count throws(EnvelopeError) in
            try EnvelopeProgress(phase: .spooling, completed: count, total: nil).report(to: progress)
        }
        return PreparedSource(source: spool, length: spool.length ?? 0)
    }
}
