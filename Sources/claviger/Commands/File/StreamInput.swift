#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#elseif canImport(Darwin)
    import Darwin
#endif

/// An open file that a command reads, until the process ends.
struct StreamInput: Sendable {
    let descriptor: Int32

    /// What it is called in messages.
    let name: String

    /// - Parameter path: `nil` and `-` are the standard input.
    init(_ path: String?) throws(CommandFailure) {
        guard let path, path != "-" else {
            descriptor = STDIN_FILENO
            name = "the input"
            return
        }
        descriptor = open(path, O_RDONLY | O_CLOEXEC)
        name = path
        guard descriptor >= 0 else {
            throw CommandFailure("\(path) cannot be read: \(String(cString: strerror(errno)))")
        }
    }
}
