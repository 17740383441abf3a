import ArgumentParser
import ClavigerAudit
import ClavigerCore
import ClavigerCrypto

/// `claviger audit search`
struct AuditSearchCommand: AsyncParsableCommand {
    /// Widths that most events keep to, for columns that are written before all events are known.
    private static let usualWidths = [29, 20, 5, 18, 20, 21, 36]

    /// Events that are held in memory at a time.
    private static let pageSize = 1000

    static let configuration = CommandConfiguration(
        commandName: "search",
        abstract: "Find events in the audit log, the newest first.",
        discussion: """
            What is given must all be true of an event. json is one event per line, as in the log. Nothing is verified: \
            that is for `claviger audit verify`. The log's files are read; with --remote the server searches, for whom its \
            policies let, in the caller's account.

              claviger audit search --key 3f2b1c9e-0000-4000-8000-5d1f0a7c9e11 --action Decrypt
              claviger audit search --principal alice --refused --from 2027-01-31 --to 2027-02-01
              claviger audit search --action 'Create*' --all --format json
              claviger audit search --remote --refused
            """
    )

    @OptionGroup var log: AuditLogOptions

    @Option(help: ArgumentHelp("Only events about the key, or whatever else, with this id.", valueName: "id"))
    var key: String?

    @Option(help: ArgumentHelp("Only calls by this user, or with this access key.", valueName: "name|id"))
    var principal: String?

    @Option(help: ArgumentHelp("Only calls in the account with this number.", valueName: "number"))
    var account: String?

    @Option(help: ArgumentHelp("Only this action; with * at the end, all that begin so.", valueName: "name"))
    var action: String?

    @Option(help: ArgumentHelp("Only this outcome: ok or an error code.", valueName: "word"))
    var outcome: String?

    @Flag(help: "Only calls that were refused or failed: any outcome but ok.")
    var refused = false

    @Option(help: ArgumentHelp("Only calls from this address.", valueName: "address"))
    var source: String?

    @Option(
        help: ArgumentHelp(
            "Only calls that arrived at this time or later, such as 2027-01-31T12:00:00Z.", valueName: "time"))
    var from: Moment?

    @Option(help: ArgumentHelp("Only calls that arrived before this time.", valueName: "time"))
    var to: Moment?

    @Option(help: ArgumentHelp("As many events at most.", valueName: "n"))
    var limit = 100

    @Option(help: ArgumentHelp("Only events with a smaller sequence number than this.", valueName: "n"))
    var before: UInt64?

    @Flag(help: "All events, however many there are.")
    var all = false

    @Flag(help: "Let the server search, instead of reading the log's files.")
    var remote = false

    @OptionGroup var output: OutputOptions
    @OptionGroup var connection: ConnectionOptions

    func validate() throws {
        guard limit > 0 else { throw ValidationError("--limit is at least 1.") }
        guard outcome == nil || !refused else { throw ValidationError("Use either --outcome or --refused.") }
        guard !remote || log.log == nil && log.data == nil else {
            throw ValidationError("--remote goes without a directory.")
        }
    }

    func run() async throws {
        if remote {
            try await connection.withAdmin { client in try await show { try await client.auditRecords($0) } }
        } else {
            let search = AuditSearch(directory: log.directory)
            try await show { filter in
                let result = try search.run(filter)
                return (result.records, result.next)
            }
        }
    }

    /// Shows what is found, page by page.
    private func show(_ find: (AuditFilter) async throws -> (lines: [String], next: UInt64?)) async throws {
        var table = Table("TIME", "ACTION", "OUTCOME", "PRINCIPAL", "DECISION", "SOURCE", "RESOURCES")
        var filter = self.filter
        var missing = all ? Int.max : limit
        repeat {
            filter.limit = min(missing, Self.pageSize)
            let (lines, next) = try await find(filter)
            missing -= lines.count
            filter.before = next
            let isLast = missing == 0 || next == nil
            if !isLast { table.widen(to: Self.usualWidths) }
            try show(lines, in: &table)
        } while missing > 0 && filter.before != nil
        if let next = filter.before {
            StandardOutput.writeError(
                "note: older events were not searched; --before \(next) goes on there, --all shows all\n")
        }
    }

    private func show(_ lines: [String], in table: inout Table) throws(CommandFailure) {
        switch output.format {
        case .json: StandardOutput.write(lines.map { $0 + "\n" }.joined())
        case .yaml:
            for line in lines {
                StandardOutput.write(try AuditEventView(line: line).record.yaml(startsDocument: true))
            }
        case .table:
            for line in lines {
                let event = try AuditEventView(line: line)
                table.append([
                    event.time, event.action, event.outcome, event.principal, event.decision, event.source,
                    event.resources,
                ])
            }
            StandardOutput.write(table.takeLines())
        }
    }

    private var filter: AuditFilter {
        AuditFilter(
            key: key, principal: principal, account: account, action: action,
            outcome: refused ? AuditFilter.refused : outcome, source: source, from: from.map(Self.microseconds),
            to: to.map(Self.microseconds), before: before)
    }

    /// Since 1970; what no log can reach stays out of reach.
    private static func microseconds(_ moment: Moment) -> Int64 {
        let (product, overflow) = moment.seconds.multipliedReportingOverflow(by: 1_000_000)
        return overflow ? (moment.seconds < 0 ? .min : .max) : product
    }
}
