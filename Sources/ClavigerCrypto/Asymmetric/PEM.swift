/// The textual form of keys (RFC 7468).
enum PEM {
    private static let columns = 64

    /// The text for `content`, with a newline at its end.
    static func encode(_ content: [UInt8], label: String) -> [UInt8] {
        let text = content.withUnsafeBytes { encode($0, label: label) }
        return text.withUnsafeBytes { Array($0) }
    }

    /// The text for `content`, in memory for secrets.
    static func encode(_ content: UnsafeRawBufferPointer, label: String) -> KeyMaterial {
        let count = Base64.encodedCount(content.count)
        let begin = Array("-----BEGIN \(label)-----\n".utf8)
        let end = Array("-----END \(label)-----\n".utf8)
        let breaks = (count + columns - 1) / columns
        return withTemporarySecret(count) { base64 in
            Base64.encode(content, into: base64)
            return KeyMaterial(count: begin.count + count + breaks + end.count) { text in
                text.copyBytes(from: begin)
                var written = begin.count
                for start in stride(from: 0, to: count, by: columns) {
                    let line = base64[start..<min(start + columns, count)]
                    UnsafeMutableRawBufferPointer(rebasing: text[written...]).copyBytes(from: line)
                    written += line.count
                    text[written] = UInt8(ascii: "\n")
                    written += 1
                }
                UnsafeMutableRawBufferPointer(rebasing: text[written...]).copyBytes(from: end)
            }
        }
    }

    /// The content of a text with exactly one block of this label.
    ///
    /// Lines may end with CR LF, may have any length, and white space may surround the block; nothing else is let through.
    ///
    /// - Throws: ``CryptoError/malformed``.
    static func decode(_ text: some Collection<UInt8>, label: String) throws(CryptoError) -> [UInt8] {
        var block = ArraySlice(text)
        block = block.drop { isWhiteSpace($0) }
        while let last = block.last, isWhiteSpace(last) { block.removeLast() }
        var lines = block.split(separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false).map { line in
            line.last == UInt8(ascii: "\r") ? line.dropLast() : line
        }
        guard lines.count >= 3, lines.removeFirst().elementsEqual("-----BEGIN \(label)-----".utf8),
            lines.removeLast().elementsEqual("-----END \(label)-----".utf8), lines.allSatisfy({ !$0.isEmpty })
        else { throw .malformed }
        return try Base64.decode(Array(lines.joined()))
    }

    private static func isWhiteSpace(_ character: UInt8) -> Bool {
        character == 0x20 || character == 0x09 || character == 0x0A || character == 0x0D
    }
}
