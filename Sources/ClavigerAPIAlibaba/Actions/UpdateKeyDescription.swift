import ClavigerAPI
import ClavigerCore
import ClavigerCrypto

/// Gives a key another description, which may be empty.
struct UpdateKeyDescription: ManagementAction, KeyNaming {
    typealias Response = EmptyResponse

    static let required: [StaticString] = ["KeyId"]

    let key: AlibabaKeyName
    private let description: String

    init(_ values: AlibabaValues) throws(KMSError) {
        guard let description = try values.keyDescription() else {
            throw KMSError(.missingParameter, "the parameter Description is missing; it may be empty")
        }
        self.description = description
        key = try values.keyNameWithoutAlias()
    }

    func perform(in call: AlibabaCall) async throws(KMSError) -> EmptyResponse {
        try await call.kms.updateDescription(of: try call.id(key), to: description, as: call.caller)
        return EmptyResponse()
    }
}
