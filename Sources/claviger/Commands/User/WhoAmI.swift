import ArgumentParser
import ClavigerCrypto

/// `claviger whoami`
struct WhoAmI: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "whoami",
        abstract: "Tell whom the credentials belong to.",
        discussion: """
              claviger whoami
              claviger whoami --profile jane.env --format json
            """
    )

    @OptionGroup var output: OutputOptions
    @OptionGroup var connection: ConnectionOptions

    func run() async throws {
        let answer = try await connection.withAdmin { try await $0.call(.get, ["whoami"]) }
        try output.show(answer) { Table(caller: answer).text }
    }
}
