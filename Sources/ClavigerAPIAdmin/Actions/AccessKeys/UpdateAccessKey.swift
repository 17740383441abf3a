import ClavigerAPI
import ClavigerCore
import ClavigerIdentity

/// Enables or disables an access key.
struct UpdateAccessKey: AdminAction {
    static let body: [Parameter]? = [.required("enabled", .boolean, "whether it signs requests")]

    private let key: AccessKeyName
    private let isEnabled: Bool

    init(_ input: AdminInput) throws(KMSError) {
        key = AccessKeyName(input)
        isEnabled = input.body.boolean("enabled") ?? false
    }

    var resources: [String] { key.resources }

    func perform(in call: AdminCall) async throws(KMSError) -> AccessKeyAnswer {
        AccessKeyAnswer(
            try await call.identities.setEnabled(isEnabled, accessKey: key.id, ofUser: key.user, as: call.caller()))
    }
}
