import ClavigerCore

/// Ends a secret's wait for its deletion.
struct RestoreSecret: ManagementAction {
    typealias Response = SecretNameResponse

    static let required: [StaticString] = ["SecretName"]

    private let name: AlibabaSecretName

    init(_ values: AlibabaValues) throws(KMSError) { name = try values.secretName() }

    var resources: [String] { [name.resource] }

    func perform(in call: AlibabaCall) async throws(KMSError) -> Response {
        let name = try call.secret(name)
        try await call.secrets.restore(name, as: call.caller)
        return SecretNameResponse(name: name)
    }
}
