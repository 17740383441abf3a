import ArgumentParser
import ClavigerCrypto

/// `claviger secret tag`
struct SecretTag: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "tag",
        abstract: "Give a secret tags.",
        discussion: """
            A tag that the secret has already gets the new value. Of several tags either all are given, or none.

              claviger secret tag db/password env=prod team=shop
            """
    )

    @Argument(help: "The secret's name or ARN.")
    var name: String

    @Argument(help: ArgumentHelp("The tags.", valueName: "tag=value"))
    var tags: [KeyValue]

    @OptionGroup var output: OutputOptions
    @OptionGroup var connection: ConnectionOptions

    func run() async throws {
        let response = try await connection.withSecrets { client in
            try await client.call("TagResource", [("SecretName", name), ("Tags", SecretParameter.tags(tags))])
        }
        try output.show(.members(["SecretName": .text(name)]).adding(contentsOf: response)) {
            tags.map { DisplayText.visible("\(name) has the tag \($0.name)=\($0.value)") + "\n" }.joined()
        }
    }
}
