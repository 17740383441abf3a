import ClavigerCrypto

extension OutputFile {
    /// Gives away something secret byte by byte: to a file that only its owner can read, or to the standard output, where a terminal gets
    /// text alone.
    ///
    /// - Parameters:
    ///   - path: `nil` and `-` are the standard output.
    ///   - what: what it is, without an article; for messages.
    ///   - hint: how else it can be had where a terminal could not show it.
    static func write(plaintext: KeyMaterial, toPath path: String?, as what: String, hint: String)
        throws(CommandFailure)
    {
        try plaintext.withUnsafeBytes { bytes throws(CommandFailure) in
            if let path, path != "-" { return try write(bytes, toPath: path, .secret) }
            guard StandardOutput.isTerminal else { return StandardOutput.write(bytes) }
            guard TextBytes.isShowable(bytes) else {
                throw CommandFailure("the \(what) is no text, which a terminal could show", hint: hint)
            }
            StandardOutput.write(bytes)
            // The next prompt of the shell begins a line.
            if bytes.last != UInt8(ascii: "\n") { StandardOutput.write("\n") }
        }
    }
}
