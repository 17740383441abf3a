import ClavigerAPI
import ClavigerCore
import ClavigerCrypto

/// Makes a data key: in plaintext, and encrypted under a customer master key (contract, section 7.9).
struct CreateDatakey: KeyDataPlaneAction {
    static let route = HuaweiRoute.post("/v1.0/{project_id}/kms/create-datakey")
    static let required: [StaticString] = ["key_id"]

    private let size: Int
    private let context: EncryptionContext

    init(_ values: HuaweiValues) throws(KMSError) {
        size = try values.newDataKeySize(else: .invalidDataKeyLength)
        context = try values.context()
    }

    func perform(with key: ResidentKey, in call: HuaweiCall) throws(KMSError) -> Response {
        Response(
            id: key.key.id,
            dataKey: try call.kms.generateDataKey(size, under: key, context: context, as: call.caller))
    }

    struct Response: HuaweiResponse {
        let id: KeyID
        let dataKey: DataKey

        func encode(to json: inout JSONWriter) {
            json.member("key_id", id.description)
            json.name("plain_text")
            dataKey.plaintext.withUnsafeBytes { json.hexadecimal($0) }
            json.name("cipher_text")
            dataKey.ciphertext.withUnsafeBytes { json.hexadecimal($0) }
        }
    }
}
