import ArgumentParser
import ClavigerCrypto

/// `claviger secret versions`
struct SecretVersions: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "versions",
        abstract: "List the versions of a secret that have labels.",
        discussion: """
              claviger secret versions db/password
              claviger secret versions db/password --all
            """
    )

    @Argument(help: "The secret's name or ARN.")
    var name: String

    @Flag(help: "Also those without a label.")
    var all = false

    @OptionGroup var output: OutputOptions
    @OptionGroup var connection: ConnectionOptions

    func run() async throws {
        let versions = try await connection.withSecrets { client in
            try await client.versions(of: name, includesUnlabelled: all)
        }
        let list = JSONValue.members([
            "SecretName": .text(name), "VersionIds": .members(["VersionId": .array(versions)]),
            "TotalCount": .integer(versions.count),
        ])
        try output.show(list) { Table(secretVersions: versions).text }
    }
}
