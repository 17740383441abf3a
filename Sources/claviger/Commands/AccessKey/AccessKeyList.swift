import ArgumentParser
import ClavigerCrypto

/// `claviger access-key list`
struct AccessKeyList: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "list",
        abstract: "List the access keys of a user.",
        discussion: """
              claviger access-key list --user jane
            """
    )

    @OptionGroup var owner: AccessKeyOptions

    @OptionGroup var output: OutputOptions
    @OptionGroup var connection: ConnectionOptions

    func run() async throws {
        let answer = try await connection.withAdmin { try await $0.call(.get, try await owner.path($0)) }
        try output.show(answer) { Table(accessKeys: answer["items"]?.elements ?? []).text }
    }
}
