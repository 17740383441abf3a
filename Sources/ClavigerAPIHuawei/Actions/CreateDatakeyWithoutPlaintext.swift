import ClavigerAPI
import ClavigerCore
import ClavigerCrypto

/// Makes a data key that the caller gets encrypted only (contract, section 7.10).
struct CreateDatakeyWithoutPlaintext: KeyDataPlaneAction {
    static let route = HuaweiRoute.post("/v1.0/{project_id}/kms/create-datakey-without-plaintext")
    static let required: [StaticString] = ["key_id"]

    private let size: Int
    private let context: EncryptionContext

    init(_ values: HuaweiValues) throws(KMSError) {
        size = try values.newDataKeySize(else: .invalidDataKeyLengthWithoutPlaintext)
        context = try values.context()
    }

    func perform(with key: ResidentKey, in call: HuaweiCall) throws(KMSError) -> Response {
        let dataKey = try call.kms.generateDataKey(size, under: key, context: context, as: call.caller)
        return Response(id: key.key.id, ciphertext: dataKey.ciphertext)
    }

    struct Response: HuaweiResponse {
        let id: KeyID
        let ciphertext: [UInt8]

        func encode(to json: inout JSONWriter) {
            json.member("key_id", id.description)
            json.name("cipher_text")
            ciphertext.withUnsafeBytes { json.hexadecimal($0) }
        }
    }
}
