import ClavigerCore
import ClavigerCrypto

/// One version of a key.
struct KeyVersionResponse: AlibabaResponse {
    let version: KeyVersionSummary

    /// The key, if the call named it by an alias.
    var madeKeys: [KeyID] = []

    func encode(to json: inout JSONWriter) {
        json.name("KeyVersion")
        version.encode(to: &json)
    }
}
