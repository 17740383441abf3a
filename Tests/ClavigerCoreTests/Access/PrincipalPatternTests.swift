import ClavigerCore
import ClavigerTesting
import Testing

@Suite struct PrincipalPatternTests {
    private static let alice = Principal(
        account: AccountID(1), identity: "0123456789abcdef0123456789abcdef", number: IdentityNumber(7), name: "alice",
        isRoot: false, accessKeyID: "AKID")

    /// Whether a statement about these principals is about alice.
    private func covers(_ principals: [PrincipalPattern]?) -> Bool {
        let statement = PolicyStatement(
            label: StatementLabel(policy: "own", number: 1), effect: .allow, permissions: .all,
            principals: principals, resources: .these([.everything]))
        let key = SampleKey.make("a", in: KeyScope(account: AccountID(1), realm: RealmID("south")))
        let decision = Rights([]).decide(
            .encrypt, on: .key(key, policy: Policy(name: "own", statements: [statement])), in: Realm.builtIn[0],
            for: Self.alice, facts: AccessFacts(source: "", now: SampleKey.moment))
        return decision.allows
    }

    @Test(arguments: [
        PrincipalPattern.everybody, .number(IdentityNumber(7)), .name(Glob("al*".utf8, .asterisk)),
        .identity("0123456789abcdef0123456789abcdef"),
    ])
    func `Principals are known by their number, name or id`(pattern: PrincipalPattern) {
        #expect(covers([pattern]))
        #expect(covers([.identity("other"), pattern]))
    }

    @Test(arguments: [
        PrincipalPattern.number(IdentityNumber(8)), .name(Glob("bob".utf8, .asterisk)), .identity(""), .identity("7"),
        .identity("alice"), .identity("*"), .identity("0123456789ABCDEF0123456789ABCDEF"),
        .identity("0123456789abcdef0123456789abcde"), .identity("0123456789abcdef0123456789abcdef0"),
    ])
    func `Another number, name or id is somebody else's`(pattern: PrincipalPattern) {
        #expect(!covers([pattern]))
    }

    @Test func `A statement about nobody is about nobody, one that names none about its holders`() {
        #expect(!covers([]))
        #expect(covers(nil))
    }
}
