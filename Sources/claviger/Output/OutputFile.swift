import ClavigerCrypto

#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#elseif canImport(Darwin)
    import Darwin
#endif

/// Files that a command writes.
enum OutputFile {
    /// What a file holds.
    enum Content {
        case secret
        /// A new file is still its owner's alone: who else may read it is for the owner to say.
        case noSecret
    }

    /// Writes a file that only its owner can read; `-` is the standard output. An existing file is replaced; it keeps its mode unless what
    /// is written is secret.
    static func write(
        _ bytes: UnsafeRawBufferPointer, toPath path: String, _ content: Content = .noSecret
    ) throws(CommandFailure) {
        guard path != "-" else { return StandardOutput.write(bytes) }
        let file = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0o600)
        guard file >= 0 else { throw failure(path) }
        guard content == .noSecret || restrictAccess(to: file) else {
            let error = failure(path)
            close(file)
            throw error
        }
        let isWritten = write(bytes, to: file)
        let error = errno
        guard close(file) == 0, isWritten else {
            if !isWritten { errno = error }
            throw failure(path)
        }
    }

    static func write(
        _ text: String, toPath path: String, _ content: Content = .noSecret
    ) throws(CommandFailure) {
        try Array(text.utf8).withBytes { bytes throws(CommandFailure) in try write(bytes, toPath: path, content) }
    }

    /// Takes a file from everybody but its owner; pipes and devices stay as they are.
    static func restrictAccess(to file: Int32) -> Bool {
        var status = stat()
        guard fstat(file, &status) == 0 else { return false }
        guard status.st_mode & S_IFMT == S_IFREG, status.st_mode & 0o077 != 0 else { return true }
        return fchmod(file, 0o600) == 0
    }

    /// Writes all of `bytes`; `false`, with `errno`, if that cannot be done.
    static func write(_ bytes: UnsafeRawBufferPointer, to file: Int32) -> Bool {
        var written = 0
        while written < bytes.count {
            #if canImport(Darwin)
                let count = Darwin.write(file, bytes.baseAddress! + written, bytes.count - written)
            #elseif canImport(Musl)
                let count = Musl.write(file, bytes.baseAddress! + written, bytes.count - written)
            #else
                let count = Glibc.write(file, bytes.baseAddress! + written, bytes.count - written)
            #endif
            if count < 0 {
                if errno == EINTR { continue }
                return false
            }
            written += count
        }
        return true
    }

    private static func failure(_ path: String) -> CommandFailure {
        CommandFailure("\(path) cannot be written: \(String(cString: strerror(errno)))")
    }
}
