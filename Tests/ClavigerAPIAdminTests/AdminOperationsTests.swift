import ClavigerAPI
import ClavigerCore
import ClavigerCrypto
import ClavigerIdentity
import NIOHTTP1
import Synchronization
import Testing

@testable import ClavigerAPIAdmin

@Suite struct AdminOperationsTests {
    /// Operations that whoever proves who they are may call, or whoever reaches the server.
    private static let withoutPermission = ["GetOpenAPI", "OpenSession", "EndSession", "WhoAmI", "CheckPolicy"]

    // MARK: the table

    @Test(arguments: Admin.operations.map(\.name))
    func `Every operation has a permission, or is known to need none`(name: String) throws {
        let operation = try #require(Admin.operations.first { $0.name == name })
        #expect((operation.need.permission == nil) == Self.withoutPermission.contains(name))
        #expect(operation.need.requiresProof == !["GetOpenAPI", "OpenSession"].contains(name))
        #expect(operation.need.permission?.service ?? .claviger == .claviger)
    }

    @Test func `Every permission of administration lets somebody do something`() {
        let used = Admin.operations.compactMap(\.need.permission)
        for permission in Permission.allCases where permission.service == .claviger {
            #expect(used.contains(permission), "\(permission.name)")
        }
    }

    @Test func `Names, methods and paths are unique`() {
        #expect(Set(Admin.operations.map(\.name)).count == Admin.operations.count)
        let routes = Admin.operations.map { "\($0.route.method) \($0.route.template)" }
        #expect(Set(routes).count == routes.count)
    }

    @Test func `Reading and deleting take no body, changing does`() {
        for operation in Admin.operations {
            let takesBody = [.POST, .PUT, .PATCH].contains(operation.route.method)
            #expect((operation.body != nil) == takesBody, "\(operation.name)")
        }
    }

    @Test func `Every parameter and every member of an answer says what it means`() {
        func check(_ parameters: [Parameter], _ place: String) {
            for parameter in parameters {
                let name = "\(place).\(parameter.name)"
                #expect(!"\(parameter.meaning)".isEmpty, "\(name)")
                switch parameter.kind {
                case .object(let members), .list(.object(let members)): check(members, name)
                case .list, .string, .unsigned, .boolean, .any: break
                }
            }
        }
        for operation in Admin.operations {
            check(operation.query + (operation.body ?? []) + operation.schema.fields, operation.name)
            #expect(!"\(operation.summary)".hasSuffix("."), "\(operation.name)")
        }
    }

    @Test func `Answers of one name are of one form`() {
        var forms: [String: [String]] = [:]
        for operation in Admin.operations {
            let names = operation.schema.fields.map { "\($0.name)" }
            #expect(forms[operation.schema.name] ?? names == names, "\(operation.schema.name)")
            forms[operation.schema.name] = names
        }
    }

    // MARK: every operation

    @Test func `Every operation has a sample`() {
        // Ending the session of a call takes a session, and has a test of its own.
        #expect(Set(AdminSample.all.map(\.operation)).union(["EndSession"]) == Set(Admin.operations.map(\.name)))
    }

    @Test(arguments: AdminSample.all)
    func `The root may do it, and the log says so`(sample: AdminSample) async throws {
        let fixture = try await AdminFixture()
        let world = try await AdminSample.prepare(fixture, for: sample)
        try await fixture.call(fixture.root, sample.method, world.path(of: sample), sample.body)
        let event = try #require(try fixture.events().last)
        #expect(event["action"]?.text == sample.operation)
        #expect(event["outcome"]?.text == "ok")
        guard AdminFixture.operation(sample.method, world.path(of: sample))?.need.requiresProof == true else { return }
        #expect(event["principal"]?.text == "operator")
        #expect(event["accessKey"]?.text == fixture.foundations[0].accessKey.id)
        #expect(event["decision"]?.text == "root")
        #expect(event["source"]?.text == AdminClient.source)
    }

