import ClavigerCrypto
import Testing

@testable import claviger

@Suite struct PolicyTestSentenceTests {
    @Test(arguments: [
        (
            #""allowed":true,"decision":"allowed","policy":"readers","statement":2"#,
            "allowed by statement 2 of policy readers"
        ),
        (
            #""allowed":false,"decision":"denied","policy":"no-keys","statement":1"#,
            "denied by statement 1 of policy no-keys"
        ),
        (#""allowed":false,"decision":"notAllowed""#, "not allowed: no statement allows it"),
        (#""allowed":true,"decision":"root""#, "allowed: the root of the account may do everything in it"),
    ])
    func `A decision is told with the statement that made it`(members: String, sentence: String) throws {
        #expect(PolicyTest.sentence(try JSONParser.parse(Array("{\(members)}".utf8))) == sentence)
    }
}
