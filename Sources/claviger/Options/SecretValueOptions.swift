import ArgumentParser
import ClavigerCore
import ClavigerCrypto

#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#elseif canImport(Darwin)
    import Darwin
#endif

/// The value that a secret is given: a file's, or asked for. There is no flag for it: everybody on the machine could read it in the list
/// of processes.
struct SecretValueOptions: ParsableArguments {
    /// Bytes of the longest value, as it is sent.
    private static let longest = 30720

    @Option(
        name: .customLong("from"),
        help: ArgumentHelp(
            "The file that holds the value, byte by byte; - is the standard input (default: the standard input, or "
                + "asked for at a terminal).", valueName: "file"),
        completion: .file())
    var file: String?

    @Flag(help: "The value is bytes instead of text: it is kept in base64.")
    var binary = false

    @Option(
        help: ArgumentHelp("The version's id, 1 to 64 characters (default: a random UUID).", valueName: "id"))
    var versionId: String?

    /// The id of the version that gets the value.
    var version: String { versionId ?? UUIDText.text(RandomSource().uuid()) }

    /// What clients take the value for: the parameter `SecretDataType`.
    var type: String { binary ? "binary" : "text" }

    /// The value as it is sent: text in UTF-8, 1 to 30,720 bytes.
    func read(for name: String) throws(CommandFailure) -> KeyMaterial {
        let value = try contents(for: name)
        let what = DisplayText.visible(name)
        guard value.count > 0 else { throw CommandFailure("the value of \(what) is empty") }
        return try value.withUnsafeBytes { bytes throws(CommandFailure) in
            guard !binary else {
                return KeyMaterial(count: Base64.encodedCount(bytes.count)) { Base64.encode(bytes, into: $0) }
            }
            guard TextBytes.isText(bytes) else {
                throw CommandFailure("the value of \(what) is no text in UTF-8", hint: "--binary keeps any bytes")
            }
            return value
        }
    }

    private func contents(for name: String) throws(CommandFailure) -> KeyMaterial {
        guard file == nil, isatty(STDIN_FILENO) == 1 else {
            return try binary
                ? InputFile.read(file ?? "-", atMost: Self.longest / 4 * 3, as: "a binary value")
                : InputFile.read(file ?? "-", atMost: Self.longest, as: "a value")
        }
        let value = try PassphrasePrompt.ask("Value of \(DisplayText.visible(name)): ", otherwise: "--from FILE")
        guard value.count < PassphrasePrompt.longest else {
            throw CommandFailure(
                "a value that is typed has less than \(PassphrasePrompt.longest) bytes",
                hint: "--from FILE reads it from a file")
        }
        guard value.count > 0 else { return value }
        let repeated = try PassphrasePrompt.ask("The same once more: ", otherwise: "--from FILE")
        guard repeated == value else { throw CommandFailure("the two values differ") }
        return value
    }
}
