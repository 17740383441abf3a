#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#elseif canImport(Darwin)
    import Darwin
#endif

/// The standard streams, written at once and without a buffer.
enum StandardOutput {
    static var isTerminal: Bool { isatty(STDOUT_FILENO) == 1 }

    static func write(_ text: String) {
        var text = text
        text.withUTF8 { write(UnsafeRawBufferPointer($0)) }
    }

    static func write(_ bytes: UnsafeRawBufferPointer) {
        guard OutputFile.write(bytes, to: STDOUT_FILENO) else { endQuietly() }
    }

    static func writeError(_ text: String) {
        var text = text
        text.withUTF8 { _ = OutputFile.write(UnsafeRawBufferPointer($0), to: STDERR_FILENO) }
    }

    /// Ends as a program does whose reader has gone away: `claviger key list | head -1` is no error.
    private static func endQuietly() -> Never {
        let error = errno
        if error == EPIPE {
            // The networking library ignores the signal.
            signal(SIGPIPE, SIG_DFL)
            raise(SIGPIPE)
        }
        writeError("error: the output cannot be written: \(String(cString: strerror(error)))\n")
        exit(1)
    }
}
