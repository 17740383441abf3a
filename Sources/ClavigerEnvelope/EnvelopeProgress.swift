/// How far a stream has come.
public struct EnvelopeProgress: Hashable, Sendable {
    /// What is being done: a stream may have to be read twice.
    public enum Phase: Hashable, Sendable {
        /// The source is read into a temporary file, since its length must be known or it must be read twice.
        case spooling
        /// The signature or the only tag of a message is checked before anything of it is given out.
        case verifying
        /// The stream is encrypted or decrypted.
        case processing
    }

    /// What is being done.
    public let phase: Phase

    /// Bytes of the source that this phase has dealt with.
    public let completed: UInt64

    /// Bytes of the source that it will deal with, if that is known.
    public let total: UInt64?

    package init(phase: Phase, completed: UInt64, total: UInt64?) {
        self.phase = phase
        self.completed = completed
        self.total = total
    }
}
