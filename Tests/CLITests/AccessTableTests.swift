import ClavigerCrypto
import Testing

@testable import claviger

@Suite struct AccessTableTests {
    private static func value(_ text: String) throws -> JSONValue { try JSONParser.parse(Array(text.utf8)) }

    /// The lines of a table, with one blank between columns.
    private static func lines(_ table: Table) -> [String] {
        table.text.split(separator: "\n").map { line in
            line.split(separator: " ", omittingEmptySubsequences: true).joined(separator: " ")
        }
    }

    @Test func `What belongs to a user has a line each`() throws {
        let user = try Self.value(
            #"{"name":"jane","number":200000000001,"description":"","enabled":false,"isRoot":false,"hasPassword":true,"#
                + #""groups":["a","b"],"policies":[],"accessKeys":[{"id":"AKID1"},{"id":"AKID2"}]}"#)
        #expect(
            Self.lines(Table(user: user)) == [
                "User jane", "Number 200000000001", "Kind user", "State disabled", "Password yes", "Groups a", "b",
                "Access keys AKID1", "AKID2",
            ])
    }

    @Test func `An access key that never signed says so`() throws {
        let key = try Self.value(#"{"id":"AKID1","enabled":true,"createdAt":"?"}"#)
        #expect(Self.lines(Table(accessKeys: [key])) == ["ACCESS ID STATE CREATED LAST USED", "AKID1 enabled ? never"])
    }

    @Test func `Moments are shown in the zone of this machine`() throws {
        let policy = try Self.value(#"{"name":"p","updatedAt":"2026-11-21T13:00:00Z"}"#)
        #expect(Self.lines(Table(policy: policy)) == ["Policy p", "Changed \(LocalTime.text(seconds: 1_795_266_000))"])
    }

    @Test func `Whom credentials belong to is told with what they are`() throws {
        let caller = try Self.value(
            #"{"account":{"id":7,"name":"acme"},"user":{"name":"root","number":7,"isRoot":true},"accessKeyId":"AKID1"}"#
        )
        #expect(
            Self.lines(Table(caller: caller)) == [
                "Account 7 acme", "User root", "Number 7", "Kind root", "Access key AKID1",
            ])
    }

    @Test func `A name cannot control the terminal`() throws {
        let group = try Self.value(#"{"name":"a","description":"\u001b[2J"}"#)
        #expect(Self.lines(Table(group: group)) == ["Group a", "Description \\u{1b}[2J"])
    }
}
