import ArgumentParser
import Testing

@testable import claviger

@Suite struct SecretDeleteTests {
    @Test(arguments: [[], ["--days", "7"], ["--days", "30"], ["--now", "--yes"]])
    func `A secret is deleted after days, or at once if that is confirmed`(arguments: [String]) throws {
        #expect(throws: Never.self) { try SecretDelete.parse(["db/password"] + arguments) }
    }

    @Test(arguments: [
        ["--now"], ["--yes"], ["--days", "6"], ["--days", "31"], ["--days", "7", "--now", "--yes"],
        ["--days", "7", "--yes"],
    ])
    func `Anything else is refused before the server is asked`(arguments: [String]) {
        #expect(throws: (any Error).self) { try SecretDelete.parse(["db/password"] + arguments) }
    }
}
