import ClavigerCore
import ClavigerCrypto

/// Shows a secret without its values, also while it waits for its deletion.
struct DescribeSecret: ReadingAction {
    static let required: [StaticString] = ["SecretName"]

    private let name: AlibabaSecretName
    private let fetchesTags: Bool

    init(_ values: AlibabaValues) throws(KMSError) {
        name = try values.secretName()
        fetchesTags = try values.boolean("FetchTags") ?? false
    }

    var resources: [String] { [name.resource] }

    func perform(in call: AlibabaCall) async throws(KMSError) -> Response {
        let secret = try await call.secrets.describe(try call.secret(name), as: call.caller)
        return Response(
            arn: call.arn(AlibabaSecretName.path(secret.name)), secret: secret, showsTags: fetchesTags)
    }

    struct Response: AlibabaResponse {
        let arn: String
        let secret: Secret
        let showsTags: Bool

        func encode(to json: inout JSONWriter) {
            json.member("Arn", arn)
            json.member("SecretName", secret.name.text)
            json.member("Description", secret.description)
            json.secretType()
            json.member("AutomaticRotation", "Disabled")
            if secret.hasChosenKey { json.member("EncryptionKeyId", secret.encryptionKey.description) }
            json.dates(of: secret)
            if showsTags { json.tags(secret.tags) }
        }
    }
}
