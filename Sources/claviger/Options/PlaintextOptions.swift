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
            try write(try KeyMaterial(plaintextOf: response))
        }
    }

    private func write(_ plaintext: KeyMaterial) throws(CommandFailure) {
        try plaintext.withUnsafeBytes { bytes throws(CommandFailure) in
            if let outputFile, outputFile != "-" { return try OutputFile.write(bytes, toPath: outputFile, .secret) }
            guard StandardOutput.isTerminal else { return StandardOutput.write(bytes) }
            guard Self.isText(bytes) else {
                throw CommandFailure(
                    "the plaintext is no text, which a terminal could show",
                    hint: "--out FILE writes it to a file; --base64 writes it as text")
            }
            StandardOutput.write(bytes)
            // The next prompt of the shell begins a line.
            if bytes.last != UInt8(ascii: "\n") { StandardOutput.write("\n") }
        }
    }

    /// Whether the bytes are UTF-8 without characters that control a terminal.
    private static func isText(_ bytes: UnsafeRawBufferPointer) -> Bool {
        var decoder = UTF8()
        var iterator = bytes.makeIterator()
        while true {
            switch decoder.decode(&iterator) {
            case .emptyInput: return true
            case .error: return false
            case .scalarValue(let scalar):
                if scalar == "\n" || scalar == "\t" { continue }
                if scalar.properties.generalCategory == .control { return false }
            }
        }
    }
}
