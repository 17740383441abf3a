import ClavigerAudit
import ClavigerCore
import ClavigerCrypto
import Foundation
import Logging
import Testing

/// A directory of a log, its head and its keys, gone when the test ends.
final class AuditFixture: Sendable {
    static let macKey = KeyMaterial([UInt8](repeating: 7, count: 32))
    static let signingKey = KeyMaterial([UInt8](repeating: 9, count: 32))
    static let otherSigningKey = KeyMaterial([UInt8](repeating: 8, count: 32))

    let root: String

    init() throws {
        root = NSTemporaryDirectory() + "audit-\(UUID().uuidString)"
        try FileManager.default.createDirectory(atPath: root, withIntermediateDirectories: true)
    }

    deinit { try? FileManager.default.removeItem(atPath: root) }

    var directory: String { root + "/log" }
    var head: String { root + "/audit.head" }

    var publicKey: AuditPublicKey {
        get throws { try AuditSigner(privateKey: Self.signingKey).publicKey }
    }

    func open(
        _ options: AuditLog.Options = .init(), signingKey: KeyMaterial = AuditFixture.signingKey,
        macKey: KeyMaterial = AuditFixture.macKey, acceptingTamperedLog: Bool = false
    ) throws -> AuditLog {
        try AuditLog(
            directory: directory, head: head, macKey: macKey, signingKey: signingKey, options: options,
            acceptingTamperedLog: acceptingTamperedLog, logger: Logger(label: "audit") { _ in SwiftLogNoOpLogHandler() }
        )
    }

    /// A closed log with this many records.
    func write(_ count: Int, _ options: AuditLog.Options = .init()) async throws {
        let log = try open(options)
        for number in 1...count { try log.record(Self.event(number)) }
        await log.close()
    }

    /// A log whose segments hold one record each.
    func writeSegments(_ count: Int) async throws {
        let log = try open(.init(segmentSize: 1))
        for number in 1...count {
            try log.record(Self.event(number))
            try await waitUntil { try self.segments().last == Self.segmentName(number + 1) }
        }
        await log.close()
    }

    static func segmentName(_ first: Int) -> String {
        "audit-" + String(repeating: "0", count: 20 - String(first).count) + "\(first).jsonl"
    }

    static func event(_ number: Int, resources: [String] = ["3f2b1c9e-0000-4000-8000-5d1f0a7c9e11"]) -> AuditEvent {
        AuditEvent(
            time: 1_760_000_000_000_000 + Int64(number), requestID: "request-\(number)", dialect: "tencent",
            action: "Encrypt",
            account: "100000000001", principal: "root", accessKeyID: "AKIDexample", source: "192.0.2.7:51234",
            realm: "south",
            resources: resources, outcome: "ok", durationMicroseconds: 41)
    }

    func verify(
        head: Bool = true, macKey: KeyMaterial? = nil, from start: AuditVerifier.Start = .genesis
    ) throws -> AuditVerifier.Report {
        try AuditVerifier(publicKey: try publicKey, macKey: macKey)
            .verify(directory: directory, head: head ? self.head : nil, from: start)
    }

    func segments() throws -> [String] {
        try FileManager.default.contentsOfDirectory(atPath: directory).filter { $0.hasSuffix(".jsonl") }.sorted()
    }

    func bytes(of segment: String? = nil) throws -> [UInt8] {
        let name = try segment ?? #require(segments().last)
        return Array(try Data(contentsOf: URL(fileURLWithPath: "\(directory)/\(name)")))
    }

    func replace(_ segment: String? = nil, with bytes: [UInt8]) throws {
        let name = try segment ?? #require(segments().last)
        try Data(bytes).write(to: URL(fileURLWithPath: "\(directory)/\(name)"))
    }

    func lines(of segment: String? = nil) throws -> [String] {
        String(decoding: try bytes(of: segment), as: UTF8.self).split(separator: "\n").map(String.init)
    }

    func replace(_ segment: String? = nil, withLines lines: [String]) throws {
        try replace(segment, with: Array(lines.map { $0 + "\n" }.joined().utf8))
    }

    /// What would be left if the process were killed now.
    func snapshot() throws -> AuditFixture {
        let copy = try AuditFixture()
        try? FileManager.default.removeItem(atPath: copy.root)
        try FileManager.default.copyItem(atPath: root, toPath: copy.root)
        return copy
    }
}

/// Waits for what another thread will do, ten minutes at most.
func waitUntil(_ condition: () throws -> Bool) async throws {
    let deadline = ContinuousClock.now + .seconds(600)
    while try !condition() {
        try #require(ContinuousClock.now < deadline, "this took too long")
        try await Task.sleep(for: .milliseconds(2))
    }
}
