package import ClavigerCore
import ClavigerCrypto

extension IdentityService {
    /// A page of the account's policies, by name.
    package func policies(
        after name: String?, limit: Int, as caller: Caller
    ) async throws(KMSError) -> Page<StoredPolicy> {
        try caller.require(on: .all(.policy))
        let policies = try await store.policies(of: caller.principal.account, after: name, limit: limit + 1)
        return Page(policies, limit: limit, name: \.name)
    }

    /// - Throws: `.policyNotFound`.
    package func policy(_ name: String, as caller: Caller) async throws(KMSError) -> PolicyDetails {
        try caller.require(on: AccessResource(.policy, .text(name)))
        let policy = try await policy(name, of: caller)
        let holders = try await store.holders(ofPolicy: policy.id)
        return PolicyDetails(policy: policy, users: holders.users, groups: holders.groups)
    }

    /// Stores a policy, which is attached to nobody yet.
    ///
    /// - Parameter language: `nil` for the one that the document's version says.
    /// - Throws: `.invalidName`, `.invalidParameterValue` for the description, `.invalidPolicy`, `.nameExists`, `.tooMany`.
    package func createPolicy(
        named name: String, description: String = "", document: String, language: PolicyLanguage? = nil,
        as caller: Caller
    ) async throws(KMSError) -> StoredPolicy {
        try caller.require(on: AccessResource(.policy, .text(name)))
        try NameRule.policy.check(name)
        try checkDescription(description)
        let read = try await read(document, language, named: name, for: .identity, as: caller.principal)
        let now = clock.now
        let policy = StoredPolicy(
            id: makeID(), account: caller.principal.account, name: name, description: description,
            document: read.document, createdAt: now, updatedAt: now)
        try await store.insert(policy, limit: Self.mostPolicies)
        return policy
    }

    /// Changes what is given; all to whom the policy is attached come under the new document at once.
    ///
    /// - Throws: `.policyNotFound`, `.invalidParameterValue` for the description, `.invalidPolicy`.
    package func updatePolicy(
        _ name: String, description: String? = nil, document: String? = nil, language: PolicyLanguage? = nil,
        as caller: Caller
    ) async throws(KMSError) -> StoredPolicy {
        try caller.require(on: AccessResource(.policy, .text(name)))
        if let description { try checkDescription(description) }
        let policy = try await policy(name, of: caller)
        let new: PolicyDocument? =
            if let document {
                try await read(document, language, named: name, for: .identity, as: caller.principal).document
            } else { nil }
        return try await change(caller.principal.account) { [now = clock.now] () throws(KMSError) in
            try await store.changePolicy(policy.id) { policy in
                if let description { policy.description = description }
                if let new { policy.document = new }
                policy.updatedAt = now
            }
        }
    }

    /// - Throws: `.policyNotFound`, `.policyInUse`.
    package func deletePolicy(_ name: String, as caller: Caller) async throws(KMSError) {
        try caller.require(on: AccessResource(.policy, .text(name)))
        let policy = try await policy(name, of: caller)
        try await change(caller.principal.account) { () throws(KMSError) in try await store.deletePolicy(policy.id) }
    }

    /// What the document is, if it has no fault; everybody may ask.
    ///
    /// - Throws: `.invalidPolicy`.
    package func checkPolicy(
        _ document: String, language: PolicyLanguage? = nil, kind: PolicyKind = .identity, as principal: Principal
    ) async throws(KMSError) -> PolicyCheck {
        let read = try await read(document, language, named: "policy", for: kind, as: principal)
        return PolicyCheck(language: read.document.language, statements: read.policy.statements.count)
    }

    /// The document as a key can have it for its own policy. The right to give it to the key is asked elsewhere, with the key.
    ///
    /// - Throws: `.invalidPolicy`.
    package func keyPolicy(
        _ document: String, language: PolicyLanguage? = nil, as principal: Principal
    ) async throws(KMSError) -> PolicyDocument {
        try await read(document, language, named: Policy.nameOfKeyPolicies, for: .key, as: principal).document
    }

    private func read(
        _ text: String, _ language: PolicyLanguage?, named name: String, for kind: PolicyKind, as principal: Principal
    ) async throws(KMSError) -> (document: PolicyDocument, policy: Policy) {
        let account = try await account(of: principal)
        let known: PolicyLanguage
        if let language { known = language } else { known = try self.language(of: text) }
        let document = PolicyDocument(language: known, text: text)
        return (document, try policies.read(document, named: name, for: kind, account: account))
    }

    private func language(of text: String) throws(KMSError) -> PolicyLanguage {
        if let language = PolicyReader.language(of: text) { return language }
        let isTooLong = text.utf8.count > PolicyReader.mostBytes
        // What is no JSON at all is none in every language; reading it tells where.
        guard !isTooLong, (try? JSONParser.parse(Array(text.utf8))) != nil else { return .tencent }
        throw KMSError(
            .invalidPolicy,
            "the document is in no known language: it has \"version\": \"2.0\", \"Version\": \"1\" or "
                + "\"Version\": \"1.1\"")
    }
}
