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
        #expect(try Self.refusal(code).hint != nil)
    }

    @Test(arguments: [
        "InvalidAccessKeyId.NotFound", "Forbidden.AccessKey", "SignatureDoesNotMatch", "InvalidTimeStamp.Expired",
        "InvalidSecurityToken.Malformed", "InvalidSecurityToken.Expired", "Forbidden.NoPermission",
        "Rejected.Throttling", "ServiceUnavailableTemporary", "InvalidAction.NotFound", "Forbidden.ResourceNotFound",
        "Rejected.ResourceExist", "Rejected.ResourceInDeleteWindow", "Forbidden.KeyNotFound",
        "Forbidden.AliasNotFound",
        "Rejected.UnsupportedOperation", "Rejected.Disabled", "Rejected.PendingDeletion", "Rejected.PendingImport",
    ])
    func `So has a refusal of the service that keeps secrets`(code: String) throws {
        #expect(try Self.refusal(code).hint != nil)
    }

    private static func refusal(_ code: String) throws -> CommandFailure {
        var values = ProfileValues(source: "the file")
        values.url = "http://127.0.0.1:7700"
        values.accessID = "AKID1"
        values.secret = KeyMaterial("s".utf8)
        return .refused(
            code: code, message: "no", requestID: nil, by: try Profile([values], missingFile: nil))
    }

    @Test func `What a server sends cannot control the terminal`() {
        #expect(CommandFailure("a\u{1B}]0;b\u{7}\nc").description == "error: a\\u{1b}]0;b\\u{7}\\nc")
    }
}
