import ClavigerCore
import ClavigerCrypto

/// Makes a data key: in plaintext, and encrypted under a symmetric key.
struct GenerateDataKey: ResidentKeyAction {
    static let required: [StaticString] = ["KeyId"]

    private let wanted: NewDataKey

    init(_ values: AlibabaValues) throws(KMSError) {
        wanted = try NewDataKey(values)
    }

    var key: AlibabaKeyName { wanted.key }

    func perform(with key: ResidentKey, in call: AlibabaCall) throws(KMSError) -> Response {
        let dataKey = try wanted.make(under: key, in: call)
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
