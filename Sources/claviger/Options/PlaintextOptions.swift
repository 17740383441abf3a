import ArgumentParser
import ClavigerCrypto

/// How a command gives away a plaintext.
struct PlaintextOptions: ParsableArguments {
    @Option(
        name: .customLong("out"),
        help: ArgumentHelp("Where the plaintext goes; a new file is readable by you alone.", valueName: "file"),
        completion: .file())
    var outputFile: String?

    @Flag(help: "Write the plaintext in base64.")
    var base64 = false

    /// Writes the member `Plaintext` of an answer; without a file, json and yaml show the whole answer.
    func write(_ response: JSONValue, _ output: OutputOptions) throws(CommandFailure) {
        if outputFile == nil, output.format != .table {
            try output.show(response) { "" }
        } else if base64 {
            try OutputFile.write((response["Plaintext"]?.text ?? "") + "\n", toPath: outputFile ?? "-", .secret)
        } else {
            try OutputFile.write(
                plaintext: try KeyMaterial(plaintextOf: response), toPath: outputFile, as: "plaintext",
                hint: "--out FILE writes it to a file; --base64 writes it as text")
        }
    }
}
