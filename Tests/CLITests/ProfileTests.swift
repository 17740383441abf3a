import ClavigerCrypto
import Testing

@testable import claviger

@Suite struct ProfileTests {
    private static func file(_ text: String) throws -> ProfileValues {
        try ProfileValues(file: "file", contents: KeyMaterial(text.utf8))
    }

    private static func flags(url: String? = nil, accessID: String? = nil) -> ProfileValues {
        var values = ProfileValues(source: "the flags")
        values.url = url
        values.accessID = accessID
        return values
    }

    @Test(arguments: [
        "CLAVIGER_ACCESS_KEY=s3cr#t", "  export CLAVIGER_ACCESS_KEY=s3cr#t  ", "CLAVIGER_ACCESS_KEY=\"s3cr#t\"",
        "CLAVIGER_ACCESS_KEY='s3cr#t' # mine", "CLAVIGER_ACCESS_KEY=s3\\cr\\#t\r",
        "# x\n\nOTHER=1\nCLAVIGER_ACCESS_KEY=s3cr#t",
    ])
    func `A file is read as a shell reads it`(text: String) throws {
        #expect(try Self.file(text).secret == KeyMaterial("s3cr#t".utf8))
    }

    @Test(arguments: ["nonsense s3cret", "=s3cret", "CLAVIGER_ACCESS_KEY='s3cret"])
    func `A line that is no assignment is refused without being quoted`(line: String) throws {
        let error = #expect(throws: CommandFailure.self) { try Self.file("A=1\n" + line) }
        #expect(error?.message == "line 2 of file is no NAME=value")
    }

    @Test func `The strongest source wins for each value`() throws {
        let file = try Self.file(
            "CLAVIGER_URL=http://file\nCLAVIGER_ACCESS_ID=a\nCLAVIGER_ACCESS_KEY=s\nCLAVIGER_REGION=r")
        let profile = try Profile([Self.flags(url: "http://flag"), file], missingFile: nil)
        #expect(profile.server.authority == "flag")
        #expect(profile.accessID == "a")
        #expect(profile.region == "r")
        #expect(profile.credentialSource == "file")
    }

    @Test func `A secret is not used for another access key than the one beside it`() throws {
        let file = try Self.file("CLAVIGER_URL=http://file\nCLAVIGER_ACCESS_ID=a\nCLAVIGER_ACCESS_KEY=s")
        let error = #expect(throws: CommandFailure.self) {
            try Profile([Self.flags(accessID: "b"), file], missingFile: nil)
        }
        #expect(error?.message == "no secret found for access key b")
    }

    @Test func `A token is used with the secret beside it alone`() throws {
        let temporary = try Self.file("CLAVIGER_ACCESS_ID=a\nCLAVIGER_ACCESS_KEY=s\nCLAVIGER_TOKEN=t")
        let file = try Self.file("CLAVIGER_URL=http://file\nCLAVIGER_ACCESS_ID=b\nCLAVIGER_ACCESS_KEY=u")
        #expect(try Profile([temporary, file], missingFile: nil).token == "t")
        #expect(try Profile([Self.flags(accessID: "b"), temporary, file], missingFile: nil).token == nil)
    }

    @Test func `Without credentials the failure says where they could be`() throws {
        let error = #expect(throws: CommandFailure.self) {
            try Profile([Self.flags()], missingFile: "/home/u/.claviger/credentials.env")
        }
        #expect(error?.message == "no credentials found: there is no /home/u/.claviger/credentials.env")
        #expect(error?.hint != nil)
    }
}
