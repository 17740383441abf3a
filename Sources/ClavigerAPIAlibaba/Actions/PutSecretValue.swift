import ClavigerCore
import ClavigerCrypto

/// Gives a secret another version. Doing it once more with the same value changes nothing.
struct PutSecretValue: ManagementAction {
    static let required: [StaticString] = ["SecretName", "SecretData", "VersionId"]

    private let name: AlibabaSecretName
    private let version: String
    private let value: KeyMaterial
    private let form: SecretVersion.Form
    private let stages: [SecretStage]

    init(_ values: AlibabaValues) throws(KMSError) {
        name = try values.secretName()
        version = try values.requiredSecretVersion("VersionId")
        value = try values.secretValue()
        form = try values.secretForm()
        stages = try values.secretStages("VersionStages")
    }

    var resources: [String] { [name.resource] }

    func perform(in call: AlibabaCall) async throws(KMSError) -> Response {
        let name = try call.secret(name)
        let version = try await call.secrets.putValue(
            value, form: form, version: version, stages: stages, of: name, as: call.caller)
        return Response(name: name, version: version)
    }

    struct Response: AlibabaResponse {
        let name: SecretName
        let version: SecretVersion

        func encode(to json: inout JSONWriter) {
            json.member("SecretName", name.text)
            json.member("VersionId", version.id)
            json.stages(version.stages)
        }
    }
}
