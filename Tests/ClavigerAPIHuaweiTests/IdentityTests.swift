import ClavigerAPI
import ClavigerCore
import ClavigerCrypto
import ClavigerTesting
import NIOHTTP1
import Testing

/// Tokens, projects and domains, and what tokens open.
@Suite struct IdentityTests {
    private static func body(
        password: String = HuaweiFixture.password, user: String = "first", domain: String = "first",
        scope: String = "\"scope\":{\"project\":{\"name\":\"ae-ad-1\"}}"
    ) -> String {
        """
        {"auth":{"identity":{"methods":["password"],"password":{"user":{"name":"\(user)","password":"\(password)",\
        "domain":{"name":"\(domain)"}}}},\(scope)}}
        """
    }

    private static func ask(_ fixture: HuaweiFixture, _ body: String, query: String = "") async throws -> HuaweiAnswer {
        try await fixture.answer(
            HuaweiClient.request(.POST, "/v3/auth/tokens\(query)", token: nil, body))
    }

    private static func token(_ fixture: HuaweiFixture, _ body: String = body()) async throws -> String {
        try #require(try await ask(fixture, body).headers["X-Subject-Token"])
    }

    private static func listKeys(_ fixture: HuaweiFixture, token: String, realm: String = "south") async throws
        -> String
    {
        try await fixture.answer(
            HuaweiClient.request(.POST, fixture.client.path("list-keys", realm: realm), token: token, "{}")
        ).outcome
    }

    @Test func `A token lasts a day to the second, and opens the project that it was asked for`() async throws {
        let fixture = try await HuaweiFixture()
        let answer = try await Self.ask(fixture, Self.body())
        #expect(answer.status == 201)
        let told = try #require(answer.body["token"])
        #expect(told["project"]?["id"]?.text == fixture.client.projects["south"])
        #expect(told["catalog"] != nil)
        let token = try #require(answer.headers["X-Subject-Token"])
        #expect(try await Self.listKeys(fixture, token: token) == "ok")
        #expect(try await Self.listKeys(fixture, token: token, realm: "east") == "KMS.0305")
        fixture.clock.advance(by: .seconds(86_399))
        #expect(try await Self.listKeys(fixture, token: token) == "ok")
        fixture.clock.advance(by: .seconds(1))
        #expect(try await Self.listKeys(fixture, token: token) == "KMS.0303")
    }

    @Test func `A query leaves the catalog out`() async throws {
        let fixture = try await HuaweiFixture()
        let answer = try await Self.ask(fixture, Self.body(), query: "?nocatalog=1")
        #expect(answer.status == 201 && answer.body["token"]?["catalog"] == nil)
        #expect(try await Self.ask(fixture, Self.body(), query: "?nocatalog=").body["token"]?["catalog"] != nil)
    }

    @Test(arguments: [
        body(password: "wrong-password"), body(user: "nobody"), body(domain: "nowhere"),
        body(scope: "\"scope\":{\"project\":{\"name\":\"no-such-region\"}}"),
        body(scope: "\"scope\":{\"domain\":{\"name\":\"second\"}}"),
    ])
    func `Who is not known, and what is not his, get no token`(body: String) async throws {
        let fixture = try await HuaweiFixture()
        let answer = try await Self.ask(fixture, body)
        #expect(answer.status == 401 && answer.headers["X-Subject-Token"] == nil)
        #expect(answer.body["error"]?["title"]?.text == "Unauthorized")
    }

    @Test(arguments: [
        "", "[]", "{}", "{\"auth\":{}}", "{\"auth\":{\"identity\":{\"methods\":[\"token\"]}}}", "{\"auth\":",
        body(scope: "\"scope\":{}"), body(scope: "\"scope\":{\"project\":{}}"), body(scope: "\"scope\":7"),
    ])
    func `What is no request for a token is told so`(body: String) async throws {
        let fixture = try await HuaweiFixture()
        let answer = try await Self.ask(fixture, body)
        #expect(answer.status == 400 && answer.headers["X-Subject-Token"] == nil)
    }

    @Test func `A token for the whole account opens projects and no keys`() async throws {
        let fixture = try await HuaweiFixture()
        let token = try await Self.token(fixture, Self.body(scope: "\"scope\":{\"domain\":{\"name\":\"first\"}}"))
        #expect(try await Self.listKeys(fixture, token: token) == "KMS.0305")
        let projects = try await fixture.answer(HuaweiClient.request(.GET, "/v3/projects", token: token))
        guard case .array(let found) = projects.body["projects"] else { return #expect(Bool(false)) }
        #expect(found.count == Realm.builtIn.count)
    }

    @Test func `A revoked token opens nothing, another one still does`() async throws {
        let fixture = try await HuaweiFixture()
        let (lost, kept) = (try await Self.token(fixture), try await Self.token(fixture))
        var draft = HuaweiClient.Draft(method: .DELETE, target: "/v3/auth/tokens")
        draft.headers = [("Host", HuaweiClient.host), ("X-Auth-Token", kept), ("X-Subject-Token", lost)]
        #expect(try await fixture.answer(draft.wire()).status == 204)
        #expect(try await Self.listKeys(fixture, token: lost) == "KMS.0302")
        #expect(try await Self.listKeys(fixture, token: kept) == "ok")
    }

    @Test(arguments: [("ae-ad-1", 1), ("cn-south-1", 1), ("cn-south-4", 1), ("AE-AD-1", 0), ("ae-ad-", 0), ("", 0)])
    func `Projects are found by every name of their region, and by no other`(name: String, count: Int) async throws {
        let fixture = try await HuaweiFixture()
        let answer = try await fixture.answer(
            fixture.client.request(.GET, "/v3/projects?name=\(name)").wire())
        guard case .array(let found) = answer.body["projects"] else { return #expect(Bool(false)) }
        #expect(found.count == count)
        #expect(found.allSatisfy { $0["name"]?.text == name })
    }
}
