import ClavigerCore
import ClavigerCrypto

/// Makes a data key: in plaintext, and encrypted under a symmetric key.
struct GenerateDataKey: ResidentKeyAction {
    static let required: [StaticString] = ["KeyId"]

    let key: AlibabaKeyName
    private let size: Int
    private let context: EncryptionContext

    init(_ values: AlibabaValues) throws(KMSError) {
        key = try values.keyName()
        size = try values.newDataKeySize()
        context = try values.encryptionContext()
    }

    func perform(with key: ResidentKey, in call: AlibabaCall) throws(KMSError) -> Response {
        let dataKey = try call.kms.generateDataKey(size, under: key, context: context, as: call.caller)
        return Response(key: KeyAndVersion(encryptingBy: key), dataKey: dataKey)
    }

    struct Response: AlibabaResponse {
        let key: KeyAndVersion
        let dataKey: DataKey

        func encode(to json: inout JSONWriter) {
            key.encode(to: &json)
            json.name("CiphertextBlob")
            dataKey.ciphertext.withUnsafeBytes { json.base64($0) }
            json.name("Plaintext")
            dataKey.plaintext.withUnsafeBytes { json.base64($0) }
        }
    }
}
