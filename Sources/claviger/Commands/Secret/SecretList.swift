import ArgumentParser
import ClavigerCrypto

/// `claviger secret list`
struct SecretList: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "list",
        abstract: "List secrets, the oldest first.",
        discussion: """
            Those that wait for their deletion are among them.

              claviger secret list --tags
              claviger secret list --filter name=db/ --filter name=api/
              claviger secret list --filter tag-value=prod --format json

            Secrets are in one region of the server, which its setting alibaba.region names: --region does not choose \
            another.
            """
    )

    @Option(
        name: .customLong("filter"),
        help: ArgumentHelp(
            "Only secrets in whose name, description, tag-key or tag-value is the text; may be repeated with other "
                + "texts for the same.", valueName: "field=text"))
    var filters: [SecretFilter] = []

    @Flag(help: "Show tags, too.")
    var tags = false

    @Option(help: ArgumentHelp("As many secrets at most (default: all).", valueName: "n"))
    var limit: Int?

    @OptionGroup var output: OutputOptions
    @OptionGroup var connection: ConnectionOptions

    func validate() throws {
        guard Set(filters.map(\.field)).count <= 1 else {
            throw ValidationError("--filter looks at one field: name, description, tag-key or tag-value.")
        }
        guard limit ?? 1 > 0 else { throw ValidationError("--limit is at least 1.") }
    }

    func run() async throws {
        let (secrets, total) = try await connection.withSecrets { client in
            try await client.secrets(filter: SecretParameter.filter(filters), limit: limit)
        }
        let list = JSONValue.members([
            "SecretList": .members(["Secret": .array(secrets)]), "TotalCount": .integer(total),
        ])
        try output.show(list) { Table(secrets: secrets, showsTags: tags).text }
        if secrets.count < total {
            StandardOutput.writeError("note: \(secrets.count) of \(total) secrets are shown; without --limit all are\n")
        }
    }
}
