import ClavigerCore
import ClavigerCrypto

/// Makes a data key that the caller gets encrypted only.
struct GenerateDataKeyWithoutPlaintext: ResidentKeyAction {
    typealias Response = EncryptedResponse

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
        return EncryptedResponse(key: KeyAndVersion(encryptingBy: key), ciphertext: dataKey.ciphertext)
    }
}
