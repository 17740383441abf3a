import ClavigerCore
import ClavigerCrypto

/// Shows the public key of a version of an asymmetric key, whatever its state: `SubjectPublicKeyInfo` in PEM.
struct GetPublicKey: ReadingAction, KeyNaming {
    static let required: [StaticString] = ["KeyId", "KeyVersionId"]

    let key: AlibabaKeyName
    private let version: KeyVersionID?

    init(_ values: AlibabaValues) throws(KMSError) {
        key = try values.keyName()
        version = try values.keyVersion()
    }

    func perform(in call: AlibabaCall) async throws(KMSError) -> Response {
        let resident = try await call.load(key, as: call.caller)
        guard let version else {
            try call.kms.requireRight(to: resident, as: call.caller)
            throw KMSError(.keyVersionNotFound, "key \(resident.key.id) has no such version")
        }
        return Response(
            key: KeyAndVersion(resident.key.id, version),
            publicKey: try await call.kms.publicKeyInAnyState(of: resident, version: version, as: call.caller),
            isNamedByAlias: key.isAlias)
    }

    struct Response: AlibabaResponse {
        let key: KeyAndVersion
        let publicKey: PublicKey
        let isNamedByAlias: Bool

        var madeKeys: [KeyID] { isNamedByAlias ? [key.key] : [] }

        func encode(to json: inout JSONWriter) {
            key.encode(to: &json)
            json.name("PublicKey")
            json.string(publicKey.pem[...])
        }
    }
}
