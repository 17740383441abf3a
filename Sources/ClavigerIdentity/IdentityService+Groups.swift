package import ClavigerCore

extension IdentityService {
    /// A page of the account's groups, by name.
    package func groups(after name: String?, limit: Int, as caller: Caller) async throws(KMSError) -> Page<Group> {
        try caller.require(on: .all(.group))
        let groups = try await store.groups(of: caller.principal.account, after: name, limit: limit + 1)
        return Page(groups, limit: limit, name: \.name)
    }

    /// - Throws: `.groupNotFound`.
    package func group(_ name: String, as caller: Caller) async throws(KMSError) -> GroupDetails {
        try caller.require(on: AccessResource(.group, .text(name)))
        let group = try await group(name, of: caller)
        return GroupDetails(
            group: group, members: try await store.members(of: group.id),
            policies: try await store.policies(attachedTo: .group(group.id)))
    }

    /// - Throws: `.invalidName`, `.invalidParameterValue` for the description, `.nameExists`, `.tooMany`.
    package func createGroup(
        named name: String, description: String = "", as caller: Caller
    ) async throws(KMSError) -> Group {
        try caller.require(on: AccessResource(.group, .text(name)))
        try NameRule.group.check(name)
        try checkDescription(description)
        let group = Group(
            id: makeID(), account: caller.principal.account, name: name, description: description,
            createdAt: clock.now)
        try await store.insert(group, limit: Self.mostGroups)
        return group
    }

    /// - Throws: `.groupNotFound`, `.invalidParameterValue`.
    package func updateGroup(
        _ name: String, description: String, as caller: Caller
    ) async throws(KMSError) -> Group {
        try caller.require(on: AccessResource(.group, .text(name)))
        try checkDescription(description)
        var group = try await group(name, of: caller)
        try await store.setDescription(description, group: group.id)
        group.description = description
        return group
    }

    /// Deletes a group to which no policy is attached; its users stay.
    ///
    /// - Throws: `.groupNotFound`, `.policyInUse`.
    package func deleteGroup(_ name: String, as caller: Caller) async throws(KMSError) {
        try caller.require(on: AccessResource(.group, .text(name)))
        let group = try await group(name, of: caller)
        try await change(caller.principal.account) { () throws(KMSError) in try await store.deleteGroup(group.id) }
    }

    /// Puts a user into a group; who is in it stays. The right is asked for the group, whose policies the user comes under.
    ///
    /// - Throws: `.groupNotFound`, `.identityNotFound`, `.rootIdentity`, `.tooMany`.
    package func addMember(
        _ user: String, toGroup name: String, as caller: Caller
    ) async throws(KMSError) {
        try caller.require(on: AccessResource(.group, .text(name)))
        let group = try await group(name, of: caller)
        let identity = try await identity(user, of: caller)
        guard !identity.isRoot else { throw KMSError(.rootIdentity, "the root identity cannot be in a group") }
        try await change(caller.principal.account) { () throws(KMSError) in
            try await store.addMembers([identity.id], to: group.id, limit: Self.mostGroupsPerUser)
        }
    }

    /// Takes a user out of a group; who is not in it does not matter.
    ///
    /// - Throws: `.groupNotFound`, `.identityNotFound`.
    package func removeMember(
        _ user: String, fromGroup name: String, as caller: Caller
    ) async throws(KMSError) {
        try caller.require(on: AccessResource(.group, .text(name)))
        let group = try await group(name, of: caller)
        let identity = try await identity(user, of: caller)
        try await change(caller.principal.account) { () throws(KMSError) in
            try await store.removeMembers([identity.id], from: group.id)
        }
    }
}
