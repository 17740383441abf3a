import ClavigerCore
import ClavigerStoreSQLite
import ClavigerTesting
import Testing

/// Prints how long things take; what they may cost is a matter of `Benchmarks/`.
@Suite struct SQLiteKeyStoreTimings {
    @Test func `Two thousand keys are listed from the first page to the last`() async throws {
        let directory = try TemporaryDirectory()
        let store = try SQLiteKeyStore(path: directory.database)
        let scope = SampleKey.scope()
        let clock = ContinuousClock()
        let count = 2000

        let inserting = try await clock.measure {
            try await withThrowingTaskGroup(of: Void.self) { group in
                for worker in 0..<64 {
                    group.addTask {
                        for number in stride(from: worker, to: count, by: 64) {
                            let key = SampleKey.make(
                                "key \(number)", in: scope, tags: [KeyTag(key: "n", value: "\(number % 10)")])
                            try await store.insert(key, version: SampleKey.version(of: key), limit: count)
                        }
                    }
                }
                try await group.waitForAll()
            }
        }
        print("inserting \(count) keys, 64 callers at once: \(inserting)")

        var ofBothRoles = KeyQuery(scope: scope)
        ofBothRoles.role = nil
        var enabled = ofBothRoles
        enabled.states = [.enabled]
        var tagged = KeyQuery(scope: scope)
        tagged.tagFilters = [KeyQuery.TagFilter(key: "n", values: [])]
        var searched = KeyQuery(scope: scope)
        searched.search = "key"
        var short = KeyQuery(scope: scope)
        short.search = "y "
        for (name, query) in [
            ("all", KeyQuery(scope: scope)), ("of both roles", ofBothRoles), ("of both roles, enabled", enabled),
            ("by tag", tagged), ("by text", searched), ("by two letters", short),
        ] {
            var times: [Duration] = []
            for offset in stride(from: 0, to: count, by: 200) {
                var page = KeyPage(keys: [], total: 0)
                times.append(try await clock.measure { page = try await store.list(query, offset: offset, limit: 200) })
                #expect(page.keys.count == 200 && page.total == count)
            }
            print("listing \(name): first page \(times[0]), second \(times[1]), last \(times[times.count - 1])")
        }
        let one = SampleKey.make("one more", in: scope)
        print("one insert: \(try await clock.measure { try await store.insert(one, version: nil, limit: .max) })")
        let cold = try await clock.measure {
            _ = try await store.list(KeyQuery(scope: scope), offset: count - 200, limit: 200)
        }
        print("last page after a change: \(cold)")
    }
}
