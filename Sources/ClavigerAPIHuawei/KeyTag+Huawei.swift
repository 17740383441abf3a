import ClavigerCore
import ClavigerCrypto

extension KeyTag {
    /// Writes the tag as an object.
    func encode(to json: inout JSONWriter) {
        json.object { json in
            json.member("key", key)
            json.member("value", value)
        }
    }
}
