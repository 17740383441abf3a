import ArgumentParser
import ClavigerCrypto

/// `claviger sign`
struct Sign: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Sign up to 4096 bytes, or a digest, with a key.",
        discussion: """
            Reads the standard input unless --in or --text is given, and prints the signature in base64. Of a longer \
            message sign the digest: SHA-256, or for an SM2 key SM3 of Z and the message (GB/T 32918.2).

              claviger sign --key tokens --in message > message.sig
              sha256sum image | cut -c -64 | claviger sign --key tokens --digest --out image.sig
              claviger verify --key tokens --in message --signature message.sig

            Other programs take the bytes of a signature: `base64 -d message.sig` makes them.
            """
    )

    @OptionGroup var signing: SigningOptions

    @Option(
        name: .customLong("out"), help: ArgumentHelp("Where the signature goes.", valueName: "file"),
        completion: .file())
    var outputFile: String?

    @OptionGroup var output: OutputOptions
    @OptionGroup var connection: ConnectionOptions

    func run() async throws {
        let message = try signing.message(to: "sign")
        let response = try await connection.withClient { client in
            try await signing.call("SignByAsymmetricKey", message, by: client)
        }
        try output.show(response, ciphertextTo: outputFile, member: "Signature")
    }
}
