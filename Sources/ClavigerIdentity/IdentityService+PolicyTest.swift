package import ClavigerCore
import ClavigerCrypto

extension IdentityService {
    /// Asks the policies of a user, without doing anything.
    ///
    /// A user who is disabled may do nothing. Keys are asked about with their creator, tags and policy, in the realm that the
    /// resource's name tells, else the question's.
    ///
    /// - Throws: `.identityNotFound`, `.invalidParameterValue` for an action or a resource that nobody knows.
    package func testPolicy(
        _ question: PolicyQuestion, as caller: Caller
    ) async throws(KMSError) -> PolicyAnswer {
        try caller.require(on: .all(.policy))
        let identity = try await identity(question.user, of: caller)
        let (language, permissions) = try meaning(of: question)
        let account = try await account(of: caller.principal)
        let realm = try realm(of: question, language)
        let rights = try await credentials.rights(ofIdentity: identity.id) ?? Rights([])
        let principal = Principal(
            account: identity.account, identity: identity.id, number: identity.number, name: identity.name,
            isRoot: identity.isRoot, accessKeyID: "")
        // The first permission is the one that the action is called by; others come with it.
        var allowed: PolicyAnswer?
        for permission in permissions {
            let resource = try await resource(question, permission, language, realm, account)
            let decision = rights.decide(permission, on: resource, in: realm, for: principal, facts: question.facts)
            let answer = PolicyAnswer(permission: permission, decision: decision)
            guard decision.allows else { return answer }
            allowed = allowed ?? answer
        }
        guard let allowed else { throw Self.unknownAction }
        return allowed
    }

    private static let unknownAction = KMSError(.invalidParameterValue, "no policy language has an action of this name")

    /// What the action stands for, in the language of the question or the first that knows it.
    private func meaning(of question: PolicyQuestion) throws(KMSError) -> (PolicyLanguage, [Permission]) {
        for language in question.language.map({ [$0] }) ?? PolicyLanguage.allCases {
            guard let found = language.permissions(named: question.action), !found.isEmpty else { continue }
            let permissions = Permission.allCases.filter(found.contains)
            // A name can cover more than what is called by it: who may encrypt may also encrypt data keys. Calls of the name need the first.
            let word = question.action.split(separator: ":").last?.lowercased()
            return (language, permissions.first { $0.word.lowercased() == word }.map { [$0] } ?? permissions)
        }
        throw Self.unknownAction
    }

    /// The region that the resource's name tells, else that of the question.
    private func realm(of question: PolicyQuestion, _ language: PolicyLanguage) throws(KMSError) -> Realm {
        guard let name = question.resource.flatMap(language.region(inResource:)) else { return question.realm }
        return try realm(named: name)
    }

    private func resource(
        _ question: PolicyQuestion, _ permission: Permission, _ language: PolicyLanguage, _ realm: Realm,
        _ account: Account
    ) async throws(KMSError) -> AccessResource {
        let text = question.resource ?? "*"
        // The resource may be named in another language than the action, unless the question says which.
        let languages = [language] + (question.language == nil ? PolicyLanguage.allCases.filter { $0 != language } : [])
        for language in languages {
            guard let resource = language.resource(text, for: permission, account: account) else { continue }
            guard case .key(let id) = resource.name else { return resource }
            return try await key(id, in: KeyScope(account: account.id, realm: realm.id), account) ?? resource
        }
        throw KMSError(
            .invalidParameterValue, "the resource is no key id, and no name of a resource of this account either")
    }

    private func key(
        _ id: KeyID, in scope: KeyScope, _ account: Account
    ) async throws(KMSError) -> AccessResource? {
        guard let key = try await keys.key(id), key.scope == scope else { return nil }
        let own = key.policy.map {
            policies.readStored($0, named: Policy.nameOfKeyPolicies, for: .key, account: account)
        }
        return .key(key, policy: Policy(of: key, own: own))
    }
}
