import ClavigerCore

/// How the dialect lets keys rotate.
extension Key {
    /// Days from one rotation to the next of which clients can say the number.
    static let rotationDays = 30...365

    /// The time between rotations of a key for which nobody has said another. The documents give the range alone; it is the longest.
    static let usualRotationPeriod = Duration.days(rotationDays.upperBound)
}
