import ArgumentParser
import ClavigerCrypto

/// `claviger key unbind`
struct KeyUnbind: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "unbind",
        abstract: "Record that a resource no longer relies on a key.",
        discussion: """
            Product and resource are given as they were when they were bound.

              claviger key unbind orders --product cbs --resource disk-7f31
            """
    )

    @Argument(help: "The key's id or alias.")
    var key: String

    @OptionGroup var binding: BindingOptions

    @OptionGroup var output: OutputOptions
    @OptionGroup var connection: ConnectionOptions

    func run() async throws {
        try await connection.withClient { client in
            let result = try await client.change(key, by: "UnbindCloudResource", facts: binding.facts) {
                binding.write(to: &$0)
            }
            try output.show(result.json) { "\(result.id) is no longer bound to \(binding.name)\n" }
        }
    }
}
