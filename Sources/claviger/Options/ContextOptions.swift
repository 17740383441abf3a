import ArgumentParser

/// The encryption context of a command.
struct ContextOptions: ParsableArguments {
    @Option(
        name: .customLong("context"),
        help: ArgumentHelp(
            "Binds the ciphertext to this pair; may be repeated. Decryption needs the same pairs.",
            valueName: "name=value"))
    var pairs: [KeyValue] = []

    @Option(
        name: .customLong("context-json"),
        help: ArgumentHelp("The context as a JSON object, instead of --context.", valueName: "json"))
    var json: String?

    func validate() throws { _ = try EncryptionContextText.make(pairs: pairs, json: json, flag: "context") }

    /// The text of a JSON object, or `nil`.
    func text() throws -> String? { try EncryptionContextText.make(pairs: pairs, json: json, flag: "context") }
}
