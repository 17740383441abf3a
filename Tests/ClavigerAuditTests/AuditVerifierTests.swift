import ClavigerAudit
import ClavigerCore
import ClavigerCrypto
import Foundation
import Testing

/// Every way to tamper with a log is found with the public key alone.
@Suite struct AuditVerifierTests {
    @Test func `A change of any byte is found`() async throws {
        let fixture = try AuditFixture()
        try await fixture.write(2)
        let bytes = try fixture.bytes()
        for index in bytes.indices {
            var changed = bytes
            changed[index] ^= 1
            try fixture.replace(with: changed)
            let report = try fixture.verify()
            // Without the last newline the last line is one in the making; nothing before it is lost.
            let isLast = index == bytes.count - 1
            #expect(isLast ? report.unfinishedBytes > 0 : report.fault != nil, "byte \(index)")
        }
    }

    @Test(arguments: [
        ("Encrypt", "Decrypt"), ("request-2", "request-7"), ("192.0.2.7", "192.0.2.9"), (#""ok""#, #""no""#),
        (":41,", ":42,"),
    ])
    func `An edited record is found`(before: String, after: String) async throws {
        let fixture = try AuditFixture()
        try await fixture.write(3)
        var lines = try fixture.lines()
        lines[2] = lines[2].replacingOccurrences(of: before, with: after)
        try fixture.replace(withLines: lines)
        let fault = try #require(try fixture.verify(head: false).fault)
        #expect(fault.kind == .editedRecord)
        #expect(fault.sequences == 1...3)
        #expect(fault.line == 5)
        let exact = try #require(try fixture.verify(macKey: AuditFixture.macKey).fault)
        #expect(exact.kind == .editedRecord)
        #expect(exact.sequences == 2...2)
        #expect(exact.line == 3)
    }

    @Test func `A removed record is found`() async throws {
        let fixture = try AuditFixture()
        try await fixture.write(4)
        var lines = try fixture.lines()
        lines.remove(at: 2)
        try fixture.replace(withLines: lines)
        let fault = try #require(try fixture.verify(head: false).fault)
        #expect(fault.kind == .missingRecords)
        #expect(fault.sequences == 2...2)
        #expect(fault.line == 3)
        #expect(fault.file == AuditFixture.segmentName(1))
    }

    @Test func `The removal of the record before a checkpoint is found`() async throws {
        let fixture = try AuditFixture()
        try await fixture.write(4)
        var lines = try fixture.lines()
        lines.remove(at: 4)
        try fixture.replace(withLines: lines)
        let fault = try #require(try fixture.verify(head: false).fault)
        #expect(fault.kind == .missingRecords)
        #expect(fault.sequences == 4...4)
    }

    @Test func `Records that changed places are found`() async throws {
        let fixture = try AuditFixture()
        try await fixture.write(4)
        var lines = try fixture.lines()
        lines.swapAt(2, 3)
        try fixture.replace(withLines: lines)
        let fault = try #require(try fixture.verify(head: false).fault)
        #expect(fault.kind == .reorderedRecord)
        #expect(fault.sequences == 2...2)
        #expect(fault.line == 3)
    }

    @Test func `A record that is there twice is found`() async throws {
        let fixture = try AuditFixture()
        try await fixture.write(3)
        var lines = try fixture.lines()
        lines.insert(lines[2], at: 3)
        try fixture.replace(withLines: lines)
        let fault = try #require(try fixture.verify(head: false).fault)
        #expect(fault.kind == .duplicateRecord)
        #expect(fault.sequences == 2...2)
        #expect(fault.line == 4)
    }

    @Test func `A line that is none of the log's is found`() async throws {
        let fixture = try AuditFixture()
        try await fixture.write(3)
        for foreign in ["", "{}", #"{"seq":2}"#, "\u{0}\u{0}", String(repeating: "x", count: 3 << 20)] {
            let copy = try fixture.snapshot()
            let text = String(decoding: try copy.bytes(), as: UTF8.self)
            let end = try #require(text.firstIndex(of: "\n"))
            try copy.replace(with: Array((text[...end] + foreign + "\n" + text[text.index(after: end)...]).utf8))
            let fault = try #require(try copy.verify(head: false).fault)
            #expect(fault.kind == .malformedLine)
            #expect(fault.line == 2)
        }
    }

    @Test(arguments: [1, 2, 3, 4, 5])
    func `A tail that was cut off is found by the head`(kept: Int) async throws {
        let fixture = try AuditFixture()
        try await fixture.write(2)
        try await fixture.write(2)
        var lines = try fixture.lines()
        #expect(lines.count == 7)
        lines.removeSubrange(kept...)
        try fixture.replace(withLines: lines)
        let fault = try #require(try fixture.verify().fault)
        #expect(fault.kind == .truncatedLog)
        #expect(fault.sequences?.upperBound == 4)
        let error = #expect(throws: KMSError.self) { try fixture.open() }
        #expect(error?.code == .auditUnavailable)
        #expect((error?.cause as? AuditFault)?.kind == .truncatedLog)
    }

    @Test func `A tail that was cut within a line is found by the head`() async throws {
        let fixture = try AuditFixture()
        try await fixture.write(3)
        let bytes = try fixture.bytes()
        try fixture.replace(with: Array(bytes.prefix(bytes.count - 500)))
        #expect(try fixture.verify().fault?.kind == .truncatedLog)
        #expect(try fixture.verify(head: false).unfinishedBytes > 0)
        #expect(throws: KMSError.self) { try fixture.open() }
        #expect(try fixture.bytes().count == bytes.count - 500, "the evidence is left alone")
    }

    @Test(arguments: [1, 2, 3, 4])
    func `A segment that is gone is found`(first: Int) async throws {
        let fixture = try AuditFixture()
        try await fixture.writeSegments(3)
        try await fixture.write(1)
        try FileManager.default.removeItem(atPath: "\(fixture.directory)/\(AuditFixture.segmentName(first))")
        let fault = try #require(try fixture.verify().fault)
        #expect(fault.kind == (first == 4 ? .truncatedLog : .missingSegment))
        #expect(fault.sequences == UInt64(first)...UInt64(first))
    }

    @Test func `A log that is gone is found`() async throws {
        let fixture = try AuditFixture()
        try await fixture.write(3)
        try FileManager.default.removeItem(atPath: fixture.directory)
        let error = #expect(throws: KMSError.self) { try fixture.open() }
        #expect((error?.cause as? AuditFault)?.kind == .truncatedLog)
        #expect(try fixture.verify(head: false).fault?.kind == .missingSegment)
    }

    @Test func `A segment cannot take another's place`() async throws {
        let fixture = try AuditFixture()
        try await fixture.writeSegments(3)
        let other = try fixture.bytes(of: AuditFixture.segmentName(3))
        try fixture.replace(AuditFixture.segmentName(2), with: other)
        #expect(try fixture.verify(head: false).fault?.kind == .missingSegment)
        try fixture.replace(AuditFixture.segmentName(2), with: [])
        #expect(try fixture.verify(head: false).fault?.kind == .truncatedLog)
    }

    @Test func `Segments that were archived can be left out when that is said`() async throws {
        let fixture = try AuditFixture()
        try await fixture.writeSegments(3)
        try FileManager.default.removeItem(atPath: "\(fixture.directory)/\(AuditFixture.segmentName(1))")
        #expect(try fixture.verify().fault?.kind == .missingSegment)
        let report = try fixture.verify(from: .oldestSegment)
        #expect(report.fault == nil)
        #expect(report.firstSequence == 2)
        #expect(report.lastVerifiedSequence == 3)
        #expect(try fixture.verify(from: .segment(firstSequence: 3)).firstSequence == 3)
        #expect(try fixture.verify(from: .segment(firstSequence: 7)).fault?.kind == .missingSegment)
    }

    @Test func `A checkpoint by another key is found`() async throws {
        let fixture = try AuditFixture()
        try await fixture.write(2)
        let forger = try AuditFixture()
        let log = try forger.open(signingKey: AuditFixture.otherSigningKey)
        for number in 1...2 { try log.record(AuditFixture.event(number)) }
        await log.close()
        var lines = try fixture.lines()
        lines[3] = try forger.lines()[3]
        try fixture.replace(withLines: lines)
        #expect(try fixture.verify(head: false).fault?.kind == .badSignature)
        // Claiming to be the right key does not help.
        let keyID = try #require(try fixture.lines()[0].split(separator: #""key":""#).last?.prefix(16))
        let foreignID = try #require(lines[3].split(separator: #""key":""#).last?.prefix(16))
        lines[3] = lines[3].replacingOccurrences(of: foreignID, with: keyID)
        try fixture.replace(withLines: lines)
        #expect(try fixture.verify(head: false).fault?.kind == .badSignature)
        #expect(throws: KMSError.self) { try fixture.open() }
    }

    @Test func `A whole log by another key is found`() async throws {
        let fixture = try AuditFixture()
        let log = try fixture.open(signingKey: AuditFixture.otherSigningKey)
        try log.record(AuditFixture.event(1))
        await log.close()
        #expect(try fixture.verify(head: false).fault?.kind == .badSignature)
        #expect(try fixture.verify().fault?.kind == .badHead)
    }

    @Test func `A head that is missing or is none is found`() async throws {
        let fixture = try AuditFixture()
        try await fixture.write(1)
        try Data("x\n".utf8).write(to: URL(fileURLWithPath: fixture.head))
        #expect(try fixture.verify().fault?.kind == .badHead)
        #expect(throws: KMSError.self) { try fixture.open() }
        try FileManager.default.removeItem(atPath: fixture.head)
        #expect(try fixture.verify().fault?.kind == .badHead)
        #expect(throws: KMSError.self) { try fixture.open() }
    }

    @Test func `Records forged onto the tail are refused at the next start`() async throws {
        let fixture = try AuditFixture()
        try await fixture.write(2)
        let forger = try AuditFixture()
        let log = try forger.open(macKey: .init([UInt8](repeating: 1, count: 32)))
        for number in 1...3 { try log.record(AuditFixture.event(number)) }
        await log.close()
        let forged = try forger.lines()[3]
        try fixture.replace(withLines: try fixture.lines() + [forged])
        let error = #expect(throws: KMSError.self) { try fixture.open() }
        let fault = try #require(error?.cause as? AuditFault)
        #expect(fault.kind == .editedRecord)
        #expect(fault.line == 5)
        #expect(error?.message.contains("\(AuditFixture.segmentName(1)):5") == true)
    }

    @Test func `A tampered log goes on in a new segment if that is accepted`() async throws {
        let fixture = try AuditFixture()
        try await fixture.write(4)
        try fixture.replace(withLines: Array(try fixture.lines().prefix(3)))
        let log = try fixture.open(acceptingTamperedLog: true)
        try log.record(AuditFixture.event(1))
        await log.close()
        #expect(try fixture.segments() == [1, 5].map(AuditFixture.segmentName))
        #expect(try fixture.lines()[1].contains(#""action":"audit.tamperingAccepted""#))
        #expect(try fixture.verify().fault?.kind == .missingSegment)
        let report = try fixture.verify(macKey: AuditFixture.macKey, from: .segment(firstSequence: 5))
        #expect(report.fault == nil)
        #expect(report.lastVerifiedSequence == 6)
        try await fixture.write(1)
        #expect(try fixture.verify(from: .segment(firstSequence: 5)).lastVerifiedSequence == 7)
    }
}
