import ClavigerCrypto

/// Passphrases and passwords in files.
enum SecretLine {
    private static let longest = 1024

    /// The first line of a file, without its end; `-` is the standard input.
    ///
    /// - Parameter what: what the line should be, without an article; for messages.
    static func read(_ path: String, as what: String) throws(CommandFailure) -> KeyMaterial {
        let contents = try InputFile.read(path, atMost: longest, as: "a \(what)")
        let line = contents.withUnsafeBytes { bytes in
            // The first line, as the server's own setting root-key.passphrase-file has it.
            let end = bytes.firstIndex { $0 == UInt8(ascii: "\n") || $0 == UInt8(ascii: "\r") } ?? bytes.count
            return KeyMaterial(copying: UnsafeRawBufferPointer(rebasing: bytes[..<end]))
        }
        // What is sent is JSON, which is text.
        let isText = line.withUnsafeBytes { bytes in
            String(validating: bytes, as: UTF8.self) != nil
        }
        guard isText, line.count > 0 else {
            throw CommandFailure("\(path) holds no \(what), which is text in UTF-8")
        }
        return line
    }
}
