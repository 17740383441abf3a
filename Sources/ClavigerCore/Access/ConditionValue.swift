/// What a call says about a key of conditions.
enum ConditionValue {
    /// The most bytes of text that is compared: the time that decisions take must not be what callers like.
    static let mostBytes = 1024

    case address(IPAddress)
    case time(Timestamp)
    case flag(Bool)
    case text(Substring.UTF8View)

    /// Text that is too long to be compared.
    case longText
}

extension ConditionValue {
    static func text(of text: String) -> ConditionValue {
        text.utf8.count <= mostBytes ? .text(text.utf8[...]) : .longText
    }
}
