import ClavigerCrypto

extension SecretClient {
    /// As many items as a page holds at most.
    private static let pageSize = 100

    /// Secrets, from as many pages as it takes, the oldest first.
    ///
    /// - Parameters:
    ///   - filter: the parameter `Filters`; `nil` for all.
    ///   - limit: how many at most; `nil` for all.
    /// - Returns: the secrets, and how many the server has.
    func secrets(filter: String?, limit: Int?) async throws(CommandFailure) -> (found: [JSONValue], total: Int) {
        try await items(of: "ListSecrets", [("FetchTags", "true"), ("Filters", filter)], limit: limit) {
            $0["SecretList"]?["Secret"]
        }
    }

    /// The versions of a secret.
    ///
    /// - Parameter includesUnlabelled: whether those without a label come, too; the parameter `IncludeDeprecated`.
    func versions(of name: String, includesUnlabelled: Bool) async throws(CommandFailure) -> [JSONValue] {
        let parameters = [("SecretName", name), ("IncludeDeprecated", includesUnlabelled ? "true" : "false")]
        return try await items(of: "ListSecretVersionIds", parameters, limit: nil) {
            $0["VersionIds"]?["VersionId"]
        }.found
    }

    private func items(
        of action: String, _ parameters: [(String, String?)], limit: Int?, in list: (JSONValue) -> JSONValue?
    ) async throws(CommandFailure) -> (found: [JSONValue], total: Int) {
        // The same for all pages: where one begins is a matter of its number and this.
        let pageSize = min(Self.pageSize, limit ?? .max)
        var found: [JSONValue] = []
        var number = 1
        while true {
            let page = try await call(
                action, parameters + [("PageNumber", String(number)), ("PageSize", String(pageSize))])
            let items = list(page)?.elements ?? []
            found += items.prefix((limit ?? .max) - found.count)
            let total = page["TotalCount"]?.integer.map(Int.init) ?? found.count
            if items.isEmpty || number * pageSize >= total || found.count >= limit ?? .max { return (found, total) }
            number += 1
        }
    }
}
