import ArgumentParser
import ClavigerCore
import ClavigerCrypto

/// The file of a policy, and the language that it is written in.
struct PolicyFileOptions: ParsableArguments {
    @Option(help: ArgumentHelp("The policy, as JSON; - is the standard input.", valueName: "file"), completion: .file())
    var file: String

    @Option(help: ArgumentHelp("The language of the policy (default: told by its version).", valueName: "name"))
    var language: PolicyLanguage?

    /// Writes the members `document` and `language` of a request.
    func write(_ document: String, to json: inout JSONWriter) {
        json.member("document", document)
        if let language { json.member("language", language.rawValue) }
    }
}
