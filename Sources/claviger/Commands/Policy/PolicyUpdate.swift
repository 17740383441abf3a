import ArgumentParser
import ClavigerCore
import ClavigerCrypto

/// `claviger policy update`
struct PolicyUpdate: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "update",
        abstract: "Replace a policy's document or description, for all who have it.",
        discussion: """
              claviger policy update readers --file readers.json
              claviger policy update readers --description 'decrypt orders and invoices'
            """
    )

    @Argument(help: "The policy's name.")
    var policy: String

    @Option(
        help: ArgumentHelp("The new policy, as JSON; - is the standard input.", valueName: "file"), completion: .file())
    var file: String?

    @Option(help: ArgumentHelp("The language of the policy (default: told by its version).", valueName: "name"))
    var language: PolicyLanguage?

    @Option(help: "What the policy is for; up to 1000 characters, may be empty.")
    var description: String?

    @OptionGroup var output: OutputOptions
    @OptionGroup var connection: ConnectionOptions

    func validate() throws {
        guard file != nil || description != nil else { throw ValidationError("Use --file, --description or both.") }
        guard file != nil || language == nil else { throw ValidationError("--language goes with --file.") }
    }

    func run() async throws {
        let document = try file.map(PolicyFile.read)
        let answer = try await connection.withAdmin { client in
            try await client.call(.patch, ["policies", policy]) { json in
                if let description { json.member("description", description) }
                if let document { json.member("document", document) }
                if let language { json.member("language", language.rawValue) }
            }
        }
        try output.show(answer) { Table(policy: answer).text }
    }
}
