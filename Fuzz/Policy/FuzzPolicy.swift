import ClavigerCore
import ClavigerIdentity

private let account = Account(
    id: AccountID(100_000_000_001), appID: 1, domainName: "fuzz", domainID: "00112233445566778899aabbccddeeff",
    createdAt: Timestamp(seconds: 0))
private let reader = PolicyReader(realms: Realm.builtIn)
private let principal = Principal(
    account: account.id, identity: "fuzz", number: IdentityNumber(100_000_000_002), name: "alice", isRoot: false,
    accessKeyID: "")

/// No text crashes the readers of policies; a refusal tells where and why; what is accepted is read alike from the
/// store and can be asked about every kind of resource.
@_cdecl("LLVMFuzzerTestOneInput")
func fuzzPolicy(_ start: UnsafePointer<UInt8>, _ count: Int) -> CInt {
    let text = String(decoding: UnsafeBufferPointer(start: start, count: count), as: UTF8.self)
    for language in PolicyLanguage.allCases {
        let document = PolicyDocument(language: language, text: text)
        for kind in [PolicyKind.identity, .key] { check(document, kind) }
        _ = language.permissions(named: text)
        _ = language.resource(text, for: .encrypt, account: account)
    }
    return 0
}

private func check(_ document: PolicyDocument, _ kind: PolicyKind) {
    let stored = reader.readStored(document, named: "fuzz", for: kind, account: account)
    let policy: Policy
    do throws(KMSError) {
        policy = try reader.read(document, named: "fuzz", for: kind, account: account)
    } catch {
        precondition(error.code == .invalidPolicy && !error.message.isEmpty)
        return
    }
    precondition(PolicyReader.language(of: document.text) == document.language)
    for kind in AccessResource.Kind.allCases {
        for name in [AccessResource.Name.all, .text("a"), .key(KeyID(7))] {
            let resource = AccessResource(kind, name, creator: IdentityNumber(7), tags: [KeyTag(key: "a", value: "b")])
            precondition(decide([policy], resource) == decide([stored], resource))
        }
    }
}

private func decide(_ policies: [Policy], _ resource: AccessResource) -> AccessDecision {
    let facts = AccessFacts(source: "192.0.2.7:1", now: Timestamp(seconds: 1_800_000_000))
    return Rights(policies).decide(.encrypt, on: resource, in: Realm.builtIn[0], for: principal, facts: facts)
}
