import ClavigerCore
import ClavigerCrypto

/// Encrypts a data key, which a symmetric key has encrypted, for the holder of a private key; the plaintext stays inside.
struct ExportDataKey: ResidentKeyAction {
    static let required: [StaticString] = ["CiphertextBlob"] + ExportTarget.required

    private let ciphertext: Ciphertext
    private let context: EncryptionContext
    private let target: ExportTarget

    init(_ values: AlibabaValues) throws(KMSError) {
        ciphertext = try values.ciphertext()
        context = try values.encryptionContext()
        target = try ExportTarget(values)
    }

    var key: AlibabaKeyName { AlibabaKeyName(id: KeyID(ciphertext.keyID)) }

    func computesLong(with key: ResidentKey) -> Bool { true }

    func perform(with key: ResidentKey, in call: AlibabaCall) throws(KMSError) -> Response {
        // To read a public key is work, which not everybody can ask for.
        try call.kms.requireRight(to: key, context: context, as: call.caller)
        let exported = try call.kms.exportDataKey(
            ciphertext, with: key, context: context, to: try target.recipient(), as: call.caller)
        return Response(key: KeyAndVersion(of: ciphertext), exported: exported)
    }

    struct Response: AlibabaResponse {
        let key: KeyAndVersion
        let exported: [UInt8]

        func encode(to json: inout JSONWriter) {
            key.encode(to: &json)
            json.name("ExportedDataKey")
            exported.withUnsafeBytes { json.base64($0) }
        }
    }
}
