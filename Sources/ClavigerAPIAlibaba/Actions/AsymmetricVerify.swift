import ClavigerCore
import ClavigerCrypto

/// Says whether a signature is one of a digest by a key. What has not the form of a signature is none.
struct AsymmetricVerify: ResidentKeyAction {
    static let required: [StaticString] = ["KeyId", "KeyVersionId", "Algorithm", "Digest", "Value"]

    let key: AlibabaKeyName
    private let use: AsymmetricUse<SignatureScheme>
    private let digest: [UInt8]
    private let signature: [UInt8]

    init(_ values: AlibabaValues) throws(KMSError) {
        key = try values.keyName()
        use = try AsymmetricUse(values)
        digest = try values.base64("Digest", use.scheme.digestSize...use.scheme.digestSize)
        signature = try values.base64("Value", 1...Alibaba.longestBody)
    }

    func computesLong(with key: ResidentKey) -> Bool { key.key.spec.verifiesSlowly }

    func perform(with key: ResidentKey, in call: AlibabaCall) throws(KMSError) -> Response {
        let version = try use.version(of: key, for: .verify, in: call.kms, as: call.caller)
        let isValid = try call.kms.verify(with: key, version: version, as: call.caller) {
            (signature, of: SignatureRequest(.digest(digest), scheme: use.scheme, encoding: .der))
        }
        return Response(key: KeyAndVersion(key.key.id, version), isValid: isValid)
    }

    struct Response: AlibabaResponse {
        let key: KeyAndVersion
        let isValid: Bool

        func encode(to json: inout JSONWriter) {
            key.encode(to: &json)
            json.member("Value", isValid)
        }
    }
}
