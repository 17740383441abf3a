import ClavigerAudit
import ClavigerCore
import Foundation
import Synchronization
import Testing

@Suite struct AuditReaderTests {
    private func numbers(_ lines: [String]) -> [Int] {
        lines.compactMap { Int($0.dropFirst(#"{"seq":"#.count).prefix { $0 != "," }) }
    }

    private func read(_ fixture: AuditFixture, last count: Int) async throws -> [Int] {
        var lines: [String] = []
        for try await line in AuditReader(directory: fixture.directory, last: count, following: false) {
            lines.append(line)
        }
        return numbers(lines)
    }

    @Test(arguments: [(0, []), (1, [5]), (3, [3, 4, 5]), (5, [1, 2, 3, 4, 5]), (99, [1, 2, 3, 4, 5])])
    func `The last events are given`(count: Int, expected: [Int]) async throws {
        let fixture = try AuditFixture()
        try await fixture.write(5)
        #expect(try await read(fixture, last: count) == expected)
    }

    @Test(arguments: [(0, []), (1, [4]), (2, [3, 4]), (4, [1, 2, 3, 4]), (9, [1, 2, 3, 4])])
    func `The last events are given across segments`(count: Int, expected: [Int]) async throws {
        let fixture = try AuditFixture()
        try await fixture.writeSegments(3)
        try await fixture.write(1)
        #expect(try await read(fixture, last: count) == expected)
    }

    @Test func `Many events are given in order`() async throws {
        let fixture = try AuditFixture()
        try await fixture.write(5000, .init(checkpointRecords: 50))
        #expect(try await read(fixture, last: 4321) == Array(680...5000))
    }

    @Test func `New events are given as they come, across segments`() async throws {
        let fixture = try AuditFixture()
        try await fixture.write(2)
        let log = try fixture.open(.init(segmentSize: 3000))
        let reader = AuditReader(
            directory: fixture.directory, last: 1000, following: true, pollInterval: .milliseconds(5))
        let reading = Task {
            var lines: [String] = []
            for try await line in reader {
                lines.append(line)
                if lines.count == 102 { break }
            }
            return lines
        }
        for number in 1...100 {
            try log.record(AuditFixture.event(number))
            if number % 25 == 0 { try await waitUntil { try fixture.segments().count > number / 25 } }
        }
        #expect(numbers(try await reading.value) == Array(1...102))
        await log.close()
        #expect(try fixture.segments().count > 3)
    }

    @Test func `Following ends when its task is cancelled`() async throws {
        let fixture = try AuditFixture()
        try await fixture.write(2)
        let reader = AuditReader(directory: fixture.directory, last: 5, following: true)
        let count = Mutex(0)
        let reading = Task {
            for try await _ in reader { count.withLock { $0 += 1 } }
        }
        try await waitUntil { count.withLock { $0 } == 2 }
        reading.cancel()
        try await reading.value
    }
}
