import ClavigerCrypto

#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#elseif canImport(Darwin)
    import Darwin
#endif

/// Files that a command reads, into memory for secrets: what is in them may be one.
enum InputFile {
    /// Reads a whole file; `-` is the standard input.
    ///
    /// - Parameters:
    ///   - limit: more bytes than this are refused.
    ///   - what: what the file should be; for the message.
    static func read(_ path: String, atMost limit: Int, as what: String) throws(CommandFailure) -> KeyMaterial {
        let file = path == "-" ? STDIN_FILENO : open(path, O_RDONLY | O_CLOEXEC)
        guard file >= 0 else { throw failure(path) }
        defer { if path != "-" { close(file) } }
        var count = 0
        let buffer = try KeyMaterial(count: limit + 1) { target throws(CommandFailure) in
            while count < target.count {
                let more = readSome(of: file, into: target, at: count)
                if more == 0 { return }
                if more < 0 {
                    if errno == EINTR { continue }
                    throw failure(path)
                }
                count += more
            }
        }
        guard count <= limit else {
            let name = path == "-" ? "the input" : path
            throw CommandFailure("\(name) has more than the \(limit) bytes of \(what)")
        }
        return buffer.withUnsafeBytes { KeyMaterial(copying: UnsafeRawBufferPointer(rebasing: $0[..<count])) }
    }

    private static func readSome(of file: Int32, into target: UnsafeMutableRawBufferPointer, at count: Int) -> Int {
        #if canImport(Darwin)
            Darwin.read(file, target.baseAddress! + count, target.count - count)
        #elseif canImport(Musl)
            Musl.read(file, target.baseAddress! + count, target.count - count)
        #else
            Glibc.read(file, target.baseAddress! + count, target.count - count)
        #endif
    }

    private static func failure(_ path: String) -> CommandFailure {
        CommandFailure("\(path == "-" ? "the input" : path) cannot be read: \(String(cString: strerror(errno)))")
    }
}
