import ArgumentParser
import ClavigerCrypto

/// `claviger key policy delete`
struct KeyPolicyDelete: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "delete",
        abstract: "Take a key's own policy away; those of users stay.",
        discussion: """
              claviger key policy delete orders
            """
    )

    @Argument(help: "The key's id or alias.")
    var key: String

    @OptionGroup var output: OutputOptions
    @OptionGroup var connection: ConnectionOptions

    func run() async throws {
        let (id, answer) = try await connection.withClient { client in
            let id = try await client.keyID(key)
            return (id, try await AdminClient(client).keyPolicy(.delete, id))
        }
        try output.show(.members(["key": .text(id)]).adding(contentsOf: answer)) {
            "\(id) has no policy of its own\n"
        }
    }
}
