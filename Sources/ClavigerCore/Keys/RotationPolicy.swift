/// The wish that a key rotates by itself.
package struct RotationPolicy: Hashable, Sendable {
    /// The time from one rotation to the next, in whole seconds.
    package let period: Duration

    /// When the next rotation is due. It waits while the key is not enabled, and is made up for when the key is again.
    package let nextRotation: Timestamp

    package init(period: Duration, nextRotation: Timestamp) {
        self.period = period
        self.nextRotation = nextRotation
    }
}
