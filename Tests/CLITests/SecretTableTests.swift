import ClavigerCrypto
import Testing

@testable import claviger

@Suite struct SecretTableTests {
    private static func value(_ text: String) throws -> JSONValue { try JSONParser.parse(Array(text.utf8)) }

    /// The lines of a table, with one blank between columns.
    private static func lines(_ table: Table) -> [String] {
        table.text.split(separator: "\n").map { line in
            line.split(separator: " ", omittingEmptySubsequences: true).joined(separator: " ")
        }
    }

    private static let kept = #"{"SecretName":"a","SecretType":"Generic","CreateTime":"?"}"#
    private static let leaving =
        #"{"SecretName":"b","SecretType":"Generic","CreateTime":"?","PlannedDeleteTime":"2026-11-21T13:00:00Z","#
        + #""Tags":{"Tag":[{"TagKey":"env","TagValue":"prod"},{"TagKey":"x","TagValue":""}]}}"#

    @Test func `A list tells of deletion if a secret waits for it, and of tags if they are asked for`() throws {
        let (kept, leaving) = (try Self.value(Self.kept), try Self.value(Self.leaving))
        #expect(Self.lines(Table(secrets: [kept], showsTags: false)) == ["SECRET TYPE CREATED", "a Generic ?"])
        #expect(
            Self.lines(Table(secrets: [kept, leaving], showsTags: false)) == [
                "SECRET TYPE CREATED DELETION", "a Generic ?", "b Generic ? \(LocalTime.text(seconds: 1_795_266_000))",
            ])
        #expect(
            Self.lines(Table(secrets: [kept, leaving], showsTags: true)).last?.hasSuffix(" env=prod x=") == true)
    }

    @Test func `A secret's table has what is known of it`() throws {
        let secret = try Self.value(
            #"{"SecretName":"a","Description":"","SecretType":"Generic","PlannedDeleteTime":"","#
                + #""Tags":{"Tag":[{"TagKey":"env","TagValue":"prod"},{"TagKey":"team","TagValue":"shop"}]}}"#)
        #expect(Self.lines(Table(secret: secret)) == ["Secret a", "Type Generic", "Tags env=prod", "team=shop"])
    }

    @Test func `A version has a line with its labels`() throws {
        let version = try Self.value(
            #"{"VersionId":"2","CreateTime":"?","VersionStages":{"VersionStage":["ACSCurrent","Mine"]}}"#)
        #expect(
            Self.lines(Table(secretVersions: [version])) == ["VERSION CREATED LABELS", "2 ? ACSCurrent Mine"])
        #expect(Self.lines(Table(newVersion: version)) == ["Version 2", "Labels ACSCurrent", "Mine"])
    }
}
