import ClavigerCore
import ClavigerCrypto
import ClavigerTesting
import Testing

/// What calls about tags leave behind.
@Suite struct TagsTests {
    private func tags(of key: String, _ fixture: HuaweiFixture) async throws -> String {
        let answer = try await fixture.answer(fixture.client.get("\(key)/tags"))
        #expect(answer.status == 200)
        return answer.body["tags"].map { String(decoding: $0.jsonText, as: UTF8.self) } ?? "none"
    }

    private func batch(_ action: String, _ tags: [(String, String)]) -> String {
        let list = tags.map { "{\"key\":\"\($0.0)\",\"value\":\"\($0.1)\"}" }.joined(separator: ",")
        return "{\"action\":\"\(action)\",\"tags\":[\(list)]}"
    }

    @Test func `Tags come, change and go, in the order in which they came`() async throws {
        let fixture = try await HuaweiFixture()
        let key = try await fixture.createKey()
        try await fixture.call("\(key)/tags/action", batch("create", [("b", "1"), ("a", "2")]))
        try await fixture.call("\(key)/tags", "{\"tag\":{\"key\":\"b\",\"value\":\"3\"}}")
        #expect(try await tags(of: key, fixture) == #"[{"key":"b","value":"3"},{"key":"a","value":"2"}]"#)
        #expect(try await fixture.answer(fixture.client.delete("\(key)/tags/b")).status == 204)
        #expect(try await tags(of: key, fixture) == #"[{"key":"a","value":"2"}]"#)
        try await fixture.call("\(key)/tags/action", batch("delete", [("a", "other"), ("x", "")]))
        #expect(try await tags(of: key, fixture) == "[]")
    }

    @Test(arguments: [
        ("create", [("new", "1"), ("bad*", "2")], "KMS.0406"),
        ("create", [("new", "1"), ("new2", "2")], "KMS.0409"),
        ("create", [("new", "1"), ("new", "2")], "KMS.0412"),
        ("delete", [("k0", "v"), ("bad*", "2")], "KMS.0406"),
        ("delete", [("k0", "v"), ("k0", "v")], "KMS.0412"),
    ])
    func `A batch is done as a whole or not at all`(
        action: String, changes: [(String, String)], code: String
    ) async throws {
        let fixture = try await HuaweiFixture()
        let key = try await fixture.createKey()
        try await fixture.call("\(key)/tags/action", batch("create", (0..<9).map { ("k\($0)", "v") }))
        let before = try await tags(of: key, fixture)
        #expect(try await fixture.outcome("\(key)/tags/action", batch(action, changes)) == code)
        #expect(try await tags(of: key, fixture) == before)
    }

    @Test func `A key has at most ten tags, however many calls come at the same time`() async throws {
        let fixture = try await HuaweiFixture()
        let key = try await fixture.createKey()
        let outcomes = try await withThrowingTaskGroup(of: String.self) { group in
            for index in 0..<16 {
                let body = "{\"tag\":{\"key\":\"k\(index)\",\"value\":\"v\"}}"
                group.addTask { try await fixture.outcome("\(key)/tags", body) }
            }
            return try await group.reduce(into: []) { $0.append($1) }
        }
        #expect(outcomes.count { $0 == "ok" } == 10)
        #expect(outcomes.count { $0 == "KMS.0409" } == 6)
    }

    @Test func `A tag that only another key has is absent`() async throws {
        let fixture = try await HuaweiFixture()
        let (key, other) = (try await fixture.createKey(), try await fixture.createKey("other"))
        try await fixture.call("\(other)/tags/action", batch("create", [("a", "1")]))
        let answer = try await fixture.answer(fixture.client.delete("\(key)/tags/a"))
        #expect(answer.status == 404)
        #expect(answer.outcome == "KMS.0406")
        #expect(try await tags(of: other, fixture) == #"[{"key":"a","value":"1"}]"#)
    }

    @Test(arguments: [
        "resource_instance/action", "tags/action", "x/action",
    ])
    func `Only keys can be searched`(path: String) async throws {
        let fixture = try await HuaweiFixture()
        #expect(try await fixture.outcome(path, "{\"action\":\"filter\"}") == "KMS.0408")
    }
}
