import ArgumentParser
import ClavigerCrypto

/// `claviger key policy show`
struct KeyPolicyShow: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "show",
        abstract: "Show a key's own policy.",
        discussion: """
              claviger key policy show orders
              claviger key policy show orders --document > orders-key.json
            """
    )

    @Argument(help: "The key's id or alias.")
    var key: String

    @OptionGroup var document: PolicyDocumentOptions

    @OptionGroup var output: OutputOptions
    @OptionGroup var connection: ConnectionOptions

    func run() async throws {
        let (id, answer) = try await connection.withClient { client in
            let id = try await client.keyID(key)
            return (id, try await AdminClient(client).keyPolicy(.get, id))
        }
        try document.show(
            answer, output, Table(properties: ["Key id": id, "Language": answer["language"]?.text]))
    }
}
