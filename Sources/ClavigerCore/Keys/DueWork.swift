/// Work on keys that a moment in time calls for.
package enum DueWork: CaseIterable, Sendable {
    /// The deletion date has come.
    case deletion

    /// The next rotation is due, and the key is enabled.
    case rotation

    /// Imported material has expired.
    case materialExpiry
}
