import ClavigerCore
import ClavigerCrypto

/// An answer that says nothing but whose secret was changed.
struct SecretNameResponse: AlibabaResponse {
    let name: SecretName

    func encode(to json: inout JSONWriter) { json.member("SecretName", name.text) }
}
