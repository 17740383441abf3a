import ArgumentParser

/// The encryption context of a file. It goes along in clear, so that decryption needs no flags for it.
struct FileContextOptions: ParsableArguments {
    @Option(
        name: .customLong("context"),
        help: ArgumentHelp(
            "Says of the file what the server checks and logs when it is opened; stands in clear in it. May be repeated; "
                + "or a JSON object.",
            valueName: "name=value"))
    var texts: [String] = []

    @Option(
        name: .customLong("context-json"),
        help: ArgumentHelp("The context as a JSON object, instead of --context.", valueName: "json"))
    var json: String?

    func validate() throws { _ = try text() }

    /// The text of a JSON object, or nothing.
    func text() throws -> String {
        let object = texts.count == 1 && texts[0].hasPrefix("{") ? texts[0] : nil
        let pairs = try (object == nil ? texts : []).map { text in
            guard let pair = KeyValue(argument: text) else {
                throw ValidationError("--context takes name=value, or a JSON object.")
            }
            return pair
        }
        guard object == nil || json == nil else { throw ValidationError("Use either --context or --context-json.") }
        return try EncryptionContextText.make(pairs: pairs, json: object ?? json, flag: "context") ?? ""
    }
}
