import ArgumentParser
import ClavigerCrypto

/// The ciphertext that a command works on.
struct CiphertextOptions: ParsableArguments {
    /// Base64 of the longest ciphertext there is, with generous white space.
    private static let largestText = 16 << 10

    @Argument(help: "The ciphertext in base64; read from --in or the standard input unless given.")
    var ciphertext: String?

    @Option(
        name: .customLong("in"),
        help: ArgumentHelp("The ciphertext in base64; - is the standard input.", valueName: "file"), completion: .file()
    )
    var input: String?

    func validate() throws {
        guard input == nil || ciphertext == nil else {
            throw ValidationError("Use either --in or the ciphertext itself.")
        }
    }

    /// The ciphertext in base64 without white space.
    func text() throws(CommandFailure) -> String {
        let bytes: [UInt8]
        if let ciphertext {
            bytes = Array(ciphertext.utf8)
        } else {
            let file = try InputFile.read(input ?? "-", atMost: Self.largestText, as: "a ciphertext")
            bytes = file.withUnsafeBytes { Array($0) }
        }
        let text = String(decoding: bytes.filter { !Base64Text.isWhiteSpace($0) }, as: UTF8.self)
        guard !text.isEmpty else { throw CommandFailure("there is nothing to decrypt: the ciphertext is empty") }
        return text
    }
}
