import ClavigerCore
import ClavigerCrypto

/// Changes what is said of a secret.
struct UpdateSecret: ManagementAction {
    typealias Response = SecretNameResponse

    static let required: [StaticString] = ["SecretName"]

    private let name: AlibabaSecretName

    /// `nil` leaves it as it is.
    private let description: String?

    init(_ values: AlibabaValues) throws(KMSError) {
        name = try values.secretName()
        description = try values.secretDescription()
        guard values.given("ExtendedConfig.CustomData") == nil else {
            throw KMSError(
                .invalidParameter, "secrets of the type \(JSONWriter.genericSecretType) have no ExtendedConfig")
        }
    }

    var resources: [String] { [name.resource] }

    func perform(in call: AlibabaCall) async throws(KMSError) -> Response {
        let name = try call.secret(name)
        try await call.secrets.updateDescription(of: name, to: description, as: call.caller)
        return SecretNameResponse(name: name)
    }
}
