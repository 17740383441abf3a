import ArgumentParser
import ClavigerCrypto

/// The data that a command works on: a file's, or a text.
struct InputOptions: ParsableArguments {
    @Option(
        name: .customLong("in"),
        help: ArgumentHelp("The file to read instead of the standard input (-).", valueName: "file"),
        completion: .file())
    var file: String?

    @Option(
        help: "The text itself. Others on this machine can read it in the list of processes: not for secrets.")
    var text: String?

    func validate() throws {
        guard file == nil || text == nil else { throw ValidationError("Use either --in or --text.") }
    }

    /// Whether the data come from the standard input.
    var isStandardInput: Bool { text == nil && (file ?? "-") == "-" }

    /// The data; at least one byte.
    ///
    /// - Parameters:
    ///   - limit: more bytes than this are refused.
    ///   - what: what the data are, without an article; for messages.
    ///   - purpose: what is done with them; for messages.
    func read(atMost limit: Int, as what: String, to purpose: String) throws(CommandFailure) -> KeyMaterial {
        let data: KeyMaterial
        if let text {
            data = KeyMaterial(text.utf8)
        } else {
            data = try InputFile.read(file ?? "-", atMost: limit, as: "a \(what)")
        }
        guard data.count > 0 else { throw CommandFailure("there is nothing to \(purpose): the \(what) is empty") }
        guard data.count <= limit else {
            throw CommandFailure("the text has more than the \(limit) bytes of a \(what)")
        }
        return data
    }
}
