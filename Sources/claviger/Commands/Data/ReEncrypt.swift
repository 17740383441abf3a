import ArgumentParser
import ClavigerCrypto

/// `claviger re-encrypt`
struct ReEncrypt: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "re-encrypt",
        abstract: "Move a ciphertext to another key or context.",
        discussion: """
            The plaintext does not leave the server. Without --key the ciphertext stays with its key and moves to the \
            key's newest version; without --new-context it keeps its context.

              claviger re-encrypt --in token.enc --key orders-2026 --out token.enc
              claviger re-encrypt --in token.enc --context tenant=7 --new-context tenant=8
            """
    )

    @OptionGroup var ciphertext: CiphertextOptions

    @Option(help: "The id or alias of the key to move to.")
    var key: String?

    @OptionGroup var context: ContextOptions

    @Option(
        name: .customLong("new-context"),
        help: ArgumentHelp("The new context; may be repeated.", valueName: "name=value"))
    var newPairs: [KeyValue] = []

    @Option(
        name: .customLong("new-context-json"),
        help: ArgumentHelp("The new context as a JSON object.", valueName: "json"))
    var newJSON: String?

    @Flag(help: "The new ciphertext has no context.")
    var dropContext = false

    @Option(
        name: .customLong("out"), help: ArgumentHelp("Where the ciphertext goes.", valueName: "file"),
        completion: .file())
    var outputFile: String?

    @OptionGroup var output: OutputOptions
    @OptionGroup var connection: ConnectionOptions

    func validate() throws {
        let new = try newContext()
        guard !dropContext || new == nil else { throw ValidationError("Use either --new-context or --drop-context.") }
    }

    func run() async throws {
        let text = try ciphertext.text()
        let context = try context.text()
        let newContext = dropContext ? nil : try newContext() ?? context
        let response = try await connection.withClient { client in
            var id: String?
            if let key { id = try await client.keyID(key) }
            return try await client.call("ReEncrypt") { json in
                json.member("CiphertextBlob", text)
                if let id { json.member("DestinationKeyId", id) }
                if let context { json.member("SourceEncryptionContext", context) }
                if let newContext { json.member("DestinationEncryptionContext", newContext) }
            }
        }
        try output.show(response, ciphertextTo: outputFile)
    }

    private func newContext() throws -> String? {
        try EncryptionContextText.make(pairs: newPairs, json: newJSON, flag: "new-context")
    }
}
