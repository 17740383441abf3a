import ClavigerCore

extension Timestamp {
    /// How the dialect writes moments: milliseconds since 1970, as a string.
    var huaweiMilliseconds: String { String(seconds * 1000) }
}
