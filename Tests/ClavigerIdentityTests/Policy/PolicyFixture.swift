import ClavigerCore
import ClavigerCrypto
import ClavigerIdentity

/// An account with three identities and some resources, for tests of policies.
enum PolicyFixture {
    static let account = Account(
        id: AccountID(100_000_000_001), appID: 1_250_000_001, domainName: "acme",
        domainID: "00112233445566778899aabbccddeeff", createdAt: Timestamp(seconds: 0))

    static let root = IdentityNumber(100_000_000_001)
    static let alice = principal("alice", 100_000_000_002, "a")
    static let bob = principal("bob", 100_000_000_003, "b")

    static let south = Realm.builtIn[0]
    static let east = Realm.builtIn[1]
    static let reader = PolicyReader(realms: Realm.builtIn)

    static let alicesKeyID = keyID("0af10000-0000-4000-8000-00000000000a")
    static let bobsKeyID = keyID("0b5e0000-0000-4000-8000-00000000000b")
    static let rootsKeyID = keyID("c0de0000-0000-4000-8000-00000000000c")
    static let missingKeyID = keyID("0af10000-0000-4000-8000-0000000000ff")

    static let alicesKey = key(alicesKeyID, madeBy: alice.number)
    static let bobsKey = key(bobsKeyID, madeBy: bob.number)
    static let rootsKey = key(rootsKeyID, madeBy: root)

    static func key(
        _ id: KeyID, madeBy creator: IdentityNumber, tags: [KeyTag] = [], policy: Policy? = nil
    ) -> AccessResource {
        AccessResource(.key, .key(id), creator: creator, tags: tags, policy: policy)
    }

    static func named(_ kind: AccessResource.Kind, _ name: String) -> AccessResource {
        AccessResource(kind, .text(name))
    }

    static func facts(
        source: String = "192.0.2.7:4711", now: Int64 = 1_800_000_000, context: String? = nil, tags: [KeyTag] = []
    ) throws -> AccessFacts {
        var facts = AccessFacts(source: source, now: Timestamp(seconds: now))
        if let context { facts.encryptionContext = try EncryptionContext(json: Array(context.utf8)) }
        facts.requestTags = tags
        return facts
    }

    static func policy(
        _ text: String, named name: String = "policy", for kind: PolicyKind = .identity
    ) throws -> Policy {
        let language = PolicyReader.language(of: text) ?? .tencent
        let document = PolicyDocument(language: language, text: text)
        return try reader.read(document, named: name, for: kind, account: account)
    }

    static func decide(
        _ policies: [Policy], _ permission: Permission, _ resource: AccessResource, in realm: Realm = south,
        for principal: Principal = alice, facts: AccessFacts? = nil
    ) throws -> AccessDecision {
        let facts = try facts ?? self.facts()
        return Rights(policies).decide(permission, on: resource, in: realm, for: principal, facts: facts)
    }

    private static func principal(_ name: String, _ number: Int64, _ digit: Character) -> Principal {
        Principal(
            account: account.id, identity: String(repeating: digit, count: 32), number: IdentityNumber(number),
            name: name, isRoot: false, accessKeyID: "AKID")
    }

    private static func keyID(_ text: String) -> KeyID {
        do {
            return try KeyID(text: text.utf8)
        } catch {
            fatalError("\(text) is no key id")  // the ids above are written by hand
        }
    }
}
