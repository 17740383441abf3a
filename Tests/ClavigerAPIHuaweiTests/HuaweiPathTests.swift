import Testing

@testable import ClavigerAPIHuawei

@Suite struct HuaweiPathTests {
    @Test func `a path is cut at its slashes before anything is decoded`() throws {
        let path = try #require(HuaweiPath(Array("/v1.0/p%31/kms/a-key/tags/a%2Fb%20%26%E9%94%AE".utf8)[...]))
        #expect(path.project == "p1")
        #expect(path.pieces == ["a-key", "tags", "a/b &键"])
    }

    @Test(arguments: [
        "", "/", "/v1.0", "/v1.0/p", "/v1.0/p/kms", "/v2/p/kms/x", "/v1.0/p/keystores/x", "v1.0/p/kms/x",
        "//v1.0/p/kms/x",
        "/v1.0/p/kms/%", "/v1.0/p/kms/%4", "/v1.0/p/kms/%zz", "/v1.0/p/kms/%FF", "/v1.0/%C3/kms/x", "/v1%2E0/p/kms/x",
    ])
    func `what is no path of the dialect has no pieces`(_ text: String) {
        #expect(HuaweiPath(Array(text.utf8)[...]) == nil)
    }

    @Test func `a placeholder that a client has left in is a project like any other text`() {
        #expect(HuaweiPath(Array("/v1.0/%7Bproject_id%7D/kms/list-keys".utf8)[...])?.project == "{project_id}")
    }

    @Test func `the names of varying pieces get what stands in their place`() {
        let route = HuaweiRoute.delete("/v1.0/{project_id}/kms/{key_id}/tags/{key}")
        #expect(route.parameters(of: ["k", "tags", "a/b"]) == ["key_id": "k", "key": "a/b"])
        #expect(route.parameters(of: ["k", "tags"]) == nil)
        #expect(route.parameters(of: ["k", "tags", ""]) == nil)
        #expect(route.parameters(of: ["k", "tag", "x"]) == nil)
        #expect(route.name == "tags")
    }
}
