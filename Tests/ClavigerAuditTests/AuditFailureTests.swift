import ClavigerAudit
import ClavigerCore
import Foundation
import Testing

#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#elseif canImport(Darwin)
    import Darwin
#endif

/// What happens when the disk does not do its part.
@Suite(.serialized) struct AuditFailureTests {
    #if os(Linux)
        /// Puts the file at `path` in the place of the open file at `target`, while `body` runs.
        private func replacing(
            _ target: String, by path: String, while body: () async throws -> Void
        ) async throws {
            let links = try FileManager.default.contentsOfDirectory(atPath: "/proc/self/fd")
            let descriptor = try #require(
                links.compactMap { Int32($0) }.first {
                    (try? FileManager.default.destinationOfSymbolicLink(atPath: "/proc/self/fd/\($0)")) == target
                })
            let original = dup(descriptor)
            let replacement = open(path, O_WRONLY)
            #expect(dup2(replacement, descriptor) == descriptor)
            try await body()
            #expect(dup2(original, descriptor) == descriptor)
            close(original)
            close(replacement)
        }

        @Test func `A full disk fails the call, turns health red, and heals`() async throws {
            let fixture = try AuditFixture()
            let log = try fixture.open()
            try await log.recordDurably(AuditFixture.event(1))
            let segment = "\(fixture.directory)/\(AuditFixture.segmentName(1))"
            try await replacing(segment, by: "/dev/full") {
                let error = #expect(throws: KMSError.self) { try log.record(AuditFixture.event(2)) }
                #expect(error?.code == .auditUnavailable)
                #expect(!log.isHealthy)
                await #expect(throws: KMSError.self) { try await log.recordDurably(AuditFixture.event(2)) }
            }
            try await log.recordDurably(AuditFixture.event(2))
            try await waitUntil { log.isHealthy }
            await log.close()
            let report = try fixture.verify(macKey: AuditFixture.macKey)
            #expect(report.fault == nil)
            #expect(report.lastVerifiedSequence == 2)
        }

        @Test func `Health comes back without a call when the disk does`() async throws {
            let fixture = try AuditFixture()
            let log = try fixture.open(.init(checkpointInterval: .milliseconds(10)))
            let segment = "\(fixture.directory)/\(AuditFixture.segmentName(1))"
            try await replacing(segment, by: "/dev/full") {
                #expect(throws: KMSError.self) { try log.record(AuditFixture.event(1)) }
                #expect(!log.isHealthy)
            }
            try await waitUntil { log.isHealthy }
            await log.close()
            #expect(try fixture.verify().fault == nil)
        }

        @Test func `A failed sync is told to those who wait for it`() async throws {
            let fixture = try AuditFixture()
            let log = try fixture.open(.init(checkpointInterval: .seconds(3600)))
            // Nothing can be synced there, but much can be written.
            try await replacing("\(fixture.directory)/\(AuditFixture.segmentName(1))", by: "/dev/null") {
                let error = await #expect(throws: KMSError.self) { try await log.recordDurably(AuditFixture.event(1)) }
                #expect(error?.code == .auditUnavailable)
                #expect(!log.isHealthy)
            }
            try await log.recordDurably(AuditFixture.event(2))
            #expect(log.isHealthy)
            await log.close()
        }

        @Test func `A line that was written in part is taken back`() async throws {
            let fixture = try AuditFixture()
            // A checkpoint would still fit in where a large record does not, and show that the log can be written again.
            let log = try fixture.open(.init(segmentSize: 1 << 30, checkpointInterval: .seconds(3600)))
            let large = AuditFixture.event(1, resources: [String(repeating: "x", count: 900_000)])
            signal(SIGXFSZ, SIG_IGN)
            var limit = rlimit()
            getrlimit(__rlimit_resource_t(RLIMIT_FSIZE.rawValue), &limit)
            // More than any file of the tests that run meanwhile.
            var lowered = rlimit(rlim_cur: 80_000_000, rlim_max: limit.rlim_max)
            setrlimit(__rlimit_resource_t(RLIMIT_FSIZE.rawValue), &lowered)
            var written = 0
            #expect(throws: KMSError.self) {
                while true {
                    try log.record(large)
                    written += 1
                }
            }
            #expect(written > 80)
            #expect(!log.isHealthy)
            let left = try fixture.bytes()
            #expect(left.last == UInt8(ascii: "\n"))
            #expect(left.count < 80_000_000)
            setrlimit(__rlimit_resource_t(RLIMIT_FSIZE.rawValue), &limit)
            try log.record(large)
            try await waitUntil { log.isHealthy }
            await log.close()
            let report = try fixture.verify(macKey: AuditFixture.macKey)
            #expect(report.fault == nil)
            #expect(report.lastVerifiedSequence == UInt64(written + 1))
        }
    #endif
}
