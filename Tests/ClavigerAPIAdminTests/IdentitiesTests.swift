import ClavigerCore
import ClavigerCrypto
import ClavigerIdentity
import ClavigerTesting
import NIOHTTP1
import Testing

@testable import ClavigerAPIAdmin

/// Users, groups and access keys.
@Suite struct IdentitiesTests {
    private let fixture: AdminFixture
    private let root: AdminClient

    init() async throws {
        fixture = try await AdminFixture()
        root = fixture.root
    }

    // MARK: users

    @Test func `A user is shown as it was made and changed`() async throws {
        let made = try await fixture.call(root, .POST, "/users", #"{"name":"alice","description":"first"}"#)
        #expect(made["name"]?.text == "alice")
        #expect(made["description"]?.text == "first")
        #expect(made["enabled"] == .bool(true) && made["isRoot"] == .bool(false))
        #expect(made["hasPassword"] == .bool(false))
        #expect(made["createdAt"]?.text == "2023-11-14T22:13:20Z")
        let changed = try await fixture.call(
            root, .PATCH, "/users/alice", #"{"description":"second","enabled":false}"#)
        #expect(changed["description"]?.text == "second")
        #expect(changed["enabled"] == .bool(false))
        try await fixture.call(root, .PATCH, "/users/alice", "{}")
        try await fixture.call(root, .PUT, "/users/alice/password", #"{"password":"correct horse"}"#)
        let shown = try await fixture.call(root, .GET, "/users/alice")
        #expect(shown["number"] == made["number"])
        #expect(shown["description"]?.text == "second")
        #expect(shown["hasPassword"] == .bool(true))
        #expect(shown["groups"]?.texts == [] && shown["policies"]?.texts == [])
        #expect(shown["accessKeys"] == .array([]))
    }

    @Test func `A user is shown with all that belongs to it`() async throws {
        let world = try await AdminSample.prepare(fixture)
        let shown = try await fixture.call(root, .GET, "/users/alice")
        #expect(shown["groups"]?.texts == ["staff"])
        #expect(shown["policies"]?.texts == ["readers"])
        guard case .array(let keys) = shown["accessKeys"] else { return }
        let sample = try #require(AdminSample.all.first { $0.operation == "DeleteAccessKey" })
        #expect(world.path(of: sample).hasSuffix(keys.first?["id"]?.text ?? "-"))
        #expect(keys.count == 1 && keys[0]["secret"] == nil && keys[0]["lastUsedAt"] == nil)
    }

    @Test func `The root identity is among the users`() async throws {
        try await fixture.call(root, .POST, "/users", #"{"name":"alice"}"#)
        let listed = try await fixture.call(root, .GET, "/users")
        #expect(listed.items("name") == ["alice", "operator"])
        #expect(try await fixture.call(root, .GET, "/users/operator")["isRoot"] == .bool(true))
    }

    @Test func `A name is taken once`() async throws {
        try await fixture.call(root, .POST, "/users", #"{"name":"alice"}"#)
        try await fixture.expect(.nameExists, 409, root, .POST, "/users", #"{"name":"alice"}"#)
        try await fixture.expect(.nameExists, 409, root, .POST, "/users", #"{"name":"operator"}"#)
        try await fixture.call(root, .POST, "/users", #"{"name":"Alice"}"#)
        try await fixture.call(root, .DELETE, "/users/alice")
        try await fixture.call(root, .POST, "/users", #"{"name":"alice"}"#)
    }

    @Test func `The root identity stays as it is`() async throws {
        try await fixture.expect(.rootIdentity, 409, root, .DELETE, "/users/operator")
        try await fixture.expect(.rootIdentity, 409, root, .PATCH, "/users/operator", #"{"enabled":false}"#)
        try await AdminSample.prepare(fixture).discard()
        try await fixture.expect(.rootIdentity, 409, root, .PUT, "/users/operator/policies/readers")
        try await fixture.expect(.rootIdentity, 409, root, .PUT, "/groups/staff/members/operator")
        try await fixture.call(root, .GET, "/whoami")
    }

    @Test(
        arguments: [
            (.GET, "/users/nobody"), (.PATCH, "/users/nobody"), (.DELETE, "/users/nobody"),
            (.PUT, "/users/nobody/password"), (.DELETE, "/users/nobody/password"), (.DELETE, "/users/nobody/sessions"),
            (.GET, "/users/nobody/access-keys"), (.POST, "/users/nobody/access-keys"),
            (.PATCH, "/users/nobody/access-keys/{accessKey}"), (.DELETE, "/users/nobody/access-keys/{accessKey}"),
            (.PUT, "/users/nobody/policies/readers"), (.DELETE, "/users/nobody/policies/readers"),
            (.PUT, "/groups/staff/members/nobody"), (.DELETE, "/groups/staff/members/nobody"),
        ] as [(HTTPMethod, String)])
    func `Who does not exist is not found`(method: HTTPMethod, path: String) async throws {
        try await AdminSample.prepare(fixture).discard()
        let body =
            switch (method, path.hasSuffix("password")) {
            case (.PUT, true): #"{"password":"correct horse"}"#
            case (.PATCH, _) where path.contains("access-keys"): #"{"enabled":true}"#
            default: ""
            }
        try await fixture.expect(.identityNotFound, 404, root, method, path, body)
    }

    // MARK: access keys

    @Test func `An access key works, and its secret is shown once`() async throws {
        try await fixture.call(root, .POST, "/users", #"{"name":"alice"}"#)
        let made = try await fixture.call(root, .POST, "/users/alice/access-keys")
        #expect(made["id"]?.text?.hasPrefix("AKID") == true)
        #expect(made["enabled"] == .bool(true))
        #expect(try await fixture.call(fixture.client(made), .GET, "/whoami")["user"]?["name"]?.text == "alice")
        let listed = try await fixture.send(root, .GET, "/users/alice/access-keys")
        #expect(listed.items("id") == [made["id"]?.text])
        #expect(listed.items("secret") == [])
    }

    @Test func `The last use of an access key is shown`() async throws {
        let user = try await fixture.user("alice")
        fixture.clock.advance(by: .seconds(3600))
        try await fixture.call(user, .GET, "/whoami")
        try await fixture.credentials.flushUse()
        let listed = try await fixture.call(root, .GET, "/users/alice/access-keys")
        #expect(listed.items("lastUsedAt").first?.hasPrefix("2023-11-14T23:13") == true)
    }

    @Test func `A third access key is refused`() async throws {
        try await fixture.call(root, .POST, "/users", #"{"name":"alice"}"#)
        try await fixture.call(root, .POST, "/users/alice/access-keys")
        let second = try await fixture.call(root, .POST, "/users/alice/access-keys")
        try await fixture.expect(.tooManyAccessKeys, 409, root, .POST, "/users/alice/access-keys")
        try await fixture.call(
            root, .PATCH, "/users/alice/access-keys/\(second["id"]?.text ?? "")", #"{"enabled":false}"#)
        try await fixture.expect(.tooManyAccessKeys, 409, root, .POST, "/users/alice/access-keys")
        try await fixture.call(root, .DELETE, "/users/alice/access-keys/\(second["id"]?.text ?? "")")
        try await fixture.call(root, .POST, "/users/alice/access-keys")
    }

    @Test func `The last access key of a root stays`() async throws {
        let id = fixture.foundations[0].accessKey.id
        let path = "/users/operator/access-keys/\(id)"
        try await fixture.expect(.lastRootKey, 409, root, .DELETE, path)
        try await fixture.expect(.lastRootKey, 409, root, .PATCH, path, #"{"enabled":false}"#)
        let second = try await fixture.call(root, .POST, "/users/operator/access-keys")
        let other = fixture.client(second)
        let secondPath = "/users/operator/access-keys/\(second["id"]?.text ?? "")"
        try await fixture.call(root, .PATCH, secondPath, #"{"enabled":false}"#)
        try await fixture.expect(.lastRootKey, 409, root, .DELETE, path)
        try await fixture.call(root, .PATCH, secondPath, #"{"enabled":true}"#)
        try await fixture.call(other, .DELETE, path)
        try await fixture.expect(.unknownAccessKey, 401, root, .GET, "/whoami")
        try await fixture.expect(.lastRootKey, 409, other, .DELETE, secondPath)
    }

    @Test func `An access key is found at its own user alone`() async throws {
        let user = try await fixture.user("alice")
        guard case .accessKey(let id, _, _) = user.proof else { return }
        try await fixture.call(root, .POST, "/users", #"{"name":"bob"}"#)
        for path in ["/users/bob/access-keys/\(id)", "/users/alice/access-keys/AKIDnone", "/users/alice/access-keys/x"]
        {
            try await fixture.expect(.accessKeyNotFound, 404, root, .DELETE, path)
            try await fixture.expect(.accessKeyNotFound, 404, root, .PATCH, path, #"{"enabled":false}"#)
        }
        try await fixture.call(user, .GET, "/whoami")
    }

    // MARK: groups

    @Test func `A group is shown as it was made and changed`() async throws {
        let made = try await fixture.call(root, .POST, "/groups", #"{"name":"staff"}"#)
        #expect(made["description"]?.text == "")
        try await fixture.call(root, .PATCH, "/groups/staff", #"{"description":"all"}"#)
        try await fixture.call(root, .POST, "/users", #"{"name":"alice"}"#)
        for _ in 0..<2 { try await fixture.call(root, .PUT, "/groups/staff/members/alice") }
        var shown = try await fixture.call(root, .GET, "/groups/staff")
        #expect(shown["description"]?.text == "all")
        #expect(shown["members"]?.texts == ["alice"])
        for _ in 0..<2 { try await fixture.call(root, .DELETE, "/groups/staff/members/alice") }
        shown = try await fixture.call(root, .GET, "/groups/staff")
        #expect(shown["members"]?.texts == [])
        try await fixture.expect(.nameExists, 409, root, .POST, "/groups", #"{"name":"staff"}"#)
        try await fixture.call(root, .DELETE, "/groups/staff")
        try await fixture.expect(.groupNotFound, 404, root, .GET, "/groups/staff")
        try await fixture.call(root, .GET, "/users/alice")
    }

    @Test(
        arguments: [
            (.GET, "/groups/none"), (.PATCH, "/groups/none"), (.DELETE, "/groups/none"),
            (.PUT, "/groups/none/members/alice"), (.DELETE, "/groups/none/members/alice"),
            (.PUT, "/groups/none/policies/readers"), (.DELETE, "/groups/none/policies/readers"),
        ] as [(HTTPMethod, String)])
    func `A group that does not exist is not found`(method: HTTPMethod, path: String) async throws {
        try await AdminSample.prepare(fixture).discard()
        try await fixture.expect(
            .groupNotFound, 404, root, method, path, method == .PATCH ? #"{"description":"x"}"# : "")
    }

    @Test func `Members have the rights of their groups, as long as they are in them`() async throws {
        let user = try await fixture.user("alice")
        try await fixture.call(root, .POST, "/groups", #"{"name":"staff"}"#)
        try await fixture.call(
            root, .POST, "/policies",
            #"{"name":"lookers","document":{"version":"2.0","statement":{"effect":"allow","action":"name/claviger:ListUsers","resource":"*"}}}"#
        )
        try await fixture.call(root, .PUT, "/groups/staff/policies/lookers")
        try await fixture.expect(.accessDenied, 403, user, .GET, "/users")
        try await fixture.call(root, .PUT, "/groups/staff/members/alice")
        try await fixture.call(user, .GET, "/users")
        try await fixture.call(root, .DELETE, "/groups/staff/policies/lookers")
        try await fixture.expect(.accessDenied, 403, user, .GET, "/users")
        try await fixture.call(root, .PUT, "/groups/staff/policies/lookers")
        try await fixture.call(user, .GET, "/users")
        try await fixture.expect(.policyInUse, 409, root, .DELETE, "/groups/staff")
        try await fixture.call(root, .DELETE, "/groups/staff/members/alice")
        try await fixture.expect(.accessDenied, 403, user, .GET, "/users")
    }
}

extension AdminSample.World {
    /// Says that only the world itself was wanted, not its names.
    func discard() {}
}
