import ClavigerCore

extension KeyState {
    /// The digit that clients know. An archived key, which only Tencent's dialect can make, counts as disabled: it encrypts nothing.
    var huawei: String {
        switch self {
        case .enabled: "2"
        case .disabled, .archived: "3"
        case .pendingDeletion: "4"
        case .pendingImport: "5"
        }
    }

    /// The states that a digit stands for; `1`, awaiting activation, is one that no key is ever in.
    static func states(huawei digit: String) -> Set<KeyState>? {
        digit == "1" ? [] : Set(allCases.filter { $0.huawei == digit }).nonempty
    }
}

extension Set {
    fileprivate var nonempty: Set? { isEmpty ? nil : self }
}
