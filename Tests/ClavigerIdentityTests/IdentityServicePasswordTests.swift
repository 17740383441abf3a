import ClavigerCore
import ClavigerCrypto
import ClavigerIdentity
import ClavigerTesting
import Dispatch
import Testing

@Suite struct IdentityServicePasswordTests {
    static let (old, new) = ("the old password", "the new password")

    private func set(
        _ fixture: IdentityFixture, _ caller: Caller, _ new: String = new, old: String?, of name: String = "alice"
    ) async -> KMSError.Code? {
        await failure {
            try await fixture.service.setPassword(
                KeyMaterial(new.utf8), old: old.map { KeyMaterial($0.utf8) }, ofUser: name, as: caller)
        }
    }

    @Test func `With the old password everybody changes his own`() async throws {
        let fixture = try await IdentityFixture()
        let alice = try await fixture.user("alice", password: Self.old)
        let caller = try await fixture.caller(alice, .setPassword)
        #expect(await set(fixture, caller, old: nil) == .accessDenied)
        #expect(await set(fixture, caller, old: Self.new) == .wrongPassword)
        #expect(await set(fixture, caller, "short", old: Self.old) == .invalidParameterValue)
        #expect(await set(fixture, caller, old: Self.old) == nil)
        #expect(await failure { try await fixture.session("alice", Self.old) } == .wrongPassword)
        #expect(try await fixture.session("alice", Self.new).identity.name == "alice")
    }

    @Test func `An old password is no way to somebody else's`() async throws {
        let fixture = try await IdentityFixture()
        _ = try await fixture.user("alice", password: Self.old)
        let bob = try await fixture.caller(try await fixture.user("bob"), .setPassword)
        #expect(await set(fixture, bob, old: Self.old) == .invalidParameter)
        #expect(await set(fixture, bob, old: nil) == .accessDenied)
    }

