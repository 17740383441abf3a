import ArgumentParser
import ClavigerCrypto

/// `claviger seal`
struct Seal: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Close the server at once: it forgets its root key.",
        discussion: """
            No key can be used until `claviger unseal` opens it again. Whoever is to open it needs the passphrase, or the file of the root \
            key on the server.

              claviger seal
            """
    )

    @OptionGroup var output: OutputOptions
    @OptionGroup var connection: ConnectionOptions

    func run() async throws {
        let answer = try await connection.withAdmin { try await $0.call(.post, ["seal"]) }
        try output.show(answer) { "the server is sealed\n" }
    }
}
