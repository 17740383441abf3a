import ArgumentParser
import ClavigerCrypto

/// `claviger access-key delete`
struct AccessKeyDelete: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "delete",
        abstract: "Delete an access key for good.",
        discussion: """
              claviger access-key delete AKID4f7c0b2e91d8a356 --user jane
            """
    )

    @Argument(help: "The access key's id.")
    var accessKey: String

    @OptionGroup var owner: AccessKeyOptions

    @OptionGroup var output: OutputOptions
    @OptionGroup var connection: ConnectionOptions

    func run() async throws {
        let answer = try await connection.withAdmin { client in
            let path = try await owner.path(client) + [accessKey]
            return try await client.call(.delete, path)
        }
        try output.show(.members(["id": .text(accessKey)]).adding(contentsOf: answer.without("id"))) {
            "access key \(DisplayText.visible(accessKey)) is deleted\n"
        }
    }
}
