extension EnvelopeProgress {
    /// - Throws: ``EnvelopeError/Code/cancelled`` if the callback returns false.
    func report(to progress: (EnvelopeProgress) -> Bool) throws(EnvelopeError) {
        guard progress(self) else { throw EnvelopeError(.cancelled, "cancelled") }
    }
}
