import ClavigerCrypto

extension KMSClient {
    /// As many keys as a page of ListKeyDetail holds at most.
    private static let pageSize = 200

    /// The id of the key that `text` names: by its id or its alias.
    func keyID(_ text: String) async throws(CommandFailure) -> String {
        if Self.isKeyID(text) { return text }
        guard let id = try await keyID(alias: text) else {
            throw CommandFailure(
                "no key in \(profile.region ?? "the region") has the id or the alias \"\(text)\"",
                hint: "`claviger key list` shows the keys of a region; each region has its own")
        }
        return id
    }

    /// The id of the key with this alias; `nil` if there is none.
    private func keyID(alias: String) async throws(CommandFailure) -> String? {
        // Keys of cloud products are listed apart; only their aliases begin with `kms-`.
        let role = alias.lowercased().hasPrefix("kms-") ? 1 : 0
        do throws(CommandFailure) {
            let keys = try await keys(limit: nil, until: { $0["Alias"]?.text == alias }) { json in
                json.member("SearchKeyAlias", alias)
                json.member("KeyUsage", "ALL")
                json.member("Role", role)
            }
            return keys.found.last { $0["Alias"]?.text == alias }?["KeyId"]?.text
        } catch {
            guard error.code == "AuthFailure.UnauthorizedOperation" else { throw error }
            throw CommandFailure(
                error.message, code: error.code, requestID: error.requestID,
                hint: "an alias is looked up with this permission; name the key by its id instead")
        }
    }

    /// The ids of keys, in their order, each once.
    func keyIDs(_ texts: [String]) async throws(CommandFailure) -> [String] {
        var ids: [String] = []
        for text in texts {
            let id = try await keyID(text)
            if !ids.contains(id) { ids.append(id) }
        }
        return ids
    }

    /// What DescribeKey tells of a key named by its id or alias.
    func metadata(of key: String) async throws(CommandFailure) -> JSONValue {
        let id = try await keyID(key)
        let response = try await call("DescribeKey") { $0.member("KeyId", id) }
        return response["KeyMetadata"] ?? .null
    }

    /// Calls an action that changes a key named by its id or alias.
    ///
    /// - Parameters:
    ///   - facts: what then holds of the key.
    ///   - parameters: writes the members of the request besides KeyId.
    /// - Returns: the key's id; and, to be shown, id, facts and all that the server answers.
    func change(
        _ key: String, by action: String, facts: KeyValuePairs<String, JSONValue?> = [:],
        _ parameters: (inout JSONWriter) -> Void = { _ in }
    ) async throws(CommandFailure) -> (id: String, json: JSONValue) {
        let id = try await keyID(key)
        let response = try await call(action) { json in
            json.member("KeyId", id)
            parameters(&json)
        }
        let own = JSONValue.members(["KeyId": .text(id)]).adding(contentsOf: .members(facts))
        return (id, own.adding(contentsOf: response.without("KeyId")))
    }

    /// Changes the state of keys named by their ids or aliases, all or none.
    ///
    /// - Returns: the keys' ids, and what to show of the answer.
    func changeState(of keys: [String], by action: String, to state: String) async throws(CommandFailure) -> (
        ids: [String], json: JSONValue
    ) {
        let ids = try await keyIDs(keys)
        let response = try await call(action) { json in
            json.name("KeyIds")
            json.array(ids) { $0.string($1) }
        }
        let json = JSONValue.members([
            "KeyIds": .array(ids.map(JSONValue.text)), "KeyState": .text(state), "RequestId": response["RequestId"],
        ])
        return (ids, json)
    }

    /// Keys that a filter selects, from as many pages as it takes.
    ///
    /// - Parameters:
    ///   - limit: how many keys at most; `nil` for all.
    ///   - isLast: ends the listing behind the first key it holds for.
    ///   - filter: writes the members of the request besides the paging.
    /// - Returns: the keys, and how many the server has.
    func keys(
        limit: Int?, until isLast: (JSONValue) -> Bool = { _ in false }, _ filter: (inout JSONWriter) -> Void
    ) async throws(CommandFailure) -> (found: [JSONValue], total: Int) {
        var found: [JSONValue] = []
        var ids: Set<String> = []
        var offset = 0
        while true {
            let pageSize = min(Self.pageSize, (limit ?? .max) - found.count)
            let page = try await call("ListKeyDetail") { json in
                json.member("Offset", offset)
                json.member("Limit", pageSize)
                filter(&json)
            }
            let keys = page["KeyMetadatas"]?.elements ?? []
            let total = page["TotalCount"]?.integer.map(Int.init) ?? keys.count
            // A key that is made while the pages are read moves others to the next page, which then holds some again.
            for key in keys where ids.insert(key["KeyId"]?.text ?? "").inserted {
                found.append(key)
                if isLast(key) { return (found, total) }
            }
            offset += keys.count
            if keys.isEmpty || offset >= total || found.count >= limit ?? .max { return (found, total) }
        }
    }

    /// Whether `text` has the form of a key id, a lower-case UUID.
    private static func isKeyID(_ text: String) -> Bool {
        let parts = text.utf8.split(separator: UInt8(ascii: "-"), omittingEmptySubsequences: false)
        return parts.map(\.count) == [8, 4, 4, 4, 12]
            && parts.allSatisfy { $0.allSatisfy { 48...57 ~= $0 || 97...102 ~= $0 } }
    }
}
