import NIOHTTP1
import Testing

@testable import ClavigerAPIAdmin

@Suite struct AdminRouteTests {
    private let route = AdminRoute(.GET, "/users/{user}/access-keys/{id}")

    @Test func `A path of the template gives what stands at its names`() {
        #expect(route.match(["users", "alice", "access-keys", "AKID1"]) == ["user": "alice", "id": "AKID1"])
        #expect(route.names == ["user", "id"])
    }

    @Test(arguments: [
        ["users"], ["users", "alice", "access-keys"], ["users", "alice", "keys", "x"],
        ["users", "alice", "access-keys", "x", "y"], ["Users", "alice", "access-keys", "x"], [],
    ])
    func `Any other path is none of it`(segments: [String]) {
        #expect(route.match(segments) == nil)
    }
}
