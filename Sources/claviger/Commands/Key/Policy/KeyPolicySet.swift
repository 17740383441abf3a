import ArgumentParser
import ClavigerCrypto

/// `claviger key policy set`
struct KeyPolicySet: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "set",
        abstract: "Give a key a policy of its own, instead of any that it has.",
        discussion: """
              claviger policy check orders-key.json --key-policy
              claviger key policy set orders --file orders-key.json
            """
    )

    @Argument(help: "The key's id or alias.")
    var key: String

    @OptionGroup var policy: PolicyFileOptions

    @OptionGroup var output: OutputOptions
    @OptionGroup var connection: ConnectionOptions

    func run() async throws {
        let document = try PolicyFile.read(policy.file)
        let (id, answer) = try await connection.withClient { client in
            let id = try await client.keyID(key)
            return (id, try await AdminClient(client).keyPolicy(.put, id) { policy.write(document, to: &$0) })
        }
        try output.show(.members(["key": .text(id)]).adding(contentsOf: answer)) { "\(id) has a policy of its own\n" }
    }
}
