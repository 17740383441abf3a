import ClavigerCore
import ClavigerCrypto
import ClavigerTesting
import Testing

/// Lists that are read in pages.
@Suite struct ListTests {
    private func texts(_ value: JSONValue?) -> [String] {
        guard case .array(let elements) = value else { return [] }
        return elements.compactMap(\.text)
    }

    @Test(arguments: [1, 2, 3, 7, 8, 100])
    func `Pages show every key once, newest first, also keys of one second`(limit: Int) async throws {
        let fixture = try await HuaweiFixture()
        var made: [String] = []
        for index in 0..<7 {
            made.insert(try await fixture.createKey("key\(index)"), at: 0)
            if index == 3 { fixture.clock.advance(by: .seconds(1)) }
        }
        var seen: [String] = []
        var marker = "0"
        repeat {
            let page = try await fixture.call("list-keys", "{\"limit\":\"\(limit)\",\"marker\":\"\(marker)\"}")
            let keys = texts(page["keys"])
            #expect(keys.count <= limit)
            #expect(page["total"] == .number(Array("8".utf8)[...]))
            seen += keys
            marker = try #require(page["next_marker"]?.text)
            #expect(page["truncated"]?.text == (marker.isEmpty ? "false" : "true"))
            #expect(marker.isEmpty || keys.count == limit)
        } while !marker.isEmpty
        #expect(seen.dropLast() == made[...])
        // The default master key was there before all others.
        #expect(try await fixture.info(of: try #require(seen.last))["default_key_flag"]?.text == "1")
    }

    @Test(arguments: [1, 2, 5])
    func `Pages of a search show every key once, newest first`(limit: Int) async throws {
        let fixture = try await HuaweiFixture()
        var made: [String] = []
        for index in 0..<5 {
            let key = try await fixture.createKey("key\(index)")
            try await fixture.call("\(key)/tags", "{\"tag\":{\"key\":\"env\",\"value\":\"\(index)\"}}")
            made.insert(key, at: 0)
        }
        _ = try await fixture.createKey("untagged")
        var seen: [String] = []
        for offset in stride(from: 0, to: 5, by: limit) {
            let search = """
                {"action":"filter","limit":"\(limit)","offset":"\(offset)","tags":[{"key":"env"}]}
                """
            let page = try await fixture.call("resource_instances/action", search)
            #expect(page["total_count"] == .number(Array("5".utf8)[...]))
            guard case .array(let resources) = page["resources"] else { continue }
            seen += resources.compactMap { $0["resource_id"]?.text }
        }
        #expect(seen == made)
    }

    @Test func `A search that says no limit gives ten keys`() async throws {
        let fixture = try await HuaweiFixture()
        for index in 0..<11 { _ = try await fixture.createKey("key\(index)") }
        let page = try await fixture.call("resource_instances/action", "{\"action\":\"filter\"}")
        guard case .array(let resources) = page["resources"] else {
            Issue.record("no resources")
            return
        }
        #expect(resources.count == 10)
        #expect(page["total_count"] == .number(Array("12".utf8)[...]))
    }
}
