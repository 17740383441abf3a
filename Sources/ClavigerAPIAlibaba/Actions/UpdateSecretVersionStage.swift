import ClavigerCore

/// Moves a label to another version of a secret, or takes it away.
struct UpdateSecretVersionStage: ManagementAction {
    typealias Response = SecretNameResponse

    static let required: [StaticString] = ["SecretName", "VersionStage"]

    private let name: AlibabaSecretName
    private let stage: SecretStage
    private let target: String?
    private let source: String?

    init(_ values: AlibabaValues) throws(KMSError) {
        guard values.given("MoveToVersion") != nil || values.given("RemoveFromVersion") != nil else {
            throw KMSError(
                .missingParameter, "MoveToVersion and RemoveFromVersion are missing; one of them must be there")
        }
        name = try values.secretName()
        stage = SecretStage(checked: try values.requiredSecretVersion("VersionStage"))
        target = try values.secretVersion("MoveToVersion")
        source = try values.secretVersion("RemoveFromVersion")
        guard target != nil || !stage.isBuiltIn else {
            throw KMSError(.invalidParameter, "\(stage) can be moved to another version, not removed")
        }
    }

    var resources: [String] { [name.resource] }

    func perform(in call: AlibabaCall) async throws(KMSError) -> Response {
        let name = try call.secret(name)
        try await call.secrets.moveStage(stage, of: name, to: target, from: source, as: call.caller)
        return SecretNameResponse(name: name)
    }
}
