import ClavigerAudit
import ClavigerCore
import ClavigerCrypto
import Foundation
import Logging
import Testing

#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#elseif canImport(Darwin)
    import Darwin
#endif

@Suite struct AuditLogTests {
    @Test func `What is recorded can be read and verified`() async throws {
        let fixture = try AuditFixture()
        try await fixture.write(3)
        let lines = try fixture.lines()
        #expect(lines.count == 5)
        let record = try JSONParser.parse(Array(lines[1].utf8))
        #expect(record["action"]?.text == "Encrypt")
        #expect(record["request"]?.text == "request-1")
        #expect(record["seq"] == .number(Array("1".utf8)[...]))
        let report = try fixture.verify(macKey: AuditFixture.macKey)
        #expect(report.fault == nil)
        #expect(report.firstSequence == 1)
        #expect(report.lastVerifiedSequence == 3)
        #expect(report.eventCount == 3)
        #expect(report.segmentCount == 1)
        #expect(report.uncoveredCount == 0)
    }

    @Test func `Whatever text an event holds is one line of JSON`() async throws {
        let fixture = try AuditFixture()
        let log = try fixture.open()
        var event = AuditFixture.event(1)
        event.requestID = "\"},\n{\u{0}\\ \u{1F511}"
        event.account = nil
        try log.record(event)
        await log.close()
        let line = try fixture.lines()[1]
        let record = try JSONParser.parse(Array(line.utf8))
        #expect(record["request"]?.text == event.requestID)
        #expect(record["account"] == nil)
        #expect(try fixture.verify().fault == nil)
    }

