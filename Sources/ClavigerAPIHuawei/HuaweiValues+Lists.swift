import ClavigerCore
import ClavigerCrypto

/// Members that say which part of a list is wanted.
extension HuaweiValues {
    /// How many entries come before the wanted ones, 0 if nothing is said. A number that is past every end may have any size.
    ///
    /// - Parameter code: what is wrong if it is no whole number.
    func offset(_ name: StaticString, else code: HuaweiCode) throws(KMSError) -> Int {
        guard let digits = digits(name) else { return 0 }
        guard !digits.isEmpty, digits.allSatisfy({ 48...57 ~= $0 }) else {
            throw KMSError(code, "\(name) is a whole number from 0")
        }
        return Int(String(decoding: digits, as: UTF8.self)) ?? .max
    }

    /// The states that the digit `key_state` stands for; `nil` for all.
    ///
    /// - Throws: KMS.0308.
    func keyStates() throws(KMSError) -> Set<KeyState>? {
        guard let digits = digits("key_state") else { return nil }
        guard let states = KeyState.states(huawei: String(decoding: digits, as: UTF8.self)) else {
            throw KMSError(HuaweiCode.invalidParameter, "key_state is a digit from 1 to 5")
        }
        return states
    }
}
