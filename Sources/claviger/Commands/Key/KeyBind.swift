import ArgumentParser
import ClavigerCrypto

/// `claviger key bind`
struct KeyBind: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "bind",
        abstract: "Record that a resource of a cloud product relies on a key.",
        discussion: """
            A bound key can be neither disabled, archived nor deleted, and imported material of it no longer ends.

              claviger key bind orders --product cbs --resource disk-7f31
            """
    )

    @Argument(help: "The key's id or alias.")
    var key: String

    @OptionGroup var binding: BindingOptions

    @OptionGroup var output: OutputOptions
    @OptionGroup var connection: ConnectionOptions

    func run() async throws {
        try await connection.withClient { client in
            let result = try await client.change(key, by: "BindCloudResource", facts: binding.facts) {
                binding.write(to: &$0)
            }
            try output.show(result.json) { "\(result.id) is bound to \(binding.name)\n" }
        }
    }
}
