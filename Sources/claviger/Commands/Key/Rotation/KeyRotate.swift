import ArgumentParser
import ClavigerCrypto

/// `claviger key rotate`
struct KeyRotate: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "rotate",
        abstract: "Give a key new material now.",
        discussion: """
            From now on the new material encrypts; what was encrypted before still decrypts. `claviger re-encrypt` \
            moves a ciphertext to the new material.

              claviger key rotate orders
            """
    )

    @Argument(help: "The key's id or alias.")
    var key: String

    @OptionGroup var output: OutputOptions
    @OptionGroup var connection: ConnectionOptions

    func run() async throws {
        try await connection.withClient { client in
            let result = try await client.change(key, by: "RotateKey")
            try output.show(result.json) { "\(result.id) has new material\n" }
        }
    }
}
