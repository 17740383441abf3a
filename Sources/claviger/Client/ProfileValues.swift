import ClavigerCrypto

#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#elseif canImport(Darwin)
    import Darwin
#endif

/// What one source (flags, environment, a file) says about the server and who calls it.
struct ProfileValues: Sendable {
    var url: String?
    var accessID: String?
    var secret: KeyMaterial?

    /// What comes with temporary credentials.
    var token: String?
    var region: String?
    var caFile: String?

    /// What names the source in messages.
    var source: String

    init(source: String) { self.source = source }

    private mutating func set(_ name: String, _ value: UnsafeRawBufferPointer) {
        guard !value.isEmpty else { return }
        switch name {
        case "CLAVIGER_URL": url = String(decoding: value, as: UTF8.self)
        case "CLAVIGER_ACCESS_ID": accessID = String(decoding: value, as: UTF8.self)
        case "CLAVIGER_ACCESS_KEY": secret = KeyMaterial(copying: value)
        case "CLAVIGER_TOKEN": token = String(decoding: value, as: UTF8.self)
        case "CLAVIGER_REGION": region = String(decoding: value, as: UTF8.self)
        case "CLAVIGER_CA_FILE": caFile = String(decoding: value, as: UTF8.self)
        default: break
        }
    }
}

extension ProfileValues {
    /// The values in this process's environment.
    static var environment: ProfileValues {
        var values = ProfileValues(source: "the environment")
        for name in ["URL", "ACCESS_ID", "ACCESS_KEY", "TOKEN", "REGION", "CA_FILE"].map({ "CLAVIGER_\($0)" }) {
            guard let text = getenv(name) else { continue }
            values.set(name, UnsafeRawBufferPointer(start: text, count: strlen(text)))
        }
        return values
    }

    /// The values in the text of a file: lines `NAME=value`, as a shell would read them. Other names than the profile's
    /// are skipped.
    ///
    /// - Throws: if a line is anything but an assignment, a comment or blank; its text is not quoted, for it may hold a secret.
    init(file: String, contents: KeyMaterial) throws(CommandFailure) {
        self.init(source: file)
        try contents.withUnsafeBytes { bytes throws(CommandFailure) in
            for (index, line) in bytes.split(separator: 0x0A, omittingEmptySubsequences: false).enumerated() {
                let failure = CommandFailure("line \(index + 1) of \(file) is no NAME=value")
                try read(UnsafeRawBufferPointer(rebasing: line), orThrow: failure)
            }
        }
    }

    private mutating func read(_ line: UnsafeRawBufferPointer, orThrow failure: CommandFailure) throws(CommandFailure) {
        func isSpace(_ byte: UInt8) -> Bool { byte == 0x20 || byte == 0x09 || byte == 0x0D }
        var text = line.drop(while: isSpace)
        guard let first = text.first, first != UInt8(ascii: "#") else { return }
        if text.starts(with: "export ".utf8) { text = text.dropFirst(7).drop(while: isSpace) }
        guard let equals = text.firstIndex(of: UInt8(ascii: "=")), equals > text.startIndex else { throw failure }
        let name = String(decoding: text[..<equals], as: UTF8.self)
        let written = text[(equals + 1)...]
        // Unescaped in locked memory: the line may be the secret's.
        var isClosed = true
        var count = 0
        let value = KeyMaterial(count: max(written.count, 1)) { target in
            (count, isClosed) = Self.unquote(written, into: target)
        }
        guard isClosed else { throw failure }
        value.withUnsafeBytes { set(name, UnsafeRawBufferPointer(rebasing: $0[..<count])) }
    }

    /// Writes the value of an assignment, quotes and escapes resolved; `false` if a quote does not end.
    private static func unquote(
        _ text: Slice<UnsafeRawBufferPointer>, into target: UnsafeMutableRawBufferPointer
    ) -> (count: Int, isClosed: Bool) {
        var count = 0
        var quote: UInt8?
        var isEscaped = false
        for byte in text {
            if isEscaped {
                isEscaped = false
            } else if byte == UInt8(ascii: "\\"), quote != UInt8(ascii: "'") {
                isEscaped = true
                continue
            } else if let open = quote {
                if byte == open {
                    quote = nil
                    continue
                }
            } else if byte == UInt8(ascii: "\"") || byte == UInt8(ascii: "'") {
                quote = byte
                continue
            } else if byte == 0x20 || byte == 0x09 || byte == 0x0D {
                break  // A comment or nothing follows.
            }
            target[count] = byte
            count += 1
        }
        return (count, quote == nil && !isEscaped)
    }
}
