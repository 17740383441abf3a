import ClavigerCore
import ClavigerCrypto
import Testing

@testable import claviger

@Suite struct CommandFailureTests {
    @Test func `A refusal shows code, request and hint`() {
        let failure = CommandFailure("no such key", code: "A.B", requestID: "1", hint: "look")
        #expect(failure.description == "error: no such key (A.B, request 1)\nhint: look")
    }

    @Test func `A failure of this program has neither code nor request`() {
        #expect(CommandFailure("no").description == "error: no")
    }

    @Test(arguments: [
        "unknownAccessKey", "signatureMismatch", "requestExpired", "invalidToken", "tokenExpired", "accessDenied",
        "throttled",
        "sealed", "unknownRealm", "keyNotFound", "accountNotFound", "projectNotFound", "identityNotFound",
        "groupNotFound",
        "accessKeyNotFound", "policyNotFound", "nameExists", "invalidName", "invalidPolicy", "policyInUse",
        "tooManyAccessKeys", "lastRootKey", "rootIdentity", "wrongPassword",
    ])
    func `A refusal that a user can do something about has a hint`(code: String) throws {
        #expect(KMSError.Code(rawValue: code) != nil)
        var values = ProfileValues(source: "the file")
        values.url = "http://127.0.0.1:7700"
        values.accessID = "AKID1"
        values.secret = KeyMaterial("s".utf8)
        let profile = try Profile([values], missingFile: nil)
        #expect(CommandFailure.refused(code: code, message: "no", requestID: nil, by: profile).hint != nil)
    }

    @Test func `What a server sends cannot control the terminal`() {
        #expect(CommandFailure("a\u{1B}]0;b\u{7}\nc").description == "error: a\\u{1b}]0;b\\u{7}\\nc")
    }
}