    @Test(arguments: AdminSample.all)
    func `Nobody does it without proof, without a permission, or against a denial`(sample: AdminSample) async throws {
        let fixture = try await AdminFixture()
        let world = try await AdminSample.prepare(fixture, for: sample)
        let path = world.path(of: sample)
        let need = try #require(AdminFixture.operation(sample.method, path)?.need)
        guard need.requiresProof else { return }

        try await fixture.expect(.missingCredentials, 401, fixture.anybody, sample.method, path, sample.body)
        var event = try #require(try fixture.events().last)
        #expect(event["action"]?.text == sample.operation)
        #expect(event["outcome"]?.text == "missingCredentials")
        #expect(event["principal"] == nil && event["account"] == nil && event["decision"] == nil)

        guard let permission = need.permission else { return }
        let user = try await fixture.user("mallory")
        try await fixture.expect(.accessDenied, 403, user, sample.method, path, sample.body)
        event = try #require(try fixture.events().last)
        #expect(event["outcome"]?.text == "accessDenied")
        #expect(event["principal"]?.text == "mallory")
        #expect(event["decision"]?.text == "notAllowed")

        let name = PolicyLanguage.tencent.name(of: permission)
        let deputy = try await fixture.user(
            "deputy",
            allowing: #"""
                {"effect":"allow","action":"*","resource":"*"},{"effect":"deny","action":"\#(name)","resource":"*"}
                """#)
        try await fixture.expect(.accessDenied, 403, deputy, sample.method, path, sample.body)
        event = try #require(try fixture.events().last)
        #expect(event["decision"]?.text == "denied")
        #expect(event["policy"]?.text == "of-deputy#2")
        #expect(fixture.seals.count.load(ordering: .relaxed) == 0)
    }

    @Test(arguments: AdminSample.all)
    func `A user with the one permission may do it, and nothing else`(sample: AdminSample) async throws {
        let fixture = try await AdminFixture()
        let world = try await AdminSample.prepare(fixture, for: sample)
        let path = world.path(of: sample)
        guard let permission = AdminFixture.operation(sample.method, path)?.need.permission else {
            try await fixture.call(try await fixture.user("deputy"), sample.method, path, sample.body)
            return
        }
        let name = PolicyLanguage.tencent.name(of: permission)
        let user = try await fixture.user(
            "deputy", allowing: #"{"effect":"allow","action":"\#(name)","resource":"*"}"#)
        try await fixture.call(user, sample.method, path, sample.body)
        let event = try #require(try fixture.events().last)
        #expect(event["decision"]?.text == "allowed")
        #expect(event["policy"]?.text == "of-deputy#1")
        let other = permission == .listGroups ? "/users" : "/groups"
        try await fixture.expect(.accessDenied, 403, user, .GET, other)
    }

    // MARK: errors

    @Test(arguments: KMSError.Code.allCases)
    func `Every error has a status and its own name`(code: KMSError.Code) {
        #expect([400, 401, 403, 404, 405, 409, 413, 429, 500, 503].contains(code.adminStatus))
        let request = WireRequest(
            method: .POST, target: "/", headers: HTTPHeaders(), body: [], bodyWasTooLarge: false, source: "local")
        let reply = Admin.refusal(
            KMSError(code, "text", cause: KMSError(.sealed, "hidden")), of: request, requestID: "id")
        #expect(reply.status == code.adminStatus)
        #expect(
            String(decoding: reply.body, as: UTF8.self)
                == #"{"error":{"code":"\#(code.admin)","message":"text"},"requestId":"id"}"#)
    }

    // MARK: paths

    @Test(arguments: [
        ("/admin/v1", true), ("/admin/v1/", true), ("/admin/v1/users", true), ("/admin/v1/seal", true),
        ("/admin/v1/seal-statuses", true), ("/admin/v1/seal-status", false), ("/admin/v1/unseal", false),
        ("/admin/v10", false), ("/admin", false), ("/", false), ("/v1/admin/v1/users", false),
    ])
    func `The dialect claims what is under its prefix`(path: String, isClaimed: Bool) {
        #expect(Admin.claims(path: Array(path.utf8)[...], query: [], headers: [:]) == isClaimed)
        #expect(Admin.bodyLimit(method: .POST, headers: [:]) == 1 << 20)
    }
}
