/// Where the bytes of a stream come from.
///
/// A file is one (``FileSource``); whoever wants to read something else writes another.
public protocol ByteSource: AnyObject {
    /// How many bytes there are from where the source stood when it was made, if that is known.
    ///
    /// What turns out to have more or fewer is refused, so a source that is not sure says `nil`.
    var length: UInt64? { get }

    /// Whether ``rewind()`` works.
    var canRewind: Bool { get }

    /// Reads some bytes, as many as there are at the moment but at least one unless the source is at its end.
    ///
    /// - Parameter buffer: room for at least one byte.
    /// - Returns: how many bytes were written to the front of `buffer`; 0 at the end, and from then on.
    /// - Throws: ``EnvelopeError/Code/inputOutput`` if they cannot be read.
    func read(into buffer: UnsafeMutableRawBufferPointer) throws(EnvelopeError) -> Int

    /// Goes back to where the source stood when it was made.
    ///
    /// - Throws: ``EnvelopeError/Code/inputOutput`` if it cannot.
    func rewind() throws(EnvelopeError)
}

extension ByteSource {
    /// Not known.
    public var length: UInt64? { nil }

    /// The source goes forward only.
    public var canRewind: Bool { false }

    /// Refuses.
    public func rewind() throws(EnvelopeError) {
        throw EnvelopeError(.inputOutput, "the source cannot be read again")
    }
}

extension ByteSource {
    /// Reads until `buffer` is full or the source at its end.
    ///
    /// - Returns: how many bytes came.
    func fill(_ buffer: UnsafeMutableRawBufferPointer) throws(EnvelopeError) -> Int {
        var filled = 0
        while filled < buffer.count {
            let count = try read(into: UnsafeMutableRawBufferPointer(rebasing: buffer[filled...]))
            // Sources are written by others: a count that cannot be must not become an address.
            guard 0...(buffer.count - filled) ~= count else {
                throw EnvelopeError(.inputOutput, "the source says that it read \(count) bytes")
            }
            guard count > 0 else { break }
            filled += count
        }
        return filled
    }

    /// Whether there is nothing more to read.
    func isAtEnd() throws(EnvelopeError) -> Bool {
        var byte: UInt8 = 0
        var failure: EnvelopeError?
        let count = withUnsafeMutableBytes(of: &byte) { byte in
            do throws(EnvelopeError) { return try fill(byte) } catch {
                failure = error
                return 0
            }
        }
        if let failure { throw failure }
        return count == 0
    }
}
