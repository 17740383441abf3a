import ClavigerCore
import ClavigerIdentity

/// Deletes an access key; the last enabled one of a root identity stays.
struct DeleteAccessKey: AdminAction {
    private let key: AccessKeyName

    init(_ input: AdminInput) throws(KMSError) { key = AccessKeyName(input) }

    var resources: [String] { key.resources }

    func perform(in call: AdminCall) async throws(KMSError) -> Done {
        try await call.identities.deleteAccessKey(key.id, ofUser: key.user, as: call.caller())
        return Done()
    }
}
