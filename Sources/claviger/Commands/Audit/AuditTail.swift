import ArgumentParser
import ClavigerAudit
import ClavigerCore

/// `claviger audit tail`
struct AuditTail: AsyncParsableCommand {
    /// Widths that most events keep to, for columns that are written before all events are known.
    private static let usualWidths = [29, 20, 5, 18, 21, 36]

    static let configuration = CommandConfiguration(
        commandName: "tail",
        abstract: "Show the last events of the audit log.",
        discussion: """
            With -f goes on with those that come, until it is interrupted. json is one event per line, as in the log. \
            Nothing is verified: that is for `claviger audit verify`.

              claviger audit tail -n 20
              claviger audit tail -f --format json
            """
    )

    @OptionGroup var log: AuditLogOptions

    @Option(name: [.customShort("n"), .long], help: ArgumentHelp("How many events.", valueName: "n"))
    var lines = 10

    @Flag(name: [.customShort("f"), .long], help: "Wait for more.")
    var follow = false

    @OptionGroup var output: OutputOptions

    func validate() throws {
        guard lines >= 0 else { throw ValidationError("-n is at least 0.") }
    }

    func run() async throws {
        var table = Table("TIME", "ACTION", "OUTCOME", "PRINCIPAL", "SOURCE", "RESOURCES")
        if follow { table.widen(to: Self.usualWidths) }
        for try await line in AuditReader(directory: log.directory, last: lines, following: follow) {
            switch output.format {
            case .json: StandardOutput.write(line + "\n")
            case .yaml: StandardOutput.write(try AuditEventView(line: line).record.yaml(startsDocument: true))
            case .table:
                let event = try AuditEventView(line: line)
                table.append([
                    event.time, event.action, event.outcome, event.principal, event.source, event.resources,
                ])
                if follow { StandardOutput.write(table.takeLines()) }
            }
        }
        if output.format == .table, !follow { StandardOutput.write(table.text) }
    }
}
