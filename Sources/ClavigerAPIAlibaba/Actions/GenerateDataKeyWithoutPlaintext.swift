import ClavigerCore
import ClavigerCrypto

/// Makes a data key that the caller gets encrypted only.
struct GenerateDataKeyWithoutPlaintext: ResidentKeyAction {
    typealias Response = EncryptedResponse

    static let required: [StaticString] = ["KeyId"]

    private let wanted: NewDataKey

    init(_ values: AlibabaValues) throws(KMSError) {
        wanted = try NewDataKey(values)
    }

    var key: AlibabaKeyName { wanted.key }

    func perform(with key: ResidentKey, in call: AlibabaCall) throws(KMSError) -> Response {
        let dataKey = try wanted.make(under: key, in: call)
        return EncryptedResponse(key: KeyAndVersion(encryptingBy: key), ciphertext: dataKey.ciphertext)
    }
}
