import ClavigerCore

/// What is wrong with a policy's text, and where.
struct PolicyFault: Error {
    let message: String

    /// The offset of the byte.
    let offset: Int

    /// - Parameter suggestion: what was probably meant.
    init(_ message: String, at offset: Int, suggestion: String? = nil) {
        self.message = suggestion.map { "\(message); did you mean \(Self.quote($0))?" } ?? message
        self.offset = offset
    }

    /// Text as messages cite it: on one line, in quotes, not too much of it.
    static func quote(_ text: String) -> String {
        let most = 120
        var quoted = ""
        for scalar in text.unicodeScalars.prefix(most) {
            switch scalar {
            case "\"", "\\": quoted.unicodeScalars.append(contentsOf: ["\\", scalar])
            case let control where control.properties.generalCategory == .control:
                quoted += scalar.escaped(asASCII: true)
            default: quoted.unicodeScalars.append(scalar)
            }
        }
        return "\"\(quoted)\(text.unicodeScalars.count > most ? "…" : "")\""
    }

    /// As the caller is told: lines and columns count from 1, columns in characters.
    func error(in text: [UInt8]) -> KMSError {
        let before = text.prefix(offset)
        let lineStart = before.lastIndex(of: UInt8(ascii: "\n")).map { $0 + 1 } ?? 0
        let line = before.count { $0 == UInt8(ascii: "\n") } + 1
        let column = before[lineStart...].count { $0 & 0xC0 != 0x80 } + 1
        return KMSError(.invalidPolicy, "line \(line), column \(column): \(message)")
    }
}
