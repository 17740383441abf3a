import ClavigerCore
import ClavigerCrypto

/// Makes a secret with its first version (contract, section 5.5).
struct CreateSecret: ManagementAction {
    static let required: [StaticString] = ["SecretName", "SecretData", "VersionId"]

    private let name: SecretName
    private let version: String
    private let value: KeyMaterial
    private let form: SecretVersion.Form
    private let description: String
    private let tags: [KeyTag]

    /// `nil` for one of the service's own.
    private let key: AlibabaKeyName?

    init(_ values: AlibabaValues) throws(KMSError) {
        name = try values.newSecretName()
        version = try values.requiredSecretVersion("VersionId")
        value = try values.secretValue()
        form = try values.secretForm()
        description = try values.secretDescription() ?? ""
        _ = try values.choice("SecretType", [(JSONWriter.genericSecretType, ())])
        key = values.given("EncryptionKeyId") == nil ? nil : try values.keyName("EncryptionKeyId")
        tags = try values.tags("Tags")
    }

    var resources: [String] { [AlibabaSecretName.path(name)] + (key?.resource.map { [$0] } ?? []) }

    func perform(in call: AlibabaCall) async throws(KMSError) -> Response {
        var chosen: KeyID?
        if let key { chosen = try await call.load(key, as: call.caller.needing(.generateDataKey)).key.id }
        let new = NewSecret(
            name: name, versionID: version, value: value, form: form, description: description, tags: tags, key: chosen)
        _ = try await call.secrets.create(new, as: call.caller)
        return Response(
            arn: call.arn(AlibabaSecretName.path(name)), name: name, version: version,
            madeKeys: key?.isAlias ?? false ? chosen.map { [$0] } ?? [] : [])
    }

    struct Response: AlibabaResponse {
        let arn: String
        let name: SecretName
        let version: String

        /// The key that an alias meant.
        let madeKeys: [KeyID]

        func encode(to json: inout JSONWriter) {
            json.member("Arn", arn)
            json.member("SecretName", name.text)
            json.member("VersionId", version)
            json.secretType()
        }
    }
}
