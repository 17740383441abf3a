import ArgumentParser
import ClavigerAudit
import ClavigerCore
import ClavigerCrypto

/// `claviger audit verify`
struct AuditVerify: AsyncParsableCommand {
    private static let largestKey = 4096

    static let configuration = CommandConfiguration(
        commandName: "verify",
        abstract: "Prove that the audit log is what the server wrote.",
        discussion: """
            Finds records that were edited, moved or removed, missing files and cut ends, with nothing but the log's \
            public key. The head is the log's last checkpoint, which the server keeps outside the log: without it a log \
            that was cut looks complete. The exit status is 0 if nothing is wrong, otherwise 1.

              claviger audit verify
              claviger audit verify /backup/audit --public-key audit-public-key.pem --head audit-head
            """
    )

    @OptionGroup var log: AuditLogOptions

    @Option(
        help: ArgumentHelp(
            "The log's public key (default: audit-public-key.pem in the data directory).", valueName: "file"),
        completion: .file())
    var publicKey: String?

    @Option(
        help: ArgumentHelp("The log's head (default: audit-head in the data directory).", valueName: "file"),
        completion: .file())
    var head: String?

    @Flag(help: "Verify without the head.")
    var noHead = false

    @Flag(help: "Begin with the oldest file that is there: older ones were archived.")
    var fromOldest = false

    @OptionGroup var output: OutputOptions

    func validate() throws {
        guard head == nil || !noHead else { throw ValidationError("Use either --head or --no-head.") }
    }

    func run() async throws {
        let pem = try InputFile.read(
            publicKey ?? log.path(of: "audit-public-key.pem"), atMost: Self.largestKey, as: "a public key")
        let key = try AuditPublicKey(pem: pem.withUnsafeBytes { String(decoding: $0, as: UTF8.self) })
        let report = try AuditVerifier(publicKey: key).verify(
            directory: log.directory,
            head: noHead ? nil : head ?? log.path(of: "audit-head"),
            from: fromOldest ? .oldestSegment : .genesis
        )
        try output.show(value(report)) { table(report).text }
        guard let fault = report.fault else { return }
        throw CommandFailure("the audit log is not what the server wrote: \(fault)")
    }

    private func value(_ report: AuditVerifier.Report) -> JSONValue {
        let fault = report.fault.map { fault in
            JSONValue.members([
                "Kind": .text(fault.kind.rawValue),
                "File": .text(fault.file),
                "Line": fault.line.map { .integer($0) },
                "FirstRecord": (fault.sequences?.lowerBound).map { .integer($0) },
                "LastRecord": (fault.sequences?.upperBound).map { .integer($0) },
                "Explanation": .text(fault.explanation),
            ])
        }
        return .members([
            "Directory": .text(log.directory),
            "Intact": .bool(report.fault == nil),
            "HeadVerified": .bool(!noHead && report.fault == nil),
            "FirstRecord": report.firstSequence.map { .integer($0) },
            "LastVerifiedRecord": report.lastVerifiedSequence.map { .integer($0) },
            "Events": .integer(report.eventCount),
            "Segments": .integer(report.segmentCount),
            "Checkpoints": .integer(report.checkpointCount),
            "UncoveredEvents": .integer(report.uncoveredCount),
            "UnfinishedBytes": .integer(report.unfinishedBytes),
            "Fault": fault,
        ])
    }

    private func table(_ report: AuditVerifier.Report) -> Table {
        Table(properties: [
            "Log": log.directory,
            "Result": report.fault == nil ? "intact" : "NOT INTACT",
            "Events": String(report.eventCount),
            "Files": String(report.segmentCount),
            "Checkpoints": String(report.checkpointCount),
            "Verified to record": report.lastVerifiedSequence.map { String($0) },
            "Not yet covered": report.uncoveredCount > 0
                ? "\(report.uncoveredCount) events after the last checkpoint" : nil,
            "Unfinished": report.unfinishedBytes > 0 ? "\(report.unfinishedBytes) bytes of a last line" : nil,
            "Head": noHead ? "not verified: a log that was cut would look complete" : nil,
        ])
    }
}
