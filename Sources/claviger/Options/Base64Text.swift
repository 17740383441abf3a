import ClavigerCrypto

/// Base64 as people keep it: in files, with line breaks.
enum Base64Text {
    /// The text without white space; `nil` unless it then is the base64 of at least one byte.
    static func normalized(_ text: some Sequence<UInt8>) -> String? {
        let characters = text.filter { !isWhiteSpace($0) }
        guard !characters.isEmpty, (try? Base64.decode(characters)) != nil else { return nil }
        return String(decoding: characters, as: UTF8.self)
    }

    /// The base64 that a file holds; `-` is the standard input.
    ///
    /// - Parameters:
    ///   - limit: more bytes than this are refused.
    ///   - what: what the file should hold; for messages.
    static func read(_ path: String, atMost limit: Int, as what: String) throws(CommandFailure) -> String {
        let contents = try InputFile.read(path, atMost: limit, as: what)
        guard let text = contents.withUnsafeBytes({ normalized($0) }) else {
            throw CommandFailure("\(path == "-" ? "the input" : path) does not hold \(what) in base64")
        }
        return text
    }

    static func isWhiteSpace(_ byte: UInt8) -> Bool { 0x09...0x0D ~= byte || byte == 0x20 }
}