    @Test(arguments: [
        ("allowed", "readers#1", #""outcome":"ok","decision":"allowed","policy":"readers#1","microseconds":41,"#),
        ("root", nil, #""outcome":"ok","decision":"root","microseconds":41,"#),
        (nil, nil, #""outcome":"ok","microseconds":41,"#),
    ])
    func `What the policies said stands behind the outcome`(
        decision: String?, policy: String?, expected: String
    ) async throws {
        let fixture = try AuditFixture()
        let log = try fixture.open()
        var event = AuditFixture.event(1)
        event.decision = decision
        event.policy = policy
        try log.record(event)
        await log.close()
        #expect(try fixture.lines()[1].contains(expected))
    }

    @Test func `A restart continues the chain`() async throws {
        let fixture = try AuditFixture()
        try await fixture.write(3)
        try await fixture.write(2)
        let report = try fixture.verify(macKey: AuditFixture.macKey)
        #expect(report.fault == nil)
        #expect(report.lastVerifiedSequence == 5)
        #expect(report.segmentCount == 1)
    }

    @Test func `A killed process loses nothing that it answered`() async throws {
        let fixture = try AuditFixture()
        let log = try fixture.open()
        for number in 1...5 { try log.record(AuditFixture.event(number)) }
        let left = try fixture.snapshot()
        await log.close()
        try await left.write(1)
        let report = try left.verify(macKey: AuditFixture.macKey)
        #expect(report.fault == nil)
        #expect(report.lastVerifiedSequence == 6)
    }

    @Test func `A torn last line is cut off and that is recorded`() async throws {
        let fixture = try AuditFixture()
        try await fixture.write(2)
        let bytes = try fixture.bytes()
        try fixture.replace(with: bytes + Array(#"{"seq":3,"ti"#.utf8))
        #expect(try fixture.verify().unfinishedBytes == 12)
        try await fixture.write(1)
        let report = try fixture.verify(macKey: AuditFixture.macKey)
        #expect(report.fault == nil)
        #expect(report.lastVerifiedSequence == 4)
        let lines = try fixture.lines()
        #expect(lines.contains { $0.contains(#""action":"audit.recovered""#) && $0.contains(#""bytes:12""#) })
    }

    @Test func `A segment that is full is followed by another`() async throws {
        let fixture = try AuditFixture()
        try await fixture.writeSegments(3)
        #expect(try fixture.segments() == [1, 2, 3, 4].map(AuditFixture.segmentName))
        let report = try fixture.verify(macKey: AuditFixture.macKey)
        #expect(report.fault == nil)
        #expect(report.segmentCount == 4)
        #expect(report.lastVerifiedSequence == 3)
        for segment in try fixture.segments() {
            let lines = try fixture.lines(of: segment)
            #expect(lines.first?.hasPrefix(#"{"checkpoint""#) == true)
            #expect(lines.last?.hasPrefix(#"{"checkpoint""#) == true)
        }
        try await fixture.write(1)
        #expect(try fixture.verify().lastVerifiedSequence == 4)
    }

    @Test func `Records from many threads make one chain`() async throws {
        let fixture = try AuditFixture()
        let log = try fixture.open(.init(segmentSize: 100_000, checkpointRecords: 64))
        await withThrowingTaskGroup(of: Void.self) { group in
            for task in 0..<8 {
                group.addTask {
                    for number in 0..<250 {
                        let event = AuditFixture.event(1000 * task + number)
                        if number % 50 == 0 { try await log.recordDurably(event) } else { try log.record(event) }
                    }
                }
            }
        }
        await log.close()
        let report = try fixture.verify(macKey: AuditFixture.macKey)
        #expect(report.fault == nil)
        #expect(report.eventCount == 2000)
        #expect(report.lastVerifiedSequence == 2000)
        #expect(report.segmentCount > 1)
        #expect(report.checkpointCount > 8)
    }

    @Test func `A checkpoint follows by itself, in the log and in the head`() async throws {
        let fixture = try AuditFixture()
        let log = try fixture.open(.init(checkpointInterval: .milliseconds(20)))
        try log.record(AuditFixture.event(1))
        let head = URL(fileURLWithPath: fixture.head)
        try await waitUntil { try String(contentsOf: head, encoding: .utf8).hasPrefix(#"{"checkpoint":{"seq":1,"#) }
        let report = try fixture.verify()
        #expect(report.fault == nil)
        #expect(report.uncoveredCount == 0)
        await log.close()
    }

    @Test func `The tail that no checkpoint covers yet is counted`() async throws {
        let fixture = try AuditFixture()
        let log = try fixture.open(.init(checkpointInterval: .seconds(3600)))
        for number in 1...4 { try log.record(AuditFixture.event(number)) }
        let report = try fixture.verify()
        #expect(report.fault == nil)
        #expect(report.uncoveredCount == 4)
        #expect(report.lastVerifiedSequence == nil)
        await log.close()
    }

    @Test func `Durable records that come together share syncs`() async throws {
        let fixture = try AuditFixture()
        let log = try fixture.open()
        let start = ContinuousClock.now
        await withThrowingTaskGroup(of: Void.self) { group in
            for number in 1...2000 {
                group.addTask { try await log.recordDurably(AuditFixture.event(number)) }
            }
        }
        print("2000 durable records at once:", ContinuousClock.now - start)
        let one = ContinuousClock.now
        for number in 1...50 { try await log.recordDurably(AuditFixture.event(number)) }
        print("50 durable records one by one:", ContinuousClock.now - one)
        #expect(log.lastSequence == 2050)
        await log.close()
        #expect(try fixture.verify().lastVerifiedSequence == 2050)
    }

    @Test func `A closed log refuses records`() async throws {
        let fixture = try AuditFixture()
        let log = try fixture.open()
        await log.close()
        await log.close()
        #expect(!log.isHealthy)
        #expect(throws: KMSError.self) { try log.record(AuditFixture.event(1)) }
        await #expect(throws: KMSError.self) { try await log.recordDurably(AuditFixture.event(1)) }
    }

    @Test func `A record beyond the limit is refused and does no harm`() async throws {
        let fixture = try AuditFixture()
        let log = try fixture.open()
        let event = AuditFixture.event(1, resources: [String(repeating: "x", count: 1 << 20)])
        let error = #expect(throws: KMSError.self) { try log.record(event) }
        #expect(error?.code == .payloadTooLarge)
        #expect(log.isHealthy)
        try log.record(AuditFixture.event(1))
        await log.close()
        #expect(try fixture.verify().eventCount == 1)
    }

    @Test func `Only one writer at a time`() async throws {
        let fixture = try AuditFixture()
        let log = try fixture.open()
        let error = #expect(throws: KMSError.self) { try fixture.open() }
        #expect(error?.code == .auditUnavailable)
        #expect(error?.message.contains("another process") == true)
        await log.close()
        await (try fixture.open()).close()
    }

    @Test func `Files and directories that are not what they seem are refused`() async throws {
        let fixture = try AuditFixture()
        try await fixture.write(1)
        let segment = "\(fixture.directory)/\(try #require(fixture.segments().last))"
        try FileManager.default.moveItem(atPath: segment, toPath: fixture.root + "/elsewhere")
        try FileManager.default.createSymbolicLink(atPath: segment, withDestinationPath: fixture.root + "/elsewhere")
        #expect(throws: KMSError.self) { try fixture.open() }
        try FileManager.default.removeItem(atPath: segment)
        mkfifo(segment, 0o600)
        #expect(throws: KMSError.self) { try fixture.open() }
        #expect(throws: KMSError.self) { try fixture.verify() }

        let other = try AuditFixture()
        try FileManager.default.createSymbolicLink(atPath: other.directory, withDestinationPath: fixture.directory)
        #expect(throws: KMSError.self) { try other.open() }
    }

    @Test func `The head cannot be in the log's directory`() throws {
        let fixture = try AuditFixture()
        #expect(throws: KMSError.self) {
            try AuditLog(
                directory: fixture.directory, head: fixture.directory + "/../log/head", macKey: AuditFixture.macKey,
                signingKey: AuditFixture.signingKey, logger: .init(label: "audit"))
        }
    }

    @Test func `Files are for the owner only`() async throws {
        let fixture = try AuditFixture()
        try await fixture.write(1)
        for path in [fixture.directory, fixture.head, "\(fixture.directory)/\(AuditFixture.segmentName(1))"] {
            var status = stat()
            #expect(stat(path, &status) == 0)
            #expect(status.st_mode & 0o077 == 0)
        }
    }

    @Test func `What a restart costs after few and after many records`() async throws {
        var costs: [Duration] = []
        for count in [200, 10_000] {
            let fixture = try AuditFixture()
            try await fixture.write(count, .init(checkpointRecords: 100))
            let start = ContinuousClock.now
            let log = try fixture.open()
            costs.append(ContinuousClock.now - start)
            await log.close()
        }
        print("opening after 200 records:", costs[0], "after 10,000:", costs[1])
    }

    @Test func `What a record costs`() async throws {
        let fixture = try AuditFixture()
        for interval in [Duration.zero, .milliseconds(1), .milliseconds(5)] {
            let log = try fixture.open(.init(dataSyncInterval: interval))
            let event = AuditFixture.event(1)
            let count = 5000
            let time = try ContinuousClock().measure { for _ in 0..<count { try log.record(event) } }
            print("record() with syncs every \(interval) at most:", time / count)
            await log.close()
        }
        let bytes = try fixture.bytes().count
        let start = ContinuousClock.now
        #expect(try fixture.verify().fault == nil)
        let time = ContinuousClock.now - start
        print("verified \(bytes) bytes in", time)
    }
}