    @Test func `Guessing one's old password locks the change of it, and not the door`() async throws {
        let fixture = try await IdentityFixture()
        let alice = try await fixture.user("alice", password: Self.old)
        let caller = try await fixture.caller(alice, .setPassword)
        for _ in 0..<5 { #expect(await set(fixture, caller, old: "a guess") == .wrongPassword) }
        #expect(await set(fixture, caller, old: Self.old) == .wrongPassword)
        #expect(try await fixture.session("alice", Self.old).identity.name == "alice")
        // Signing in forgives nothing here either.
        #expect(await set(fixture, caller, old: Self.old) == .wrongPassword)
        fixture.clock.advance(by: .seconds(900))
        #expect(await set(fixture, caller, old: Self.old) == nil)
    }

    @Test func `Strangers who guess at the door keep nobody from changing his password`() async throws {
        let fixture = try await IdentityFixture()
        let alice = try await fixture.user("alice", password: Self.old)
        let caller = try await fixture.caller(alice, .setPassword)
        for _ in 0..<5 { #expect(await failure { try await fixture.session("alice", "a guess") } == .wrongPassword) }
        #expect(await set(fixture, caller, old: Self.old) == nil)
        #expect(await failure { try await fixture.session("alice", Self.new) } == .wrongPassword)
    }

    @Test func `New passwords are digested where nobody who signs in waits`() async throws {
        let signIn = WorkerPool(workers: 1)
        let fixture = try await IdentityFixture(signIn: signIn)
        signIn.close(within: .seconds(5))
        _ = try await fixture.user("alice", password: Self.old)
        #expect(await set(fixture, fixture.root(.setPassword), old: nil) == nil)
        #expect(await failure { try await fixture.session("alice", Self.new) } == .throttled)
    }

    @Test func `The root identity changes its own, and that of every user`() async throws {
        let fixture = try await IdentityFixture()
        _ = try await fixture.user("alice")
        #expect(await set(fixture, fixture.root(.setPassword), old: nil) == nil)
        #expect(await set(fixture, fixture.root(.setPassword), old: nil, of: "operator") == nil)
        #expect(try await fixture.session("alice", Self.new).identity.name == "alice")
        #expect(try await fixture.session("operator", Self.new).identity.isRoot)
    }

    @Test func `A password that was taken away opens nothing`() async throws {
        let fixture = try await IdentityFixture()
        _ = try await fixture.user("alice", password: Self.old)
        try await fixture.service.removePassword(ofUser: "alice", as: fixture.root(.setPassword))
        #expect(await failure { try await fixture.session("alice", Self.old) } == .wrongPassword)
    }

    // MARK: opening sessions

    @Test func `Whatever is wrong at the door, the answer is the same`() async throws {
        let fixture = try await IdentityFixture()
        let customer = try await fixture.otherAccount()
        _ = try await fixture.user("alice", password: Self.old)
        _ = try await fixture.user("keyless")
        _ = try await fixture.user("disabled", password: Self.old)
        _ = try await fixture.service.updateUser("disabled", isEnabled: false, as: fixture.root(.updateUser))
        _ = try await fixture.service.setEnabled(false, account: "customer", as: fixture.root(.updateAccount))
        let attempts: [(String?, String, String)] = [
            (nil, "alice", "wrong password"), (nil, "nobody", Self.old), (nil, "keyless", Self.old),
            (nil, "disabled", Self.old), ("nowhere", "alice", Self.old), ("99", "alice", Self.old),
            ("customer", "customer", customer.password.text), ("", "", ""), (nil, "alice", ""),
            (nil, String(repeating: "x", count: 10_000), Self.old),
        ]
        var messages: Set<String> = []
        for (account, user, password) in attempts {
            let error = await #expect(throws: KMSError.self) {
                try await fixture.service.openSession(
                    account: account, user: user, password: KeyMaterial(password.utf8))
            }
            #expect(error?.code == .wrongPassword)
            messages.insert(error?.message ?? "")
        }
        #expect(messages.count == 1)
        #expect(fixture.naps.all.count == attempts.count)
    }

    @Test func `Attempts count once, however the account is named`() async throws {
        let fixture = try await IdentityFixture()
        _ = try await fixture.user("alice", password: Self.old)
        let number = fixture.first.account.id.description
        for account in [nil, "operator", number, "0" + number, nil] {
            #expect(
                await failure {
                    try await fixture.service.openSession(
                        account: account, user: "alice", password: KeyMaterial("wrong".utf8))
                } == .wrongPassword)
        }
        #expect(await failure { try await fixture.session("alice", Self.old) } == .wrongPassword)
        fixture.clock.advance(by: .seconds(900))
        #expect(try await fixture.session("alice", Self.old).account.domainName == "operator")
    }

    @Test(
        arguments: [
            ["99", "099", "0099", "00000000000000000000000099", "99", "099"], Array(repeating: "nowhere", count: 6),
            ["-5", "-5", "-5", "-5", "-5", "-05"],
        ])
    func `Attempts at an account that does not exist are counted as those at one that does`(
        spellings: [String]
    ) async throws {
        let fixture = try await IdentityFixture()
        for account in spellings {
            #expect(
                await failure {
                    try await fixture.service.openSession(
                        account: account, user: "alice", password: KeyMaterial("wrong".utf8))
                } == .wrongPassword)
        }
        // What is no number in digits is a name, and every name is counted by itself.
        let last: Int64 = Set(spellings).count == 2 ? 250 : 4000
        #expect(naps(fixture) == [250, 500, 1000, 2000, 4000, last])
    }

    @Test func `An account whose name looks like a number is found by it`() async throws {
        let fixture = try await IdentityFixture()
        let made = try await fixture.otherAccount("-55")
        let opened = try await fixture.service.openSession(account: "-55", user: "-55", password: made.password)
        #expect(opened.account.id == made.account.id)
    }

    private func naps(_ fixture: IdentityFixture) -> [Int64] {
        fixture.naps.all.map { $0.components.seconds * 1000 + $0.components.attoseconds / 1_000_000_000_000_000 }
    }
}
