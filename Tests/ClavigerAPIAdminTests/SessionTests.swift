import ClavigerCore
import ClavigerCrypto
import ClavigerIdentity
import ClavigerTesting
import NIOHTTP1
import Testing

@testable import ClavigerAPIAdmin

@Suite struct SessionTests {
    private static let password = "correct horse"

    private let fixture: AdminFixture

    init() async throws {
        fixture = try await AdminFixture()
        try await fixture.call(
            fixture.root, .POST, "/users", #"{"name":"alice","password":"\#(Self.password)"}"#)
    }

    @Test func `A password opens a session of twelve hours`() async throws {
        let opened = try await fixture.call(
            fixture.anybody, .POST, "/sessions", #"{"user":"alice","password":"\#(Self.password)"}"#)
        #expect(opened["expiresAt"]?.text == (fixture.clock.now + .seconds(43200)).iso8601)
        #expect(opened["account"]?["name"]?.text == "operator")
        #expect(opened["user"]?["name"]?.text == "alice")
        let session = AdminClient(proof: .session(opened["token"]?.text ?? ""), clock: fixture.clock)
        let who = try await fixture.call(session, .GET, "/whoami")
        #expect(who["user"]?["isRoot"] == .bool(false))
        #expect(who["accessKeyId"] == nil)
        #expect(who["expiresAt"]?.text == opened["expiresAt"]?.text)
        fixture.clock.advance(by: .seconds(43199))
        try await fixture.call(session, .GET, "/whoami")
        fixture.clock.advance(by: .seconds(1))
        try await fixture.expect(.tokenExpired, 401, session, .GET, "/whoami")
    }

    @Test func `The account is named by name, by number, or not at all`() async throws {
        let number = fixture.foundations[0].account.id.description
        for account in [#""account":"operator","#, #""account":"\#(number)","#, ""] {
            try await fixture.call(
                fixture.anybody, .POST, "/sessions", #"{\#(account)"user":"alice","password":"\#(Self.password)"}"#)
        }
    }

    @Test func `The name of the scheme is of either case`() async throws {
        let session = try await fixture.session("alice", Self.password)
        guard case .session(let token) = session.proof else { return }
        for scheme in ["bearer", "BEARER"] {
            var draft = session.draft(.GET, "/whoami")
            draft.set("Authorization", "\(scheme) \(token)")
            #expect(try await fixture.send(draft.wire()).outcome == "ok")
        }
    }

    @Test(arguments: [
        #"{"user":"alice","password":"wrong horse"}"#, #"{"user":"bob","password":"correct horse"}"#,
        #"{"user":"alice","password":""}"#, #"{"user":"","password":"correct horse"}"#,
        #"{"account":"customer","user":"alice","password":"correct horse"}"#,
        #"{"account":"nobody","user":"alice","password":"correct horse"}"#,
        #"{"account":"4711","user":"alice","password":"correct horse"}"#,
        #"{"account":"","user":"alice","password":"correct horse"}"#,
        #"{"user":"keys-only","password":"correct horse"}"#,
    ])
    func `Whatever is wrong is told in the same words`(body: String) async throws {
        try await fixture.call(fixture.root, .POST, "/users", #"{"name":"keys-only"}"#)
        let response = try await fixture.send(fixture.anybody, .POST, "/sessions", body)
        #expect(response.status == 401)
        #expect(response.outcome == "wrongPassword")
        let other = try await fixture.send(
            fixture.anybody, .POST, "/sessions", #"{"user":"nobody","password":"x"}"#)
        #expect(response.message == other.message)
    }

    @Test func `Wrong passwords lock a name for a time`() async throws {
        let wrong = #"{"user":"alice","password":"wrong horse"}"#
        let right = #"{"user":"alice","password":"\#(Self.password)"}"#
        for _ in 0..<5 { try await fixture.expect(.wrongPassword, 401, fixture.anybody, .POST, "/sessions", wrong) }
        try await fixture.expect(.wrongPassword, 401, fixture.anybody, .POST, "/sessions", right)
        fixture.clock.advance(by: .seconds(900))
        try await fixture.call(fixture.anybody, .POST, "/sessions", right)
    }

    @Test func `A session ends when it is ended, and no other does`() async throws {
        let first = try await fixture.session("alice", Self.password)
        let second = try await fixture.session("alice", Self.password)
        try await fixture.call(first, .DELETE, "/sessions/current")
        try await fixture.expect(.invalidToken, 401, first, .GET, "/whoami")
        try await fixture.expect(.invalidToken, 401, first, .DELETE, "/sessions/current")
        try await fixture.call(second, .GET, "/whoami")
    }

    @Test func `An access key has no session to end`() async throws {
        try await fixture.expect(.unsupportedOperation, 409, fixture.root, .DELETE, "/sessions/current")
    }

    @Test(arguments: ["DELETE /users/alice/sessions", "DELETE /users/alice/password", "DELETE /users/alice"])
    func `What concerns all sessions of a user ends them`(call: String) async throws {
        let session = try await fixture.session("alice", Self.password)
        let path = String(call.split(separator: " ")[1])
        try await fixture.call(fixture.root, .DELETE, path)
        let response = try await fixture.send(session, .GET, "/whoami")
        #expect(response.status == 401)
        #expect(response.outcome == "invalidToken")
    }

    @Test(arguments: ["", "x", "clv1.", "clv1.AAAA", "a b"])
    func `A malformed token is refused`(token: String) async throws {
        let session = AdminClient(proof: .session(token), clock: fixture.clock)
        try await fixture.expect(.invalidToken, 401, session, .GET, "/whoami")
    }

    @Test func `Every character of a token counts`() async throws {
        let session = try await fixture.session("alice", Self.password)
        guard case .session(let token) = session.proof else { return }
        for index in token.utf8.indices {
            var bytes = Array(token.utf8)
            let place = token.utf8.distance(from: token.startIndex, to: index)
            bytes[place] = bytes[place] == UInt8(ascii: "A") ? UInt8(ascii: "B") : UInt8(ascii: "A")
            let altered = AdminClient(
                proof: .session(String(decoding: bytes, as: UTF8.self)), clock: fixture.clock)
            let response = try await fixture.send(altered, .GET, "/whoami")
            #expect(response.outcome == "invalidToken", "\(place)")
        }
    }

    // MARK: passwords

    @Test func `Users change their own passwords, if they know the present one`() async throws {
        let session = try await fixture.session("alice", Self.password)
        let path = "/users/alice/password"
        try await fixture.expect(.accessDenied, 403, session, .PUT, path, #"{"password":"battery staple"}"#)
        try await fixture.expect(
            .wrongPassword, 401, session, .PUT, path, #"{"password":"battery staple","oldPassword":"wrong horse"}"#)
        try await fixture.call(
            session, .PUT, path, #"{"password":"battery staple","oldPassword":"\#(Self.password)"}"#)
        try await fixture.expect(.invalidToken, 401, session, .GET, "/whoami")
        try await fixture.expect(
            .wrongPassword, 401, fixture.anybody, .POST, "/sessions",
            #"{"user":"alice","password":"\#(Self.password)"}"#)
        _ = try await fixture.session("alice", "battery staple")
    }

    @Test func `Nobody changes another's by knowing it`() async throws {
        let user = try await fixture.user("bob")
        try await fixture.expect(
            .invalidParameter, 400, user, .PUT, "/users/alice/password",
            #"{"password":"battery staple","oldPassword":"\#(Self.password)"}"#)
        _ = try await fixture.session("alice", Self.password)
    }

    @Test(arguments: ["", "short", "alice", #"\u0000"#])
    func `A password has eight characters or more`(password: String) async throws {
        try await fixture.expect(
            .invalidParameterValue, 400, fixture.root, .PUT, "/users/alice/password",
            #"{"password":"\#(password)"}"#)
    }

    @Test func `Only the root sets the root's password`() async throws {
        let deputy = try await fixture.user("deputy", allowing: #"{"effect":"allow","action":"*","resource":"*"}"#)
        for (method, path, body) in [
            (.PUT, "/users/operator/password", #"{"password":"battery staple"}"#),
            (.DELETE, "/users/operator/password", ""), (.DELETE, "/users/operator/sessions", ""),
            (.POST, "/users/operator/access-keys", ""), (.PATCH, "/users/operator", #"{"description":"x"}"#),
            (.POST, "/temporary-credentials", #"{"user":"operator"}"#),
        ] as [(HTTPMethod, String, String)] {
            try await fixture.expect(.accessDenied, 403, deputy, method, path, body)
        }
        try await fixture.call(fixture.root, .PUT, "/users/operator/password", #"{"password":"battery staple"}"#)
    }

    // MARK: the log

    @Test func `A failed attempt is recorded with the names that exist`() async throws {
        func last(_ body: String) async throws -> JSONValue {
            _ = try await fixture.send(fixture.anybody, .POST, "/sessions", body)
            return try #require(try fixture.events().last)
        }
        let known = try await last(#"{"user":"alice","password":"wrong horse"}"#)
        #expect(known["action"]?.text == "OpenSession")
        #expect(known["outcome"]?.text == "wrongPassword")
        #expect(known["resources"]?.texts == ["account/operator", "user/alice"])
        #expect(known["principal"] == nil)
        #expect(known["account"]?.text == fixture.foundations[0].account.id.description)
        #expect(try await last(#"{"user":"hunter2","password":"x"}"#)["resources"]?.texts == ["account/operator"])
        #expect(try await last(#"{"account":"hunter2","user":"alice","password":"x"}"#)["resources"]?.texts == [])
        #expect(try !fixture.auditText().contains("hunter2"))
    }

    @Test func `A session that is opened is recorded with whoever opened it`() async throws {
        _ = try await fixture.session("alice", Self.password)
        let event = try #require(try fixture.events().last)
        #expect(event["principal"]?.text == "alice")
        #expect(event["account"]?.text == fixture.foundations[0].account.id.description)
        #expect(event["accessKey"] == nil)
    }

    @Test func `No secret is in the log`() async throws {
        let root = fixture.root
        let session = try await fixture.session("alice", Self.password)
        guard case .session(let token) = session.proof else { return }
        try await fixture.call(
            session, .PUT, "/users/alice/password", #"{"password":"battery staple","oldPassword":"\#(Self.password)"}"#)
        let key = try await fixture.call(root, .POST, "/users/alice/access-keys")
        let temporary = try await fixture.call(root, .POST, "/temporary-credentials", #"{"user":"alice"}"#)
        let account = try await fixture.call(root, .POST, "/accounts", #"{"name":"newcomer"}"#)
        _ = try await fixture.send(root, .DELETE, "/users/alice/access-keys/\(key["secret"]?.text ?? "")")
        let secrets = [
            token, Self.password, "battery staple", key["secret"]?.text, temporary["secret"]?.text,
            temporary["token"]?.text, account["root"]?["password"]?.text,
            account["root"]?["accessKey"]?["secret"]?.text,
        ]
        let log = try fixture.auditText()
        for secret in secrets {
            let secret = try #require(secret)
            #expect(secret.utf8.count > 8)
            #expect(!log.contains(secret))
        }
        #expect(log.contains("access-key/\(key["id"]?.text ?? "-")"))
    }
}
