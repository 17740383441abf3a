import ClavigerBackendSoftware
import ClavigerCore
import ClavigerCrypto
import ClavigerIdentity
import ClavigerTesting
import Testing

@Suite struct AccountFoundationTests {
    private let backend = SoftwareBackend.unsealed()

    private func make(
        _ name: String = "acme", _ number: AccountID? = nil, _ realms: [Realm] = Realm.builtIn
    ) throws -> AccountFoundation {
        try AccountFoundation(
            name: name, number: number, realms: realms, backend: backend, random: IdentityFixture.random,
            now: SampleKey.moment)
    }

    @Test func `An account begins with a root identity that has its name and number`() throws {
        let made = try make("acme", AccountID(4711))
        #expect(made.account.id == AccountID(4711))
        #expect(made.account.domainName == "acme")
        #expect(made.account.isEnabled)
        #expect(made.root.isRoot)
        #expect(made.root.name == "acme")
        #expect(made.root.number == IdentityNumber(4711))
        #expect(made.root.account == made.account.id)
        #expect(Hex.decode(made.account.domainID.utf8)?.count == 16)
        #expect((1_000_000_000..<2_000_000_000).contains(made.account.appID))
    }

    @Test func `A number that nobody chose has twelve digits`() throws {
        #expect((100_000_000_000..<1_000_000_000_000).contains(try make().account.id.number))
    }

    @Test func `There is a project per realm with the realm's first Huawei name`() throws {
        let nameless = Realm(id: RealmID("lab"), edition: .standard, tencent: [], alibaba: [], huawei: [])
        let made = try make("acme", nil, Realm.builtIn + [nameless])
        #expect(made.projects.map(\.name) == ["ae-ad-1", "cn-east-3", "cn-north-4", "cn-south-4", "lab"])
        #expect(made.projects.map(\.realm.name) == ["south", "east", "north", "guomi", "lab"])
        #expect(Set(made.projects.map(\.id)).count == 5)
    }

    @Test func `The secrets are those of the access key and the password`() throws {
        let made = try make()
        let row = AccessKey.wrappingIdentity(account: made.account.id, id: made.accessKey.id)
        #expect(try backend.unwrap(made.accessKey.wrappedSecret, identity: row) == made.secret)
        #expect(made.accessKey.id.hasPrefix("AKID") && made.accessKey.id.count == 36)
        #expect(made.secret.count == 32 && made.password.count == 24)
        let kept = try #require(made.root.password)
        let derived = try PassphraseKey.derive(from: made.password, salt: kept.salt, cost: .password)
        #expect(derived == KeyMaterial(kept.digest))
    }

    @Test(arguments: ["ab", "12345", "a b c", "acme+"])
    func `Other names than those of accounts are refused`(name: String) {
        let error = #expect(throws: KMSError.self) { try make(name) }
        #expect(error?.code == .invalidName)
    }

    @Test(arguments: [0, -1, 1_000_000_000_000_000])
    func `Numbers out of range are refused`(number: Int64) {
        let error = #expect(throws: KMSError.self) { try make("acme", AccountID(number)) }
        #expect(error?.code == .invalidParameterValue)
    }
}
