import ArgumentParser
import ClavigerCrypto

/// `claviger secret untag`
struct SecretUntag: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "untag",
        abstract: "Take tags from a secret.",
        discussion: """
            Tags that the secret does not have do not matter.

              claviger secret untag db/password env team
            """
    )

    @Argument(help: "The secret's name or ARN.")
    var name: String

    @Argument(help: ArgumentHelp("The names of the tags.", valueName: "tag"))
    var tags: [String]

    @OptionGroup var output: OutputOptions
    @OptionGroup var connection: ConnectionOptions

    func run() async throws {
        let response = try await connection.withSecrets { client in
            try await client.call("UntagResource", [("SecretName", name), ("TagKeys", SecretParameter.texts(tags))])
        }
        try output.show(.members(["SecretName": .text(name)]).adding(contentsOf: response)) {
            tags.map { DisplayText.visible("\(name) has no tag \($0)") + "\n" }.joined()
        }
    }
}
