import ClavigerAPI
import ClavigerCore
import ClavigerCrypto

/// Makes a data key: in plaintext, and encrypted under a customer master key.
struct GenerateDataKey: DataPlaneAction {
    static let parameters: [Parameter] = [
        .required("KeyId", .string),
        .optional("KeySpec", .string),
        .optional("NumberOfBytes", .unsigned),
        .optional("EncryptionContext", .string),
    ]

    private let id: KeyID
    private let count: Int
    private let context: EncryptionContext

    init(_ values: ParameterValues) throws(KMSError) {
        id = try values.keyID()
        count = try values.dataKeySize(spec: "KeySpec", number: "NumberOfBytes")
        context = try values.encryptionContext()
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
            json.member("KeyId", id.description)
            json.name("Plaintext")
            dataKey.plaintext.withUnsafeBytes { json.base64($0) }
            json.name("CiphertextBlob")
            dataKey.ciphertext.withUnsafeBytes { json.base64($0) }
        }
    }
}
