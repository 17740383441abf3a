import ArgumentParser
import ClavigerCrypto

/// `claviger verify`
struct Verify: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Verify a signature by a key.",
        discussion: """
            The exit status is 0 if the signature is valid, otherwise 1.

              claviger verify --key tokens --in message --signature message.sig
              claviger verify --key tokens --in message --signature MEUCIQ…
            """
    )

    @OptionGroup var signing: SigningOptions

    @Option(
        help: ArgumentHelp(
            "The file that holds the signature in base64, or that base64 itself; - is the standard input.",
            valueName: "file|base64"),
        completion: .file())
    var signature: String

    @OptionGroup var output: OutputOptions
    @OptionGroup var connection: ConnectionOptions

    func validate() throws {
        guard signature != "-" || !signing.input.isStandardInput else {
            throw ValidationError("The standard input is the signature: give the message by --in or --text.")
        }
    }

    func run() async throws {
        let signature = try SignatureText.read(signature)
        let message = try signing.message(to: "verify")
        let response = try await connection.withClient { client in
            try await signing.call("VerifyByAsymmetricKey", message, by: client) { json in
                json.member("SignatureValue", signature)
            }
        }
        let isValid = response["SignatureValid"]?.isTrue == true
        try output.show(response) { isValid ? "the signature is valid\n" : "the signature is NOT VALID\n" }
        if !isValid { throw ExitCode.failure }
    }
}
