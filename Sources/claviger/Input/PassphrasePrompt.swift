import ClavigerCrypto

#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#elseif canImport(Darwin)
    import Darwin
#endif

/// Asks for a passphrase or password at the terminal, without showing it.
enum PassphrasePrompt {
    /// Bytes of the longest line; what is typed beyond them is not taken.
    static let longest = 1024

    /// - Parameter alternative: the flag that reads it from a file; for the hint where there is no terminal.
    /// - Returns: the line that was typed, without its end.
    static func ask(_ prompt: String, otherwise alternative: String) throws(CommandFailure) -> KeyMaterial {
        let terminal = open("/dev/tty", O_RDWR | O_CLOEXEC)
        guard terminal >= 0 else {
            throw CommandFailure("there is no terminal to ask at", hint: "\(alternative) reads it from a file")
        }
        defer { close(terminal) }
        var before = termios()
        guard tcgetattr(terminal, &before) == 0 else { throw CommandFailure("the terminal cannot be silenced") }
        // Each key comes by itself, Ctrl-C too: the echo must be back on before the process ends.
        var silent = before
        silent.c_lflag &= ~tcflag_t(ECHO | ICANON | ISIG)
        guard tcsetattr(terminal, TCSAFLUSH, &silent) == 0 else {
            throw CommandFailure("the terminal cannot be silenced")
        }
        write(prompt, to: terminal)
        let (line, count, isInterrupted) = readLine(from: terminal)
        write("\n", to: terminal)
        tcsetattr(terminal, TCSAFLUSH, &before)
        if isInterrupted { endInterrupted() }
        return line.withUnsafeBytes { KeyMaterial(copying: UnsafeRawBufferPointer(rebasing: $0[..<count])) }
    }

    /// Ends as Ctrl-C ends a program, even where the signal is ignored: nothing may be sent then.
    private static func endInterrupted() -> Never {
        signal(SIGINT, SIG_DFL)
        raise(SIGINT)
        exit(130)
    }

    private static func readLine(from terminal: Int32) -> (line: KeyMaterial, count: Int, isInterrupted: Bool) {
        var count = 0
        var isInterrupted = false
        let line = KeyMaterial(count: longest) { target in
            var key: UInt8 = 0
            while read(terminal, &key, 1) == 1 {
                switch key {
                case 0x0A, 0x0D, 0x04: return
                case 0x03:
                    isInterrupted = true
                    return
                case 0x08, 0x7F:
                    // A character may have several bytes.
                    while count > 0, target[count - 1] & 0xC0 == 0x80 { count -= 1 }
                    count = max(0, count - 1)
                case 0x15: count = 0
                default:
                    guard count < target.count else { continue }
                    target[count] = key
                    count += 1
                }
            }
        }
        return (line, count, isInterrupted)
    }

    private static func write(_ text: String, to terminal: Int32) {
        Array(text.utf8).withUnsafeBytes { _ = OutputFile.write($0, to: terminal) }
    }
}
