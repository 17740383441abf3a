/// A user and the id of an access key, as a path has them.
struct AccessKeyName: Sendable {
    private static let longestID = 64

    let user: String
    let id: String

    init(_ input: AdminInput) {
        user = input.segment("user")
        id = input.segment("id")
    }

    /// What the audit event names. Only what looks like an id: whatever else stands in its place may be a secret.
    var resources: [String] {
        let isID = id.hasPrefix("AKID") && id.utf8.count <= Self.longestID
        return ["user/\(user)"] + (isID ? ["access-key/\(id)"] : [])
    }
}
