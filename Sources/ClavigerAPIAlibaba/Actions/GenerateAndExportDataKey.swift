import ClavigerCore
import ClavigerCrypto

/// Makes a data key: encrypted under a symmetric key, and for the holder of a private key.
struct GenerateAndExportDataKey: ResidentKeyAction {
    static let required: [StaticString] = ["KeyId"] + ExportTarget.required

    private let wanted: NewDataKey
    private let target: ExportTarget

    init(_ values: AlibabaValues) throws(KMSError) {
        wanted = try NewDataKey(values)
        target = try ExportTarget(values)
    }

    var key: AlibabaKeyName { wanted.key }

    func computesLong(with key: ResidentKey) -> Bool { true }

    func perform(with key: ResidentKey, in call: AlibabaCall) throws(KMSError) -> Response {
        // To read a public key is work, which not everybody can ask for.
        try call.kms.requireRight(to: key, context: wanted.context, as: call.caller)
        let dataKey = try call.kms.generateDataKey(
            wanted.size, under: key, context: wanted.context, for: try target.recipient(), as: call.caller)
        return Response(key: KeyAndVersion(encryptingBy: key), dataKey: dataKey)
    }

    struct Response: AlibabaResponse {
        let key: KeyAndVersion
        let dataKey: ExportedDataKey

        func encode(to json: inout JSONWriter) {
            key.encode(to: &json)
            json.name("CiphertextBlob")
            dataKey.ciphertext.withUnsafeBytes { json.base64($0) }
            json.name("ExportedDataKey")
            dataKey.exported.withUnsafeBytes { json.base64($0) }
        }
    }
}
