import ClavigerCore
import ClavigerCrypto

/// A plaintext, and by which key and version it was decrypted.
struct DecryptedResponse: AlibabaResponse {
    let key: KeyAndVersion
    let plaintext: KeyMaterial

    func encode(to json: inout JSONWriter) {
        key.encode(to: &json)
        json.name("Plaintext")
        plaintext.withUnsafeBytes { json.base64($0) }
    }
}
