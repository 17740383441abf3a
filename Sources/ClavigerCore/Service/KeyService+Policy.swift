extension KeyService {
    /// The key's own policy; `nil` if it has none.
    package func policy(of id: KeyID, as caller: Caller) async throws(KMSError) -> PolicyDocument? {
        try await describe([id], as: caller)[0].policy
    }

    /// Gives the key a policy of its own, or takes it away with `nil`.
    ///
    /// - Parameter policy: a document that was checked.
    /// - Throws: `.notUserKey` for keys of cloud products.
    package func setPolicy(_ policy: PolicyDocument?, of id: KeyID, as caller: Caller) async throws(KMSError) {
        try await change([id], .putPolicy, as: caller) { key throws(KMSError) in
            try key.setPolicy(policy)
            return []
        }
    }
}
