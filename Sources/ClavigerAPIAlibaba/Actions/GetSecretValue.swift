import ClavigerCore
import ClavigerCrypto

/// Gives the value of a version of a secret: of the one with the id, or with the label, or of the current one.
struct GetSecretValue: ReadingAction {
    static let required: [StaticString] = ["SecretName"]

    private let name: AlibabaSecretName
    private let version: String?
    private let stage: SecretStage?

    init(_ values: AlibabaValues) throws(KMSError) {
        name = try values.secretName()
        version = try values.secretVersion("VersionId")
        stage = try values.secretStage("VersionStage")
        // There is none to fetch; a wrong word is wrong all the same.
        _ = try values.boolean("FetchExtendedConfig")
    }

    var resources: [String] { [name.resource] }

    func perform(in call: AlibabaCall) async throws(KMSError) -> Response {
        Response(
            value: try await call.secrets.value(
                of: try call.secret(name), version: version, stage: stage, as: call.caller))
    }

    struct Response: AlibabaResponse {
        let value: SecretValue

        // Another character would make another secret.
        var mustBeExact: Bool { true }

        func encode(to json: inout JSONWriter) {
            json.member("SecretName", value.secret.name.text)
            json.member("VersionId", value.version.id)
            json.name("SecretData")
            value.plaintext.withUnsafeBytes { json.string($0) }
            json.member("SecretDataType", value.version.form.alibaba)
            json.secretType()
            json.stages(value.version.stages)
            json.member("CreateTime", value.version.createdAt.alibaba)
        }
    }
}
