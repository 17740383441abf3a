import ArgumentParser
import ClavigerCrypto

/// How a command shows a policy.
struct PolicyDocumentOptions: ParsableArguments {
    @Flag(help: "Write the document alone, in the very words that it was made with.")
    var document = false

    /// Shows an answer with the member `document`.
    ///
    /// - Parameter table: what a person reads above the document.
    func show(_ answer: JSONValue, _ output: OutputOptions, _ table: Table) throws(CommandFailure) {
        let text = answer["document"]?.text ?? ""
        let end = text.hasSuffix("\n") ? "" : "\n"
        if document {
            StandardOutput.write(StandardOutput.isTerminal ? DisplayText.visibleDocument(text) + end : text)
        } else {
            try output.show(answer) { "\(table.text)\n\(DisplayText.visibleDocument(text))\(end)" }
        }
    }
}
