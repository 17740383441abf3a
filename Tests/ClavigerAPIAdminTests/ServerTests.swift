import ClavigerAudit
import ClavigerCore
import ClavigerCrypto
import ClavigerIdentity
import ClavigerTesting
import NIOHTTP1
import Synchronization
import Testing

@testable import ClavigerAPIAdmin

/// Accounts, the server itself, and the audit log.
@Suite struct ServerTests {
    private let fixture: AdminFixture
    private let root: AdminClient

    init() async throws {
        fixture = try await AdminFixture()
        root = fixture.root
    }

    // MARK: accounts

    @Test func `A new account comes with a root who may do everything in it`() async throws {
        let made = try await fixture.call(root, .POST, "/accounts", #"{"name":"newcomer","id":100000004711}"#)
        #expect(made["account"]?["id"]?.number == 100_000_004_711)
        let key = made["root"]?["accessKey"]
        let client = AdminClient(
            proof: .accessKey(
                id: key?["id"]?.text ?? "", secret: KeyMaterial(Array((key?["secret"]?.text ?? "").utf8)), token: nil),
            clock: fixture.clock)
        let own = try await fixture.call(client, .GET, "/account")
        #expect(own["name"]?.text == "newcomer")
        guard case .array(let projects) = own["projects"] else { return }
        #expect(projects.count == fixture.kms.realms.count)
        _ = try await fixture.session(
            made["root"]?["user"]?.text ?? "", made["root"]?["password"]?.text ?? "", account: "newcomer")
        try await fixture.call(client, .POST, "/users", #"{"name":"alice"}"#)
        try await fixture.expect(.nameExists, 409, root, .POST, "/accounts", #"{"name":"newcomer"}"#)
        try await fixture.expect(.nameExists, 409, root, .POST, "/accounts", #"{"name":"other","id":100000004711}"#)
        let event = try #require(try fixture.events().first { $0["action"]?.text == "CreateAccount" })
        #expect(event["resources"]?.texts == ["account/newcomer", "account/100000004711"])
    }

    @Test func `An account is found by name and by number`() async throws {
        let number = fixture.foundations[1].account.id
        for name in ["customer", number.description] {
            #expect(try await fixture.call(root, .GET, "/accounts/\(name)")["name"]?.text == "customer")
        }
        try await fixture.expect(.accountNotFound, 404, root, .GET, "/accounts/nobody")
        try await fixture.expect(.accountNotFound, 404, root, .PATCH, "/accounts/4711", #"{"enabled":true}"#)
        #expect(try await fixture.call(root, .GET, "/accounts").items("name") == ["customer", "operator"])
    }

    @Test func `The operator's account cannot be disabled`() async throws {
        try await fixture.expect(
            .unsupportedOperation, 409, root, .PATCH, "/accounts/operator", #"{"enabled":false}"#)
        try await fixture.call(root, .PATCH, "/accounts/operator", #"{"enabled":true}"#)
    }

    @Test(
        arguments: [
            (.GET, "/accounts"), (.POST, "/accounts"), (.GET, "/accounts/customer"), (.PATCH, "/accounts/operator"),
            (.GET, "/status"), (.POST, "/seal"),
        ] as [(HTTPMethod, String)])
    func `The server is the operator's alone`(method: HTTPMethod, path: String) async throws {
        let body =
            switch (method, path) {
            case (.POST, "/accounts"): #"{"name":"newcomer"}"#
            case (.PATCH, _): #"{"enabled":false}"#
            default: ""
            }
        try await fixture.expect(.accessDenied, 403, fixture.otherRoot, method, path, body)
        let deputy = try await fixture.user(
            "deputy", as: fixture.otherRoot, allowing: #"{"effect":"allow","action":"*","resource":"*"}"#)
        try await fixture.expect(.accessDenied, 403, deputy, method, path, body)
        #expect(fixture.seals.count.load(ordering: .relaxed) == 0)
    }

    @Test func `Projects belong to a region and an account`() async throws {
        let made = try await fixture.call(
            root, .POST, "/projects", #"{"region":"cn-shanghai","name":"cn-east-3_app"}"#)
        #expect(made["region"]?.text == "east")
        let id = made["id"]?.text ?? ""
        #expect(try await fixture.call(root, .GET, "/projects").items("id").contains(id))
        #expect(try await !fixture.call(fixture.otherRoot, .GET, "/projects").items("id").contains(id))
        try await fixture.expect(.projectNotFound, 404, fixture.otherRoot, .DELETE, "/projects/\(id)")
        try await fixture.expect(
            .nameExists, 409, root, .POST, "/projects", #"{"region":"east","name":"cn-east-3_app"}"#)
        try await fixture.call(root, .DELETE, "/projects/\(id)")
        try await fixture.expect(.projectNotFound, 404, root, .DELETE, "/projects/\(id)")
    }

    // MARK: the server

    @Test func `The server's state is shown`() async throws {
        fixture.clock.advance(by: .seconds(5))
        let status = try await fixture.call(root, .GET, "/status")
        #expect(status["uptimeSeconds"]?.number == 5)
        #expect(status["version"]?.text == "1.2.3")
        #expect(status["realms"]?.texts == fixture.kms.realms.map(\.id.name))
        #expect(status["audit"]?["healthy"] == .bool(true))
        #expect(status["audit"]?["lastSequence"]?.number == 7)
    }

    @Test func `Sealing is recorded before it is done`() async throws {
        #expect(fixture.seals.count.load(ordering: .relaxed) == 0)
        try await fixture.call(root, .POST, "/seal")
        #expect(fixture.seals.count.load(ordering: .relaxed) == 1)
        #expect(fixture.seals.wasRecorded.load(ordering: .relaxed) == true)
        let event = try #require(try fixture.events().last)
        #expect(event["action"]?.text == "SealServer" && event["outcome"]?.text == "ok")
    }

    @Test func `Nothing is done that cannot be recorded`() async throws {
        await fixture.audit.close()
        try await fixture.expect(.auditUnavailable, 503, root, .POST, "/users", #"{"name":"alice"}"#)
        try await fixture.expect(.auditUnavailable, 503, root, .POST, "/seal")
        #expect(fixture.seals.count.load(ordering: .relaxed) == 0)
        #expect(try await fixture.store.identity(named: "alice", in: fixture.foundations[0].account.id) == nil)
    }

    // MARK: the audit log

    @Test func `Records are found by what they hold`() async throws {
        let user = try await fixture.user("alice")
        let key = try await fixture.makeKey()
        _ = try await fixture.send(user, .GET, "/keys/\(key)/policy")
        fixture.clock.advance(by: .seconds(10))
        _ = try await fixture.send(root, .GET, "/keys/\(key)/policy")
        func actions(_ query: String) async throws -> [String] {
            try await fixture.call(root, .GET, "/audit" + query).items("action")
        }
        #expect(try await actions("?key=\(key)") == ["GetKeyPolicy", "GetKeyPolicy"])
        #expect(try await actions("?principal=alice") == ["GetKeyPolicy"])
        #expect(try await actions("?outcome=accessDenied") == ["GetKeyPolicy"])
        #expect(try await actions("?outcome=refused&principal=operator") == ["GetKeyPolicy"])
        #expect(try await actions("?action=Create*") == ["CreateAccessKey", "CreateUser"])
        #expect(try await actions("?key=user%2Falice").count == 2)
        #expect(try await actions("?source=192.0.2.7&limit=1") == ["SearchAudit"])
        #expect(try await actions("?source=192.0.2.8") == [])
        #expect(try await actions("?to=2001-01-01") == [])
        #expect(try await actions("?from=2101-01-01T00:00:00Z") == [])
        let first = try await fixture.call(root, .GET, "/audit?action=Create*&limit=1")
        let next = try #require(first["next"]?.number)
        #expect(try await actions("?action=Create*&limit=1&before=\(next)") == ["CreateUser"])
    }

    @Test func `A record is shown as it is in the log`() async throws {
        try await fixture.call(root, .GET, "/whoami")
        let found = try await fixture.call(root, .GET, "/audit?action=WhoAmI")
        guard case .array(let items) = found["items"] else { return }
        let event = try #require(try fixture.events().first { $0["action"]?.text == "WhoAmI" })
        #expect(items == [event])
    }

    @Test(arguments: ["from=yesterday", "to=2023-02-30", "limit=0", "limit=1001"])
    func `What is no moment and no limit is refused`(query: String) async throws {
        try await fixture.expect(.invalidParameterValue, 400, root, .GET, "/audit?" + query)
    }

    @Test func `An account sees its own records, and the operator's all`() async throws {
        try await fixture.call(fixture.otherRoot, .GET, "/whoami")
        try await fixture.call(root, .GET, "/whoami")
        let number = fixture.foundations[1].account.id
        func principals(_ client: AdminClient, _ query: String) async throws -> Set<String> {
            Set(try await fixture.call(client, .GET, "/audit" + query).items("principal"))
        }
        #expect(try await principals(root, "") == ["operator", "customer"])
        #expect(try await principals(root, "?account=\(number)") == ["customer"])
        #expect(try await principals(fixture.otherRoot, "") == ["customer"])
        #expect(try await principals(fixture.otherRoot, "?account=\(number)") == ["customer"])
        #expect(try await principals(fixture.otherRoot, "?principal=operator") == [])
        try await fixture.expect(
            .accessDenied, 403, fixture.otherRoot, .GET, "/audit?account=\(fixture.foundations[0].account.id)")
    }
}
