import ClavigerCore
import ClavigerCrypto

/// A ciphertext, and by which key and version it was made.
struct EncryptedResponse: AlibabaResponse {
    let key: KeyAndVersion
    let ciphertext: [UInt8]

    func encode(to json: inout JSONWriter) {
        key.encode(to: &json)
        json.name("CiphertextBlob")
        ciphertext.withUnsafeBytes { json.base64($0) }
    }
}
