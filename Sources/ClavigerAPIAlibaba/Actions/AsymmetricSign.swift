import ClavigerCore
import ClavigerCrypto

/// Signs a digest.
struct AsymmetricSign: ResidentKeyAction {
    static let required: [StaticString] = ["KeyId", "KeyVersionId", "Algorithm", "Digest"]

    let key: AlibabaKeyName
    private let use: AsymmetricUse<SignatureScheme>
    private let digest: [UInt8]

    init(_ values: AlibabaValues) throws(KMSError) {
        key = try values.keyName()
        use = try AsymmetricUse(values)
        digest = try values.base64("Digest", use.scheme.digestSize...use.scheme.digestSize)
    }

    func computesLong(with key: ResidentKey) -> Bool { key.key.spec.signsSlowly }

    func perform(with key: ResidentKey, in call: AlibabaCall) throws(KMSError) -> Response {
        let version = try use.version(of: key, for: .sign, in: call.kms, as: call.caller)
        let signature = try call.kms.sign(with: key, version: version, as: call.caller) {
            SignatureRequest(.digest(digest), scheme: use.scheme, encoding: .der)
        }
        return Response(key: KeyAndVersion(key.key.id, version), signature: signature)
    }

    struct Response: AlibabaResponse {
        let key: KeyAndVersion
        let signature: [UInt8]

        func encode(to json: inout JSONWriter) {
            key.encode(to: &json)
            json.name("Value")
            signature.withUnsafeBytes { json.base64($0) }
        }
    }
}
