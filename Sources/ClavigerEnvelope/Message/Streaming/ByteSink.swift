/// Where the bytes of a stream go.
///
/// A file is one (``FileSink``); whoever wants to write something else writes another.
public protocol ByteSink: AnyObject {
    /// Takes all of `bytes`, which must not be kept after the call.
    ///
    /// - Throws: ``EnvelopeError/Code/inputOutput`` if they cannot be taken; nothing is written to the sink from then on.
    func write(_ bytes: UnsafeRawBufferPointer) throws(EnvelopeError)
}
