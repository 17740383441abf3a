import ClavigerCore
import ClavigerCrypto
import ClavigerIdentity
import ClavigerTesting
import Testing

@Suite struct IdentityServiceAccountTests {
    @Test func `An account that was made has a root identity that can sign and log in`() async throws {
        let fixture = try await IdentityFixture()
        let made = try await fixture.service.createAccount(
            named: "customer", number: AccountID(4711), as: fixture.root(.createAccount))
        #expect(made.account.id == AccountID(4711))
        let credential = try await fixture.directory.load(made.accessKey.id)
        #expect(credential.secret == made.secret && credential.rights.isRoot)
        #expect(credential.principal.account == AccountID(4711))
        for name in ["customer", "4711"] {
            let session = try await fixture.service.openSession(
                account: name, user: "customer", password: made.password)
            #expect(session.account.id == AccountID(4711))
        }
        #expect(fixture.accounts[AccountID(4711)]?.domainName == "customer")
    }

    @Test func `Neither a name nor a number is given twice`() async throws {
        let fixture = try await IdentityFixture()
        let root = fixture.root(.createAccount)
        let made = try await fixture.otherAccount()
        #expect(await failure { try await fixture.service.createAccount(named: "customer", as: root) } == .nameExists)
        #expect(
            await failure { try await fixture.service.createAccount(named: "third", number: made.account.id, as: root) }
                == .nameExists)
        #expect(await failure { try await fixture.service.createAccount(named: "42", as: root) } == .invalidName)
    }

    @Test func `Accounts are listed by name and found by name and number`() async throws {
        let fixture = try await IdentityFixture()
        let made = try await fixture.otherAccount()
        let (service, root) = (fixture.service, fixture.root(.listAccounts))
        let first = try await service.accounts(after: nil, limit: 1, as: root)
        #expect(first.items.map(\.domainName) == ["customer"] && first.next == "customer")
        let second = try await service.accounts(after: "customer", limit: 1, as: root)
        #expect(second.items.map(\.domainName) == ["operator"] && second.next == nil)
        #expect(try await service.account("customer", as: root).id == made.account.id)
        #expect(try await service.account(made.account.id.description, as: root).id == made.account.id)
        for name in ["nobody", "1", ""] {
            #expect(await failure { try await service.account(name, as: root) } == .accountNotFound)
        }
    }

    @Test func `An account can be disabled and enabled, but not the operator's`() async throws {
        let fixture = try await IdentityFixture()
        let made = try await fixture.otherAccount()
        let (service, root) = (fixture.service, fixture.root(.updateAccount))
        #expect(try await !service.setEnabled(false, account: "customer", as: root).isEnabled)
        #expect(await failure { try await fixture.directory.load(made.accessKey.id) } == .accessKeyDisabled)
        #expect(fixture.accounts[made.account.id]?.isEnabled == false)
        #expect(
            await failure {
                try await service.openSession(account: "customer", user: "customer", password: made.password)
            } == .wrongPassword)
        #expect(try await service.setEnabled(true, account: "customer", as: root).isEnabled)
        #expect(try await fixture.directory.load(made.accessKey.id).principal.name == "customer")
        let own = fixture.first.account.id.description
        for name in ["operator", own] {
            #expect(
                await failure { try await service.setEnabled(false, account: name, as: root) }
                    == .unsupportedOperation)
        }
        #expect(await failure { try await service.setEnabled(true, account: "x", as: root) } == .accountNotFound)
    }

    @Test func `The operator's account is the first that was made, whatever the clock said afterwards`() async throws {
        let fixture = try await IdentityFixture()
        fixture.clock.advance(by: .seconds(-1_000_000))
        let customer = try await fixture.otherAccount()
        #expect(customer.account.createdAt < fixture.first.account.createdAt)
        #expect(try await fixture.service.isOperator(fixture.first.account.id))
        #expect(try await !fixture.service.isOperator(customer.account.id))
    }

    @Test func `Everybody learns who he is`() async throws {
        let fixture = try await IdentityFixture()
        let alice = try await fixture.user("alice")
        let principal = try await fixture.caller(alice, .getUser).principal
        let who = try await fixture.service.whoAmI(principal)
        #expect(who.account == fixture.first.account && who.identity.name == "alice")
        try await fixture.service.deleteUser("alice", as: fixture.root(.deleteUser))
        #expect(await failure { try await fixture.service.whoAmI(principal) } == .identityNotFound)
    }

    // MARK: projects

    @Test(
        arguments: [
            ("cn-east-3_team", "east"), ("cn-east-3_a-b_C9", "ap-shanghai"), ("cn-south-1", "gz"),
            ("ae-ad-1_x", "cn-hangzhou"), ("cn-north-4_y", "cn-north-4"),
        ])
    func `A project is made in the region of any name`(name: String, region: String) async throws {
        let fixture = try await IdentityFixture()
        let made = try await fixture.service.createProject(
            named: name, region: region, as: fixture.root(.createProject))
        let own = try await fixture.service.ownAccount(as: fixture.root(.getAccount))
        #expect(own.projects.contains(made) && own.projects.count == 5)
        #expect(own.projects.map(\.name) == own.projects.map(\.name).sorted())
        try await fixture.service.deleteProject(made.id, as: fixture.root(.deleteProject))
        let left = try await fixture.service.projects(after: nil, limit: 9, as: fixture.root(.listProjects))
        #expect(left.items.count == 4)
    }

    @Test(
        arguments: [
            ("cn-east-3", "east", KMSError.Code.nameExists), ("cn-east-3_", "east", .invalidName),
            ("cn-east-3x", "east", .invalidName), ("cn-east-3_a b", "east", .invalidName), ("", "east", .invalidName),
            ("cn-north-4_x", "east", .invalidName), ("cn-east-3_x", "mars", .unknownRealm),
            ("cn-east-3_" + String(repeating: "x", count: 55), "east", .invalidName),
        ])
    func `A project that cannot be is refused`(name: String, region: String, code: KMSError.Code) async throws {
        let fixture = try await IdentityFixture()
        #expect(
            await failure {
                try await fixture.service.createProject(named: name, region: region, as: fixture.root(.createProject))
            } == code)
    }

    @Test func `The project of another account is unknown`() async throws {
        let fixture = try await IdentityFixture()
        let other = try await fixture.otherAccount()
        for id in [other.projects[0].id, "none"] {
            #expect(
                await failure { try await fixture.service.deleteProject(id, as: fixture.root(.deleteProject)) }
                    == .projectNotFound)
        }
    }
}
