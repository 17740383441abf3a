import ClavigerAPI
import ClavigerBackendSoftware
import ClavigerCore
import ClavigerCrypto
import ClavigerIdentity
import ClavigerTesting
import NIOHTTP1
import Testing

@testable import ClavigerAPIAdmin

@Suite struct AuthenticationTests {
    private let fixture: AdminFixture
    private let client: AdminClient

    init() async throws {
        fixture = try await AdminFixture()
        client = fixture.root
    }

    private func expect(
        _ outcome: String, _ draft: AdminClient.Draft, sourceLocation: SourceLocation = #_sourceLocation
    ) async throws {
        let response = try await fixture.send(draft.wire(), sourceLocation: sourceLocation)
        #expect(response.outcome == outcome, "\(response.message)", sourceLocation: sourceLocation)
        let status = KMSError.Code(rawValue: outcome)?.adminStatus ?? 200
        #expect(response.status == status, sourceLocation: sourceLocation)
    }

    // MARK: signatures

    @Test func `A signed call is answered`() async throws {
        try await expect("ok", client.draft(.GET, "/whoami"))
        try await expect("ok", client.draft(.GET, "/users?limit=5&after=a%20b"))
        try await expect("ok", client.draft(.GET, "/%75sers"))
    }

    @Test func `A signature changes something once, and reads as often as one likes`() async throws {
        let draft = client.draft(.PATCH, "/users/operator", #"{"description":"a"}"#)
        try await expect("ok", draft)
        try await expect("requestReplayed", draft)
        try await expect("ok", client.draft(.PATCH, "/users/operator", #"{"description":"a"}"#))
        let read = client.draft(.GET, "/users")
        try await expect("ok", read)
        try await expect("ok", read)
    }

    @Test func `Answers are kept nowhere, and refusals tell what would be right`() async throws {
        let reply = await fixture.endpoint.respond(to: client.draft(.GET, "/users").wire()).reply()
        #expect(reply.headers.map { "\($0.name): \($0.value)" } == ["Cache-Control: no-store"])
        let wrong = await fixture.endpoint.respond(to: client.draft(.DELETE, "/users").wire()).reply()
        #expect(wrong.headers.map { "\($0.name): \($0.value)" }.contains("Allow: GET, POST"))
        let nobody = await fixture.endpoint.respond(to: fixture.anybody.draft(.GET, "/users").wire()).reply()
        #expect(nobody.status == 401)
        #expect(nobody.headers.contains { "\($0.name)" == "WWW-Authenticate" })
    }

    @Test func `Method, path, query, body, host and type are signed`() async throws {
        let draft = client.draft(.PATCH, "/users/operator", #"{"description":"a"}"#)
        try await expect("ok", draft)
        var changed = client.draft(.PATCH, "/users/operator", #"{"description":"a"}"#)
        changed.target += "?"
        try await expect("ok", changed)
        changed = draft
        changed.target = "/admin/v1/groups/operator"
        try await expect("signatureMismatch", changed)
        changed.target = "/admin/v1/users/%6Fperator"
        try await expect("signatureMismatch", changed)
        changed.target = draft.target + "?limit=1"
        try await expect("signatureMismatch", changed)
        changed = draft
        changed.body = Array(#"{"description":"b"}"#.utf8)
        try await expect("signatureMismatch", changed)
        changed = draft
        changed.method = .DELETE
        try await expect("signatureMismatch", changed)
        changed = draft
        changed.set("Host", "localhost:7700")
        try await expect("signatureMismatch", changed)
        changed.set("Host", nil)
        try await expect("signatureMismatch", changed)
        changed = draft
        changed.set("Content-Type", "application/json; charset=utf-8")
        try await expect("signatureMismatch", changed)
        changed = draft
        changed.set("X-TC-Timestamp", String(fixture.clock.now.seconds + 1))
        try await expect("signatureMismatch", changed)
    }

    @Test func `The path that is signed is the whole one`() async throws {
        var draft = client.draft(.GET, "/whoami")
        for path in ["/", "/whoami", "/admin/v1/whoami/"] {
            client.sign(&draft, path: path)
            try await expect("signatureMismatch", draft)
        }
        client.sign(&draft, path: "/admin/v1/whoami")
        try await expect("ok", draft)
    }

    @Test func `Every digit of the signature counts`() async throws {
        let draft = client.draft(.GET, "/whoami")
        let header = draft.headers.first { $0.0 == "Authorization" }?.1 ?? ""
        for index in 0..<64 {
            var bytes = Array(header.utf8)
            let place = bytes.count - 64 + index
            bytes[place] = bytes[place] == UInt8(ascii: "0") ? UInt8(ascii: "1") : UInt8(ascii: "0")
            var changed = draft
            changed.set("Authorization", String(decoding: bytes, as: UTF8.self))
            try await expect("signatureMismatch", changed)
        }
    }

    @Test func `A signature is for this service and the timestamp's day`() async throws {
        var draft = client.draft(.GET, "/whoami")
        client.sign(&draft, service: "kms")
        try await expect("signatureMismatch", draft)
        client.sign(&draft)
        let header = draft.headers.first { $0.0 == "Authorization" }?.1 ?? ""
        draft.set("Authorization", header.replacing("2023-11-14", with: "2023-11-13"))
        try await expect("signatureMismatch", draft)
    }

    @Test func `Host and content type must be signed`() async throws {
        for names in [["host"], ["content-type"], ["x-tc-timestamp"]] {
            var draft = client.draft(.GET, "/whoami")
            client.sign(&draft, names: names)
            try await expect("signatureMismatch", draft)
        }
        var draft = client.draft(.GET, "/whoami")
        client.sign(&draft, names: ["content-type", "host", "x-tc-timestamp"])
        try await expect("ok", draft)
    }

    @Test(arguments: [(-301, "requestExpired"), (-300, "ok"), (300, "ok"), (301, "requestExpired")])
    func `A timestamp may be five minutes off`(drift: Int64, outcome: String) async throws {
        var draft = client.draft(.GET, "/whoami")
        let timestamp = fixture.clock.now.seconds + drift
        draft.set("X-TC-Timestamp", String(timestamp))
        client.sign(&draft, timestamp: timestamp)
        try await expect(outcome, draft)
    }

    @Test(arguments: ["", "x", "1.5", "99999999999999999999", "9223372036854775807", "-9223372036854775808"])
    func `A timestamp is a number near now`(stamp: String) async throws {
        var draft = client.draft(.GET, "/whoami")
        draft.set("X-TC-Timestamp", stamp)
        try await expect(Int64(stamp) == nil ? "invalidParameter" : "requestExpired", draft)
    }

    @Test(arguments: [
        "", "x", "Basic QUtJRDp4", "Bearer", "Bearer=x", "TC3-HMAC-SHA256", "TC3-HMAC-SHA256 Credential=x",
        "TC3-HMAC-SHA256 Credential=AKIDx/2023-11-14/claviger/tc3_request, SignedHeaders=host, Signature=00",
    ])
    func `A malformed authorization is told`(header: String) async throws {
        var draft = client.draft(.GET, "/whoami")
        draft.set("Authorization", header)
        try await expect("malformedSignature", draft)
    }

    @Test func `Without authorization or timestamp a call is refused`() async throws {
        var draft = client.draft(.GET, "/whoami")
        draft.set("X-TC-Timestamp", nil)
        try await expect("missingCredentials", draft)
        draft.set("Authorization", nil)
        try await expect("missingCredentials", draft)
    }

    @Test(arguments: ["Authorization", "X-TC-Timestamp", "X-TC-Token", "Host"])
    func `A header given twice is refused`(name: String) async throws {
        var draft = client.draft(.GET, "/whoami")
        draft.headers += [(name.lowercased(), "x"), (name, "x")]
        try await expect("malformedSignature", draft)
    }

    @Test func `An unknown access key is refused, and not named in the log`() async throws {
        let stranger = AdminClient(
            proof: .accessKey(id: "AKIDsomebody", secret: KeyMaterial(Array("x".utf8)), token: nil),
            clock: fixture.clock)
        try await fixture.expect(.unknownAccessKey, 401, stranger, .GET, "/whoami")
        #expect(try !fixture.auditText().contains("AKIDsomebody"))
    }

    @Test func `A wrong secret is refused, and the access key named in the log`() async throws {
        let id = fixture.foundations[0].accessKey.id
        let thief = AdminClient(
            proof: .accessKey(id: id, secret: KeyMaterial(Array("x".utf8)), token: nil), clock: fixture.clock)
        try await fixture.expect(.signatureMismatch, 401, thief, .GET, "/whoami")
        let event = try #require(try fixture.events().last)
        #expect(event["accessKey"]?.text == id)
        #expect(event["principal"] == nil && event["decision"] == nil)
        #expect(event["account"]?.text == fixture.foundations[0].account.id.description)
    }

    @Test func `An access key that is disabled or deleted signs nothing, at once`() async throws {
        let user = try await fixture.user("alice")
        try await fixture.call(user, .GET, "/whoami")
        guard case .accessKey(let id, _, _) = user.proof else { return }
        let path = "/users/alice/access-keys/\(id)"
        try await fixture.call(client, .PATCH, path, #"{"enabled":false}"#)
        try await fixture.expect(.unknownAccessKey, 401, user, .GET, "/whoami")
        try await fixture.call(client, .PATCH, path, #"{"enabled":true}"#)
        try await fixture.call(user, .GET, "/whoami")
        try await fixture.call(client, .DELETE, path)
        try await fixture.expect(.unknownAccessKey, 401, user, .GET, "/whoami")
    }

    @Test func `Whoever is disabled or deleted does nothing, at once`() async throws {
        let user = try await fixture.user("alice")
        try await fixture.call(client, .PATCH, "/users/alice", #"{"enabled":false}"#)
        try await fixture.expect(.unknownAccessKey, 401, user, .GET, "/whoami")
        try await fixture.call(client, .PATCH, "/users/alice", #"{"enabled":true}"#)
        try await fixture.call(user, .GET, "/whoami")
        try await fixture.call(client, .DELETE, "/users/alice")
        try await fixture.expect(.unknownAccessKey, 401, user, .GET, "/whoami")
    }

    @Test func `Whoever is of a disabled account does nothing`() async throws {
        try await fixture.call(fixture.otherRoot, .GET, "/whoami")
        try await fixture.call(client, .PATCH, "/accounts/customer", #"{"enabled":false}"#)
        try await fixture.expect(.unknownAccessKey, 401, fixture.otherRoot, .GET, "/whoami")
        try await fixture.call(client, .PATCH, "/accounts/customer", #"{"enabled":true}"#)
        try await fixture.call(fixture.otherRoot, .GET, "/whoami")
    }

    @Test func `A sealed server proves nobody`() async throws {
        fixture.credentials.removeAll()
        fixture.backend.seal()
        try await fixture.expect(.sealed, 503, client, .GET, "/whoami")
    }

    // MARK: tokens

    @Test func `Temporary credentials sign with their token, until they expire`() async throws {
        let user = try await fixture.user("alice")
        let answer = try await fixture.call(user, .POST, "/temporary-credentials", #"{"durationSeconds":900}"#)
        let temporary = fixture.client(answer)
        let who = try await fixture.call(temporary, .GET, "/whoami")
        #expect(who["user"]?["name"]?.text == "alice")
        #expect(who["accessKeyId"]?.text == answer["id"]?.text)
        #expect(who["expiresAt"]?.text == answer["expiresAt"]?.text)
        #expect(answer["expiresAt"]?.text == (fixture.clock.now + .seconds(900)).iso8601)
        fixture.clock.advance(by: .seconds(899))
        try await fixture.call(temporary, .GET, "/whoami")
        fixture.clock.advance(by: .seconds(1))
        try await fixture.expect(.tokenExpired, 401, temporary, .GET, "/whoami")
    }

    @Test func `Missing, altered and foreign tokens are refused`() async throws {
        let first = try await fixture.call(client, .POST, "/temporary-credentials")
        let second = try await fixture.call(client, .POST, "/temporary-credentials")
        let temporary = fixture.client(first)
        var draft = temporary.draft(.GET, "/whoami")
        draft.set("X-TC-Token", nil)
        try await expect("invalidToken", draft)
        let token = first["token"]?.text ?? ""
        for other in [
            "", "x", token + "A", String(token.dropLast()), second["token"]?.text ?? "", "clv1.", token.uppercased(),
        ] {
            draft.set("X-TC-Token", other)
            try await expect("invalidToken", draft)
        }
        draft.set("X-TC-Token", token)
        try await expect("ok", draft)
    }

    @Test func `A session's token is none of temporary credentials, nor the other way round`() async throws {
        try await fixture.call(client, .PUT, "/users/operator/password", #"{"password":"correct horse"}"#)
        let session = try await fixture.session("operator", "correct horse")
        guard case .session(let token) = session.proof else { return }
        let answer = try await fixture.call(client, .POST, "/temporary-credentials")
        var draft = fixture.client(answer).draft(.GET, "/whoami")
        draft.set("X-TC-Token", token)
        try await expect("invalidToken", draft)
        let impostor = AdminClient(proof: .session(answer["token"]?.text ?? ""), clock: fixture.clock)
        try await fixture.expect(.invalidToken, 401, impostor, .GET, "/whoami")
    }

    @Test func `Voiding sessions voids temporary credentials too`() async throws {
        let user = try await fixture.user("alice")
        let temporary = fixture.client(try await fixture.call(user, .POST, "/temporary-credentials"))
        try await fixture.call(temporary, .GET, "/whoami")
        try await fixture.call(client, .DELETE, "/users/alice/sessions")
        try await fixture.expect(.invalidToken, 401, temporary, .GET, "/whoami")
        try await fixture.call(user, .GET, "/whoami")
    }

    @Test func `Temporary credentials make no others`() async throws {
        let temporary = fixture.client(try await fixture.call(client, .POST, "/temporary-credentials"))
        try await fixture.expect(.accessDenied, 403, temporary, .POST, "/temporary-credentials")
    }

    @Test(arguments: ["0", "899", "129601", "18446744073709551615"])
    func `They last for fifteen minutes to a day and a half`(seconds: String) async throws {
        try await fixture.expect(
            .invalidParameterValue, 400, client, .POST, "/temporary-credentials", #"{"durationSeconds":\#(seconds)}"#)
    }

    @Test func `Temporary credentials have the rights of their user as they are now`() async throws {
        let user = try await fixture.user(
            "alice", allowing: #"{"effect":"allow","action":"name/claviger:ListUsers","resource":"*"}"#)
        let temporary = fixture.client(try await fixture.call(user, .POST, "/temporary-credentials"))
        try await fixture.call(temporary, .GET, "/users")
        try await fixture.expect(.accessDenied, 403, temporary, .GET, "/groups")
        try await fixture.call(client, .DELETE, "/users/alice/policies/of-alice")
        try await fixture.expect(.accessDenied, 403, temporary, .GET, "/users")
    }
}
