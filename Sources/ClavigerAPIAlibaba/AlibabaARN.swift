import ClavigerCore

/// The full name of a resource: `acs:kms:<region>:<account>:<kind>/<name>`.
struct AlibabaARN: Sendable {
    private static let prefix = "acs:kms:"

    let region: String
    let account: String

    /// Kind and name.
    let path: String

    /// - Returns: `nil` for a text of another form.
    init?(_ text: String) {
        guard text.hasPrefix(Self.prefix) else { return nil }
        let parts = text.dropFirst(Self.prefix.count).split(
            separator: ":", maxSplits: 2, omittingEmptySubsequences: false)
        guard parts.count == 3 else { return nil }
        (region, account, path) = (String(parts[0]), String(parts[1]), String(parts[2]))
    }

    static func text(_ path: String, in region: String, of account: AccountID) -> String {
        "\(prefix)\(region):\(account):\(path)"
    }
}
