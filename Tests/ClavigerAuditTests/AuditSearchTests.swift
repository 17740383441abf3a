import ClavigerAudit
import ClavigerCore
import ClavigerCrypto
import Foundation
import Testing

@Suite struct AuditSearchTests {
    private static let key = "3f2b1c9e-0000-4000-8000-5d1f0a7c9e11"
    private static let otherKey = "77777777-0000-4000-8000-5d1f0a7c9e11"
    private static let minute: Int64 = 60_000_000
    private static let firstTime: Int64 = 1_760_000_000_000_000

    private func numbers(_ result: AuditSearchResult) -> [Int] {
        result.records.compactMap { Int($0.dropFirst(#"{"seq":"#.count).prefix { $0 != "," }) }
    }

    private func search(_ fixture: AuditFixture, _ filter: AuditFilter) throws -> [Int] {
        numbers(try AuditSearch(directory: fixture.directory).run(filter))
    }

    /// A closed log of these events, with segments of as many records or fewer.
    private func log(_ events: [AuditEvent], perSegment: Int = .max) async throws -> AuditFixture {
        let fixture = try AuditFixture()
        // Every record is longer than 300 bytes. The log's own thread begins a segment when it sees that one is full.
        let log = try fixture.open(.init(segmentSize: perSegment == .max ? 1 << 30 : perSegment * 300))
        for (index, event) in events.enumerated() {
            try log.record(event)
            if (index + 1).isMultiple(of: perSegment) {
                try await waitUntil { try fixture.segments().count > (index + 1) / perSegment }
            }
        }
        await log.close()
        return fixture
    }

    private static let events: [AuditEvent] = {
        var events = (1...6).map { AuditFixture.event($0, resources: [key]) }
        events[1].action = "Decrypt"
        events[1].outcome = "UnauthorizedOperation"
        events[1].principal = nil
        events[2].action = "EncryptData"
        events[2].principal = "AKIDother"
        events[2].accessKeyID = "AKIDthird"
        events[2].source = "2001:db8::7:51234"
        events[3].resources = [otherKey, key]
        events[3].accessKeyID = "AKIDother"
        events[3].source = "192.0.2.70:51234"
        events[4].resources = [otherKey]
        events[4].requestID = key
        events[4].account = "100000000002"
        events[4].principal = "ok"
        events[4].source = "local"
        events[5].resources = ["root", "Decrypt", "UnauthorizedOperation", "192.0.2.7:1", "100000000002"]
        events[5].outcome = "UnauthorizedOperation.Token"
        events[5].principal = nil
        return events
    }()

    @Test(arguments: [
        (AuditFilter(), [6, 5, 4, 3, 2, 1]),
        (.init(key: key), [4, 3, 2, 1]),
        (.init(key: otherKey), [5, 4]),
        (.init(key: "3f2b1c9e"), []),
        (.init(principal: "root"), [4, 1]),
        (.init(principal: "AKIDother"), [4, 3]),
        (.init(principal: "AKIDexample"), [6, 5, 2, 1]),
        (.init(principal: "ok"), [5]),
        (.init(account: "100000000002"), [5]),
        (.init(account: "10000000000"), []),
        (.init(action: "Encrypt"), [6, 5, 4, 1]),
        (.init(action: "Encrypt*"), [6, 5, 4, 3, 1]),
        (.init(action: "Decrypt*"), [2]),
        (.init(action: "*"), [6, 5, 4, 3, 2, 1]),
        (.init(outcome: "ok"), [5, 4, 3, 1]),
        (.init(outcome: "UnauthorizedOperation"), [2]),
        (.init(outcome: "refused"), [6, 2]),
        (.init(source: "192.0.2.7"), [6, 2, 1]),
        (.init(source: "2001:db8::7"), [3]),
        (.init(source: "local"), [5]),
        (.init(source: "192.0.2.7:51234"), []),
        (.init(key: key, action: "Encrypt", source: "192.0.2.7"), [1]),
        (.init(key: key, principal: "AKIDexample", account: "100000000001", outcome: "refused"), [2]),
        (.init(account: "100000000001", action: "Encrypt", outcome: "refused"), [6]),
        (.init(from: firstTime + 3), [6, 5, 4, 3]),
        (.init(to: firstTime + 3), [2, 1]),
        (.init(from: firstTime + 2, to: firstTime + 4), [3, 2]),
        (.init(from: .min, to: .max), [6, 5, 4, 3, 2, 1]),
        (.init(from: .max), []),
        (.init(to: .min), []),
        (.init(before: 3), [2, 1]),
        (.init(before: 1), []),
        (.init(before: .max), [6, 5, 4, 3, 2, 1]),
        (.init(limit: 2), [6, 5]),
        (.init(limit: 0), []),
    ])
    func `A filter finds the records whose members are as it says`(filter: AuditFilter, expected: [Int]) async throws {
        #expect(try search(try await log(Self.events), filter) == expected)
    }

    @Test(arguments: [
        AuditFilter(), .init(key: key), .init(action: "Encrypt"), .init(outcome: "refused"), .init(to: firstTime + 5),
        .init(from: firstTime + 4), .init(before: 5),
    ])
    func `It does not matter how a log is cut into segments`(filter: AuditFilter) async throws {
        let whole = try await log(Self.events)
        let cut = try await log(Self.events, perSegment: 1)
        #expect(try cut.segments().count == Self.events.count + 1)
        #expect(try search(cut, filter) == search(whole, filter))
    }

    @Test func `The records are the log's lines`() async throws {
        let fixture = try await log(Self.events)
        let result = try AuditSearch(directory: fixture.directory).run(.init())
        #expect(result.records == (try fixture.lines()).filter { $0.hasPrefix(#"{"seq":"#) }.reversed())
        #expect(result.next == nil)
    }

    @Test(arguments: ["\"", "\\", "a\"b\\c", "tab\tnewline\n", "\u{1}\u{7F}", "钥匙", "\u{1F511}", "/", ""])
    func `A name is found however JSON spells it`(name: String) async throws {
        var events = (1...4).map { AuditFixture.event($0) }
        events[0].principal = name
        events[1].resources = [name]
        events[2].action = name
        events[3].principal = "\(name)x"
        let fixture = try await log(events)
        #expect(try search(fixture, .init(principal: name)) == [1])
        #expect(try search(fixture, .init(key: name)) == [2])
        #expect(try search(fixture, .init(action: name)) == [3])
    }

    @Test(arguments: [AuditFilter(), .init(key: key), .init(action: "Encrypt*", before: 290), .init(outcome: "ok")])
    func `The pages of a search hold what one search finds`(filter: AuditFilter) async throws {
        let fixture = try await log(
            (1...300).map { AuditFixture.event($0, resources: [$0 % 3 == 0 ? Self.key : Self.otherKey]) },
            perSegment: 110)
        var filter = filter
        filter.limit = 1000
        let all = try search(fixture, filter)
        #expect(all.count >= 100)
        filter.limit = 7
        var paged: [Int] = []
        repeat {
            let page = try AuditSearch(directory: fixture.directory).run(filter)
            #expect(page.records.count <= 7)
            #expect(page.records.count == 7 || page.next == nil)
            paged += numbers(page)
            filter.before = page.next
        } while filter.before != nil
        #expect(paged == all)
    }

    @Test func `A search that ends with the log's first record has no next page`() async throws {
        let fixture = try await log(Self.events)
        #expect(try AuditSearch(directory: fixture.directory).run(.init(limit: 6)).next == nil)
        #expect(try AuditSearch(directory: fixture.directory).run(.init(limit: 5)).next == 2)
    }

    @Test(arguments: [(0, 1), (0, 30), (14, 15), (29, 40), (-10, 0), (25, 26), (31, 32)])
    func `A span of time is found though calls end in another order than they arrive`(
        from: Int64, to: Int64
    ) async throws {
        // Recorded every second for half an hour; each call took up to eight minutes.
        let events = (0..<1800).map { second in
            var event = AuditFixture.event(second + 1)
            event.time = Self.firstTime + Int64(second) * 1_000_000 - Int64(second * 7919 % 480) * 1_000_000
            return event
        }
        let fixture = try await log(events, perSegment: 700)
        let span = (Self.firstTime + from * Self.minute)..<(Self.firstTime + to * Self.minute)
        let expected = events.indices.filter { span.contains(events[$0].time) }.map { $0 + 1 }
        let found = try search(fixture, .init(from: span.lowerBound, to: span.upperBound, limit: 5000))
        #expect(found == expected.reversed())
    }

    @Test func `Sequence numbers are found in long segments`() async throws {
        let fixture = try await log((1...3000).map { AuditFixture.event($0) }, perSegment: 1400)
        for before: UInt64 in [2, 3, 700, 1399, 1400, 1401, 1402, 2222, 2801, 2802, 3000, 3001, 9999] {
            let last = Int(min(before - 1, 3000))
            #expect(try search(fixture, .init(limit: 3, before: before)) == (max(1, last - 2)...last).reversed())
        }
    }

    @Test func `A line in the making is no record yet`() async throws {
        let fixture = try await log(Self.events)
        let bytes = try fixture.bytes()
        for line in try fixture.lines().filter({ $0.hasPrefix(#"{"seq":6"#) }) {
            for unfinished in [String(line.prefix(9)), String(line.dropLast()), line] {
                try fixture.replace(with: bytes + Array(unfinished.utf8))
                #expect(try search(fixture, .init()) == [6, 5, 4, 3, 2, 1])
            }
        }
    }

    @Test(arguments: ["", "{}", #"{"seq":9}"#, #"{"seq":9,"time":1,"action":"Encrypt""#, "\u{0}"])
    func `Lines that are no records are passed over`(foreign: String) async throws {
        let fixture = try await log(Self.events)
        var lines = try fixture.lines()
        lines.insert(foreign, at: 3)
        try fixture.replace(withLines: lines)
        #expect(try search(fixture, .init()) == [6, 5, 4, 3, 2, 1])
        #expect(try search(fixture, .init(action: "Encrypt")) == [6, 5, 4, 1])
        #expect(try search(fixture, .init(from: Self.firstTime, to: Self.firstTime + 3)) == [2, 1])
    }

    @Test(arguments: [1 << 16, 1 << 19, 1 << 20, 1 << 21, 5 << 20])
    func `Lines of any length are passed over`(length: Int) async throws {
        let fixture = try await log(Self.events)
        var lines = try fixture.lines()
        lines.insert(String(repeating: "x", count: length), at: 3)
        try fixture.replace(withLines: lines)
        #expect(try search(fixture, .init(key: Self.key)) == [4, 3, 2, 1])
        #expect(try search(fixture, .init(from: Self.firstTime, to: Self.firstTime + 3)) == [2, 1])
        let bytes = try fixture.bytes()
        try fixture.replace(with: bytes + [UInt8](repeating: UInt8(ascii: "x"), count: length))
        #expect(try search(fixture, .init(key: Self.key)) == [4, 3, 2, 1])
    }

    @Test func `The longest records are found`() async throws {
        let resources = (0..<24_000).map { "3f2b1c9e-0000-4000-8000-\(100_000_000_000 + $0)" }
        let fixture = try await log([
            AuditFixture.event(1), AuditFixture.event(2, resources: resources), AuditFixture.event(3),
        ])
        #expect(try search(fixture, .init()) == [3, 2, 1])
        #expect(try search(fixture, .init(key: resources[12_345])) == [2])
        #expect(try search(fixture, .init(to: Self.firstTime + 3)) == [2, 1])
    }

    @Test func `A log can be searched while it is written`() async throws {
        let fixture = try AuditFixture()
        let log = try fixture.open(.init(segmentSize: 20_000))
        try log.record(AuditFixture.event(1))
        let writing = Task {
            for number in 2...2000 {
                try log.record(AuditFixture.event(number))
                if number.isMultiple(of: 50) { try await Task.sleep(for: .milliseconds(1)) }
                if number.isMultiple(of: 500) { try await waitUntil { try fixture.segments().count > number / 500 } }
            }
        }
        var last = 0
        while last < 2000 {
            let found = try search(fixture, .init(key: Self.key, limit: 5000))
            let count = try #require(found.first)
            #expect(count >= last)
            #expect(found == (1...count).reversed())
            last = count
            await Task.yield()
        }
        try await writing.value
        await log.close()
        #expect(try fixture.segments().count > 3)
    }

    @Test func `An empty log has no records`() async throws {
        let fixture = try AuditFixture()
        await (try fixture.open()).close()
        let result = try AuditSearch(directory: fixture.directory).run(.init())
        #expect(result.records == [])
        #expect(result.next == nil)
    }

    @Test func `A log that is not there is an error`() throws {
        let fixture = try AuditFixture()
        let error = #expect(throws: KMSError.self) {
            try AuditSearch(directory: fixture.directory).run(.init())
        }
        #expect(error?.code == .auditUnavailable)
    }
}
