import ClavigerAPI
import ClavigerCore
import ClavigerCrypto

extension TencentLegacy {
    /// Decrypts what either generation of the API encrypted; the ciphertext names its key.
    struct Decrypt: DataPlaneAction {
        static let parameters: [Parameter] = [
            .required("ciphertextBlob", .string),
            .optional("encryptionContext", .string),
        ]

        private let ciphertext: Ciphertext
        private let context: EncryptionContext

        init(_ values: ParameterValues) throws(KMSError) {
            ciphertext = try values.ciphertext("ciphertextBlob")
            context = try values.encryptionContext("encryptionContext")
        }

        var keys: [KeyID] { [KeyID(ciphertext.keyID)] }

        func failure(missingKeyAt index: Int) -> KMSError { .invalidCiphertext }

        func perform(with keys: [ResidentKey], in call: Call) throws(KMSError) -> Response {
            Response(
                id: keys[0].key.id,
                plaintext: try call.kms.decrypt(ciphertext, with: keys[0], context: context, as: call.caller))
        }

        struct Response: TencentResponse {
            let id: KeyID
            let plaintext: KeyMaterial

            func encode(to json: inout JSONWriter) {
                json.member("keyId", id.description)
                json.name("plaintext")
                plaintext.withUnsafeBytes { json.base64($0) }
            }
        }
    }
}
