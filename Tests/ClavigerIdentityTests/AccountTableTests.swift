import ClavigerCore
import ClavigerIdentity
import ClavigerTesting
import Testing

@Suite struct AccountTableTests {
    private func account(_ number: Int64, _ name: String, domain: String, isEnabled: Bool = true) -> Account {
        Account(
            id: AccountID(number), appID: number, domainName: name, domainID: domain, isEnabled: isEnabled,
            createdAt: SampleKey.moment)
    }

    @Test func `An account is found by its number, its name and the id of its domain`() {
        let table = AccountTable()
        table.note(account(1, "Kate", domain: "aa"))
        table.note(account(2, "acme", domain: "bb"))
        #expect(table.count == 2)
        #expect(table[AccountID(2)]?.domainName == "acme")
        #expect(table.account(named: "Kate")?.id == AccountID(1))
        #expect(table.account(domainID: "bb")?.id == AccountID(2))
    }

    /// U+212A is equal to the letter K for Swift, and no name of anybody.
    @Test(arguments: ["", "kate", "Kat", "Kate ", "1", "aa", "\u{212A}ate"])
    func `What is not its name to the byte does not find it`(name: String) {
        let table = AccountTable()
        table.note(account(1, "Kate", domain: "aa"))
        #expect(table.account(named: name) == nil)
    }

    @Test(arguments: ["", "AA", "a", "Kate", "1", "\u{212A}a"])
    func `What is not the id of its domain to the byte does not find it`(id: String) {
        let table = AccountTable()
        table.note(account(1, "Kate", domain: "aa"))
        table.note(account(2, "acme", domain: "Ka"))
        #expect(table.account(domainID: id) == nil)
    }

    @Test func `A change of an account is found by all its names`() {
        let table = AccountTable()
        table.note(account(1, "acme", domain: "aa"))
        table.note(account(1, "acme", domain: "aa", isEnabled: false))
        #expect(table.count == 1)
        #expect(table.account(named: "acme")?.isEnabled == false)
        #expect(table.account(domainID: "aa")?.isEnabled == false)
    }

    @Test func `The accounts of a store are taken in`() async throws {
        let fixture = try await IdentityFixture()
        let other = try await fixture.otherAccount()
        let table = AccountTable()
        try await table.load(from: fixture.store)
        #expect(table.count == 2)
        #expect(table.account(named: "customer") == other.account)
        #expect(table.account(domainID: fixture.first.account.domainID) == fixture.first.account)
    }
}
