import ClavigerCore
import ClavigerCrypto
import ClavigerTesting
import NIOHTTP1
import Testing

@testable import ClavigerAPIAdmin

@Suite struct PoliciesTests {
    private static let tencent = AdminSample.policy
    private static let alibaba =
        #"{"Version":"1","Statement":[{"Effect":"Allow","Action":"kms:Encrypt","Resource":"*"}]}"#
    private static let huawei = #"{"Version":"1.1","Statement":[{"Effect":"Allow","Action":["kms:cmk:crypto"]}]}"#

    private let fixture: AdminFixture
    private let root: AdminClient

    init() async throws {
        fixture = try await AdminFixture()
        root = fixture.root
    }

    /// JSON text as a JSON string.
    private func quoted(_ text: String) -> String {
        var json = JSONWriter()
        json.string(text)
        return String(decoding: json.bytes, as: UTF8.self)
    }

    @Test(arguments: [
        (tencent, "tencent"), (alibaba, "alibaba"), (huawei, "huawei"),
        (
            "{ \"version\" : \"2.0\",\n\t\"statement\":[ {\"effect\":\"Allow\",\"action\":[\"kms:*\"],\"resource\":[\"*\"]} ] }",
            "tencent"
        ),
    ])
    func `A document is kept in the words that were sent, as an object or as text`(
        document: String, language: String
    ) async throws {
        for (name, sent) in [("object", document), ("text", quoted(document)), ("spaced", " \(document)\n\t")] {
            let made = try await fixture.call(
                root, .POST, "/policies", #"{"name":"\#(name)","document":\#(sent),"description":"{\"document\":1}"}"#)
            #expect(made["document"]?.text == document)
            #expect(made["language"]?.text == language)
            let shown = try await fixture.call(root, .GET, "/policies/\(name)")
            #expect(shown["document"]?.text == document)
            #expect(shown["description"]?.text == #"{"document":1}"#)
        }
    }

    @Test(arguments: [(tencent, "alibaba"), (alibaba, "tencent"), (huawei, "tencent"), (tencent, "huawei")])
    func `A document must be one of the language that is said`(document: String, language: String) async throws {
        try await fixture.expect(
            .invalidPolicy, 400, root, .POST, "/policies",
            #"{"name":"a","document":\#(document),"language":"\#(language)"}"#)
    }

    @Test func `A mistake is told with its place and what was meant`() async throws {
        let document =
            "{\"version\":\"2.0\",\"statement\":{\n\"effect\":\"allow\",\"action\":\"name/kms>ListKey\",\"resource\":\"*\"}}"
        for (path, body) in [
            ("/policies", #"{"name":"a","document":\#(document)}"#), ("/policies/check", #"{"document":\#(document)}"#),
        ] {
            let response = try await fixture.send(root, .POST, path, body)
            #expect(response.outcome == "invalidPolicy")
            #expect(response.message.contains("line 2"))
            #expect(response.message.contains("name/kms:ListKey"))
        }
        try await fixture.expect(.policyNotFound, 404, root, .GET, "/policies/a")
    }

    @Test func `A document is checked without being stored`() async throws {
        let user = try await fixture.user("alice")
        let checked = try await fixture.call(user, .POST, "/policies/check", #"{"document":\#(Self.huawei)}"#)
        #expect(checked["language"]?.text == "huawei")
        #expect(checked["statements"]?.number == 1)
        try await fixture.call(
            user, .POST, "/policies/check", #"{"document":\#(AdminSample.keyPolicy),"kind":"key"}"#)
        try await fixture.expect(
            .invalidPolicy, 400, user, .POST, "/policies/check", #"{"document":\#(AdminSample.keyPolicy)}"#)
        try await fixture.expect(
            .invalidPolicy, 400, user, .POST, "/policies/check", #"{"document":\#(Self.tencent),"kind":"key"}"#)
    }

    @Test func `A policy is listed without its document, and shown with its holders`() async throws {
        try await AdminSample.prepare(fixture).discard()
        let listed = try await fixture.call(root, .GET, "/policies")
        #expect(listed.items("name") == ["readers", "unused"])
        #expect(listed.items("document") == [])
        let shown = try await fixture.call(root, .GET, "/policies/readers")
        #expect(shown["users"]?.texts == ["alice"])
        #expect(shown["groups"]?.texts == ["staff"])
    }

    @Test func `A policy that is attached stays`() async throws {
        try await AdminSample.prepare(fixture).discard()
        try await fixture.expect(.policyInUse, 409, root, .DELETE, "/policies/readers")
        try await fixture.call(root, .DELETE, "/users/alice/policies/readers")
        try await fixture.expect(.policyInUse, 409, root, .DELETE, "/policies/readers")
        for _ in 0..<2 { try await fixture.call(root, .DELETE, "/groups/staff/policies/readers") }
        try await fixture.call(root, .DELETE, "/policies/readers")
        try await fixture.expect(.policyNotFound, 404, root, .DELETE, "/policies/readers")
    }

    @Test(
        arguments: [
            (.GET, "/policies/none"), (.PATCH, "/policies/none"), (.DELETE, "/policies/none"),
            (.PUT, "/users/alice/policies/none"), (.DELETE, "/users/alice/policies/none"),
            (.PUT, "/groups/staff/policies/none"), (.DELETE, "/groups/staff/policies/none"),
        ] as [(HTTPMethod, String)])
    func `A policy that does not exist is not found`(method: HTTPMethod, path: String) async throws {
        try await AdminSample.prepare(fixture).discard()
        try await fixture.expect(.policyNotFound, 404, root, method, path)
    }

    @Test func `A name is taken once, and one is reserved`() async throws {
        let body = { (name: String) in #"{"name":"\#(name)","document":\#(Self.tencent)}"# }
        try await fixture.call(root, .POST, "/policies", body("a"))
        try await fixture.expect(.nameExists, 409, root, .POST, "/policies", body("a"))
        try await fixture.expect(.invalidName, 400, root, .POST, "/policies", body("key-policy"))
    }

    @Test func `A changed policy changes rights at once`() async throws {
        let user = try await fixture.user(
            "alice", allowing: #"{"effect":"allow","action":"name/claviger:ListUsers","resource":"*"}"#)
        try await fixture.call(user, .GET, "/users")
        fixture.clock.advance(by: .seconds(60))
        let changed = try await fixture.call(
            root, .PATCH, "/policies/of-alice",
            #"{"document":{"version":"2.0","statement":{"effect":"allow","action":"name/claviger:ListGroups","resource":"*"}}}"#
        )
        #expect(changed["updatedAt"]?.text == "2023-11-14T22:14:20Z")
        #expect(changed["createdAt"]?.text == "2023-11-14T22:13:20Z")
        try await fixture.expect(.accessDenied, 403, user, .GET, "/users")
        try await fixture.call(user, .GET, "/groups")
        let described = try await fixture.call(root, .PATCH, "/policies/of-alice", #"{"description":"d"}"#)
        #expect(described["document"] == changed["document"])
        try await fixture.expect(
            .invalidPolicy, 400, root, .PATCH, "/policies/of-alice", #"{"document":{"version":"2.0"}}"#)
        try await fixture.call(user, .GET, "/groups")
    }

    // MARK: questions

    @Test func `A question names the statement that decides`() async throws {
        _ = try await fixture.user(
            "alice",
            allowing: #"""
                {"effect":"allow","action":"name/kms:Encrypt","resource":"*","condition":{"ip_equal":{"qcs:ip":"192.0.2.0/24"}}},
                {"effect":"deny","action":"name/kms:Encrypt","resource":"*","condition":{"string_equal":{"kms:EncryptionContext:stage":"live"}}}
                """#)
        func ask(_ more: String) async throws -> AdminFixture.Response {
            try await fixture.call(
                root, .POST, "/policies/test", #"{"user":"alice","action":"name/kms:Encrypt"\#(more)}"#)
        }
        let allowed = try await ask(#","source":"192.0.2.9""#)
        #expect(allowed["allowed"] == .bool(true))
        #expect(allowed["decision"]?.text == "allowed")
        #expect(allowed["policy"]?.text == "of-alice" && allowed["statement"]?.number == 1)
        #expect(allowed["permission"]?.text == "kms:Encrypt")
        let elsewhere = try await ask(#","source":"198.51.100.9""#)
        #expect(elsewhere["allowed"] == .bool(false))
        #expect(elsewhere["decision"]?.text == "notAllowed")
        #expect(elsewhere["policy"] == nil && elsewhere["statement"] == nil)
        #expect(try await ask("")["allowed"] == .bool(false))
        let denied = try await ask(#","source":"192.0.2.9","context":{"stage":"live"}"#)
        #expect(denied["decision"]?.text == "denied")
        #expect(denied["statement"]?.number == 2)
        let rooted = try await fixture.call(
            root, .POST, "/policies/test", #"{"user":"operator","action":"kms:Decrypt"}"#)
        #expect(rooted["decision"]?.text == "root" && rooted["policy"] == nil)
    }

    @Test func `Nobody learns another's rights without the right to`() async throws {
        let user = try await fixture.user("alice")
        try await fixture.expect(
            .accessDenied, 403, user, .POST, "/policies/test", #"{"user":"alice","action":"name/kms:Encrypt"}"#)
    }

    // MARK: keys

    @Test func `A key's policy is kept in the words that were sent`() async throws {
        let path = "/keys/\(try await fixture.makeKey())/policy"
        try await fixture.expect(.policyNotFound, 404, root, .GET, path)
        let put = try await fixture.call(root, .PUT, path, #"{"document":\#(AdminSample.keyPolicy)}"#)
        #expect(put["document"]?.text == AdminSample.keyPolicy)
        let shown = try await fixture.call(root, .GET, path + "?region=ap-guangzhou")
        #expect(shown["document"]?.text == AdminSample.keyPolicy)
        #expect(shown["language"]?.text == "tencent")
        try await fixture.call(root, .DELETE, path)
        try await fixture.expect(.policyNotFound, 404, root, .GET, path)
    }

    @Test func `A key is found in its own region and account alone`() async throws {
        let path = "/keys/\(try await fixture.makeKey())/policy"
        try await fixture.expect(.keyNotFound, 404, root, .GET, path + "?region=east")
        try await fixture.expect(.unknownRealm, 400, root, .GET, path + "?region=mars")
        try await fixture.expect(.keyNotFound, 404, fixture.otherRoot, .GET, path)
        try await fixture.expect(.malformedKeyID, 400, root, .GET, "/keys/x/policy")
        let body = #"{"document":\#(AdminSample.keyPolicy)}"#
        try await fixture.expect(.keyNotFound, 404, fixture.otherRoot, .PUT, path, body)
        try await fixture.expect(.keyNotFound, 404, root, .PUT, path + "?region=north", body)
        try await fixture.expect(.keyNotFound, 404, fixture.otherRoot, .DELETE, path)
    }

    @Test func `A key's policy needs a principal`() async throws {
        let path = "/keys/\(try await fixture.makeKey())/policy"
        try await fixture.expect(.invalidPolicy, 400, root, .PUT, path, #"{"document":\#(Self.tencent)}"#)
        try await fixture.expect(.policyNotFound, 404, root, .GET, path)
    }

    @Test func `A key's policy lets a user in, whom no other policy lets`() async throws {
        let key = try await fixture.makeKey()
        let user = try await fixture.user("alice")
        try await fixture.expect(.accessDenied, 403, user, .GET, "/keys/\(key)/policy")
        try await fixture.call(
            root, .PUT, "/keys/\(key)/policy",
            #"{"document":{"version":"2.0","statement":{"principal":{"qcs":"*"},"effect":"allow","action":"name/claviger:GetKeyPolicy"}}}"#
        )
        try await fixture.call(user, .GET, "/keys/\(key)/policy")
        let event = try #require(try fixture.events().last)
        #expect(event["policy"]?.text == "key-policy#1")
        #expect(event["resources"]?.texts == [key.description])
        #expect(event["realm"]?.text == "south")
        try await fixture.expect(.accessDenied, 403, user, .DELETE, "/keys/\(key)/policy")
    }
}
