import ClavigerCrypto

/// Policies in files.
enum PolicyFile {
    /// Bytes of the longest policy that a server takes.
    private static let longest = 16 << 10

    /// The text of a policy; `-` is the standard input.
    static func read(_ path: String) throws(CommandFailure) -> String {
        let contents = try InputFile.read(path, atMost: longest, as: "a policy")
        guard let text = contents.withUnsafeBytes({ String(validating: $0, as: UTF8.self) }) else {
            throw CommandFailure("\(path) holds no policy, which is text in UTF-8")
        }
        return text
    }
}
