import ClavigerAPI
import ClavigerCore
import NIOHTTP1
import Testing

@testable import ClavigerAPIAdmin

/// What one account has is unknown to the other; what a user's rights do not cover is out of reach.
@Suite struct IsolationTests {
    private let fixture: AdminFixture

    init() async throws { fixture = try await AdminFixture() }

    @Test(
        arguments: AdminSample.all.filter {
            $0.path.dropFirst().contains("/") && !$0.path.hasPrefix("/accounts")
                && !$0.path.hasPrefix("/policies/check") && !$0.path.hasPrefix("/policies/test")
        })
    func `What belongs to another account is unknown`(sample: AdminSample) async throws {
        let world = try await AdminSample.prepare(fixture)
        let before = try await state()
        let response = try await fixture.send(
            fixture.otherRoot, sample.method, world.path(of: sample), sample.body)
        #expect(response.status == 404, "\(response.outcome)")
        #expect(try await state() == before)
        let unknown = world.path(of: sample).replacing("alice", with: "nobody").replacing("staff", with: "none")
        let other = try await fixture.send(fixture.otherRoot, sample.method, unknown, sample.body)
        #expect(other.outcome == response.outcome && other.message == response.message)
    }

    /// What the operator's account has, in the words of the API.
    private func state() async throws -> [String] {
        var texts: [String] = []
        for path in [
            "/users", "/users/alice", "/users/alice/access-keys", "/groups/staff", "/policies/readers",
            "/policies/unused", "/projects",
        ] {
            let reply = await fixture.endpoint.respond(to: fixture.root.request(.GET, path)).reply()
            texts.append(String(decoding: reply.body, as: UTF8.self).replacing(#/"requestId":"[^"]*"/#, with: ""))
        }
        return texts
    }

    @Test func `Both accounts may use the same names`() async throws {
        for client in [fixture.root, fixture.otherRoot] {
            try await fixture.call(client, .POST, "/users", #"{"name":"alice"}"#)
            try await fixture.call(client, .POST, "/groups", #"{"name":"staff"}"#)
            try await fixture.call(client, .POST, "/policies", #"{"name":"readers","document":\#(AdminSample.policy)}"#)
        }
        try await fixture.call(fixture.otherRoot, .DELETE, "/users/alice")
        try await fixture.call(fixture.root, .GET, "/users/alice")
        #expect(try await fixture.call(fixture.otherRoot, .GET, "/users").items("name") == ["customer"])
    }

    @Test func `A question is about users of one's own account`() async throws {
        try await fixture.call(fixture.root, .POST, "/users", #"{"name":"alice"}"#)
        try await fixture.expect(
            .identityNotFound, 404, fixture.otherRoot, .POST, "/policies/test",
            #"{"user":"alice","action":"name/kms:Encrypt"}"#)
        try await fixture.expect(
            .identityNotFound, 404, fixture.otherRoot, .POST, "/temporary-credentials", #"{"user":"alice"}"#)
    }

    // MARK: rights to some things

    @Test func `Rights to one user are not rights to another`() async throws {
        let root = fixture.root
        for name in ["alice", "bob"] { try await fixture.call(root, .POST, "/users", #"{"name":"\#(name)"}"#) }
        let deputy = try await fixture.user(
            "deputy",
            allowing: #"{"effect":"allow","action":"name/claviger:*","resource":"qcs::claviger:::user/alice"}"#)
        try await fixture.call(deputy, .GET, "/users/alice")
        try await fixture.call(deputy, .PATCH, "/users/alice", #"{"description":"x"}"#)
        try await fixture.call(deputy, .POST, "/users/alice/access-keys")
        for (method, path) in [
            (.GET, "/users/bob"), (.DELETE, "/users/bob"), (.GET, "/users"), (.POST, "/users/bob/access-keys"),
            (.DELETE, "/users/bob/sessions"), (.GET, "/users/nobody"), (.GET, "/audit"), (.GET, "/status"),
        ] as [(HTTPMethod, String)] {
            try await fixture.expect(.accessDenied, 403, deputy, method, path)
        }
    }

    @Test func `Nobody gives rights by a policy or a group that he has no right to`() async throws {
        let root = fixture.root
        let everything = #"{"version":"2.0","statement":{"effect":"allow","action":"*","resource":"*"}}"#
        try await fixture.call(root, .POST, "/policies", #"{"name":"everything","document":\#(everything)}"#)
        try await fixture.call(root, .POST, "/groups", #"{"name":"admins"}"#)
        let deputy = try await fixture.user(
            "deputy",
            allowing: #"""
                {"effect":"allow","action":["name/claviger:AttachPolicy","name/claviger:ChangeGroupMembers"],
                 "resource":["qcs::claviger:::user/*","qcs::claviger:::policy/small-*"]}
                """#)
        try await fixture.expect(.accessDenied, 403, deputy, .PUT, "/users/deputy/policies/everything")
        try await fixture.expect(.accessDenied, 403, deputy, .PUT, "/groups/admins/members/deputy")
        try await fixture.expect(.accessDenied, 403, deputy, .PUT, "/groups/admins/policies/everything")
        try await fixture.call(
            root, .POST, "/policies", #"{"name":"small-1","document":\#(AdminSample.policy)}"#)
        try await fixture.call(deputy, .PUT, "/users/deputy/policies/small-1")
    }

    @Test func `A condition on the address counts`() async throws {
        let statement = { (network: String) in
            #"{"effect":"allow","action":"name/claviger:ListUsers","resource":"*","condition":{"ip_equal":{"qcs:ip":"\#(network)"}}}"#
        }
        let near = try await fixture.user("near", allowing: statement("192.0.2.0/24"))
        let far = try await fixture.user("far", allowing: statement("198.51.100.0/24"))
        try await fixture.call(near, .GET, "/users")
        try await fixture.expect(.accessDenied, 403, far, .GET, "/users")
    }
}
