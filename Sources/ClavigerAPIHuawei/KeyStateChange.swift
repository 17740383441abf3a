import ClavigerCore
import ClavigerCrypto

/// What a call that changes a key's state tells of it.
struct KeyStateChange: Sendable {
    let id: KeyID

    /// The state that the key has now.
    let state: KeyState

    /// Writes the members into an object that is open.
    func encode(to json: inout JSONWriter) {
        json.member("key_id", id.description)
        json.member("key_state", state.huawei)
    }
}
