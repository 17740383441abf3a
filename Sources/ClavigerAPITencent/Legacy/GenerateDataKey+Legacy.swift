import ClavigerAPI
import ClavigerCore
import ClavigerCrypto

extension TencentLegacy {
    /// Makes a data key: in plaintext, and encrypted under a customer master key.
    struct GenerateDataKey: DataPlaneAction {
        static let parameters: [Parameter] = [
            .required("keyId", .string),
            .optional("keySpec", .string),
            .optional("numberOfBytes", .unsigned),
            .optional("encryptionContext", .string),
        ]

        private let id: KeyID
        private let count: Int
        private let context: EncryptionContext

        init(_ values: ParameterValues) throws(KMSError) {
            id = try values.keyID("keyId")
            count = try values.dataKeySize(spec: "keySpec", number: "numberOfBytes")
            context = try values.encryptionContext("encryptionContext")
        }

        var keys: [KeyID] { [id] }

        func perform(with keys: [ResidentKey], in call: Call) throws(KMSError) -> Response {
            Response(
                id: id,
                dataKey: try call.kms.generateDataKey(count, under: keys[0], context: context, as: call.caller))
        }

        struct Response: TencentResponse {
            let id: KeyID
            let dataKey: DataKey

            func encode(to json: inout JSONWriter) {
                json.member("keyId", id.description)
                json.name("plaintext")
                dataKey.plaintext.withUnsafeBytes { json.base64($0) }
                json.name("ciphertextBlob")
                dataKey.ciphertext.withUnsafeBytes { json.base64($0) }
            }
        }
    }
}
