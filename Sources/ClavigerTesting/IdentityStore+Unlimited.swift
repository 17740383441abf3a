package import ClavigerCore

/// What tests store without a limit.
extension IdentityStore {
    package func insert(_ identity: Identity) async throws(KMSError) { try await insert(identity, limit: .max) }
    package func insert(_ group: Group) async throws(KMSError) { try await insert(group, limit: .max) }
    package func insert(_ policy: StoredPolicy) async throws(KMSError) { try await insert(policy, limit: .max) }

    package func addMembers(_ identities: [String], to group: String) async throws(KMSError) {
        try await addMembers(identities, to: group, limit: .max)
    }

    package func attach(policy id: String, to holder: PolicyHolder) async throws(KMSError) {
        try await attach(policy: id, to: holder, limit: .max)
    }
}
