import ClavigerCore
import ClavigerCrypto

extension KeyVersionSummary {
    /// Writes the version as an object.
    func encode(to json: inout JSONWriter) {
        json.object { json in
            json.member("KeyId", key.description)
            json.member("KeyVersionId", id.description)
            json.member("CreationDate", createdAt.alibaba)
        }
    }
}
