import ClavigerCore
import ClavigerCrypto

/// A call that policies are asked about, in plain values.
struct PolicyCall: Sendable {
    enum Target: Sendable {
        case all
        case key(KeyID, creator: Int64)
        case missingKey(KeyID)
        case named(String)
    }

    let permission: Permission
    let kind: AccessResource.Kind
    let target: Target
    let tags: [KeyTag]
    let realm: Realm
    let principal: Principal
    let source: String
    let now: Int64
    let context: [(name: String, value: JSONTree)]
    let requestTags: [KeyTag]

    /// The same call where it needs another right.
    func needing(_ permission: Permission) -> PolicyCall {
        PolicyCall(
            permission: permission, kind: kind, target: target, tags: tags, realm: realm, principal: principal,
            source: source, now: now, context: context, requestTags: requestTags)
    }

    func resource(policy: Policy?) -> AccessResource {
        switch target {
        case .all: .all(kind)
        case .key(let id, let creator):
            PolicyFixture.key(id, madeBy: IdentityNumber(creator), tags: tags, policy: policy)
        case .missingKey(let id): .unknownKey(id)
        case .named(let name): AccessResource(kind, .text(name), tags: tags)
        }
    }

    func facts() throws -> AccessFacts {
        var random = SeededGenerator(seed: 1)
        return try PolicyFixture.facts(
            source: source, now: now, context: JSONTree.object(context).written(&random), tags: requestTags)
    }
}
