import ClavigerCrypto

#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#elseif canImport(Darwin)
    import Darwin
#endif

/// Where a command writes a stream: what is open already, or a file that appears under its name only when all of it is there.
struct StreamOutput: Sendable {
    private enum Place: Sendable {
        case open(Int32)
        /// A file that must not be there yet, or one that is replaced and gives its mode to what holds no secret.
        case file(path: String, replaces: Bool, mode: mode_t?)
    }

    private static let permissions: mode_t = 0o777

    private let place: Place
    private let content: OutputFile.Content

    /// What it is called in messages.
    let name: String

    /// Whether it is a terminal.
    let isTerminal: Bool

    /// Whether readers get the stream piece by piece.
    var isOpen: Bool {
        switch place {
        case .open: true
        case .file: false
        }
    }

    /// - Parameters:
    ///   - path: `nil` and `-` are the standard output. A pipe or a device is written to as it is.
    ///   - mayReplace: whether a file that is there already may be replaced.
    ///   - content: what is secret goes into a file that its owner alone can read.
    init(_ path: String?, mayReplace: Bool, _ content: OutputFile.Content) throws(CommandFailure) {
        self.content = content
        guard let path, path != "-" else {
            place = .open(STDOUT_FILENO)
            name = "the output"
            isTerminal = StandardOutput.isTerminal
            return
        }
        name = path
        var status = stat()
        guard lstat(path, &status) == 0 else {
            guard errno == ENOENT else { throw Self.failure(path) }
            place = .file(path: path, replaces: false, mode: nil)
            isTerminal = false
            return
        }
        // A link that leads nowhere is replaced itself.
        let target = Self.target(of: path)
        if let target, stat(target, &status) != 0 { throw Self.failure(path) }
        switch status.st_mode & S_IFMT {
        case S_IFREG, S_IFLNK:
            guard mayReplace else {
                errno = EEXIST
                throw Self.failure(path, hint: "--force replaces it")
            }
            place = .file(
                path: target ?? path, replaces: true, mode: target.map { _ in status.st_mode & Self.permissions })
            isTerminal = false
        default:
            let descriptor = open(path, O_WRONLY | O_CLOEXEC)
            guard descriptor >= 0 else { throw Self.failure(path) }
            place = .open(descriptor)
            isTerminal = isatty(descriptor) == 1
        }
    }

    /// Whether it is the very file that is read, and would be written over while it is read.
    func writesOver(_ input: StreamInput) -> Bool {
        switch place {
        case .file: return false
        case .open(let descriptor):
            var (from, to) = (stat(), stat())
            return fstat(input.descriptor, &from) == 0 && fstat(descriptor, &to) == 0
                && to.st_mode & S_IFMT == S_IFREG && from.st_dev == to.st_dev && from.st_ino == to.st_ino
        }
    }

    /// Gives `body` what writes. A file is there under its name if `body` returns, and not at all if it throws.
    func write<Result>(_ body: (StreamSink) throws(CommandFailure) -> Result) throws(CommandFailure) -> Result {
        switch place {
        case .open(let descriptor):
            return try body(StreamSink(descriptor: descriptor, name: name, isTerminal: isTerminal))
        case .file(let path, let replaces, let mode):
            let file = try makeTemporaryFile(beside: path, mode)
            var isThere = false
            defer { if !isThere { unlink(file.path) } }
            var isClosed = false
            defer { if !isClosed { close(file.descriptor) } }
            let result = try body(StreamSink(descriptor: file.descriptor, name: name, isTerminal: false))
            // The file that it replaces may be the only one with these contents: they must not be lost with the power.
            guard fsync(file.descriptor) == 0 || errno == EINVAL else { throw Self.failure(name) }
            isClosed = true
            guard close(file.descriptor) == 0 else { throw Self.failure(name) }
            guard move(file.path, to: path, replacing: replaces) else {
                throw Self.failure(name, hint: errno == EEXIST ? "--force replaces it" : nil)
            }
            isThere = true
            return result
        }
    }

    private func makeTemporaryFile(
        beside path: String, _ replacedMode: mode_t?
    ) throws(CommandFailure) -> (path: String, descriptor: Int32) {
        let folder = path.lastIndex(of: "/").map { String(path[...$0]) } ?? ""
        let temporary = "\(folder).claviger-\(Hex.string(RandomSource().bytes(8))).part"
        let mode: mode_t =
            switch content {
            case .secret: 0o600
            case .noSecret: 0o666
            }
        let descriptor = open(temporary, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, mode)
        guard descriptor >= 0 else { throw Self.failure(name) }
        if content == .noSecret, let replacedMode, fchmod(descriptor, replacedMode) != 0 {
            let error = Self.failure(name)
            close(descriptor)
            unlink(temporary)
            throw error
        }
        return (temporary, descriptor)
    }

    /// Gives the file its name; `false`, with `errno`, if that cannot be done.
    private func move(_ temporary: String, to path: String, replacing: Bool) -> Bool {
        guard !replacing else { return rename(temporary, path) == 0 }
        // Unlike rename(2), it leaves a file alone that somebody else has made meanwhile.
        if link(temporary, path) == 0 {
            unlink(temporary)
            return true
        }
        // Not every file system has links: an empty file takes the name first.
        guard errno == EPERM || errno == ENOTSUP || errno == ENOSYS || errno == EMLINK else { return false }
        let place = open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0o600)
        guard place >= 0 else { return false }
        close(place)
        if rename(temporary, path) == 0 { return true }
        let error = errno
        unlink(path)
        errno = error
        return false
    }

    /// The file that the path leads to; `nil` if it leads nowhere.
    private static func target(of path: String) -> String? {
        guard let target = realpath(path, nil) else { return nil }
        defer { free(target) }
        return String(cString: target)
    }

    private static func failure(_ path: String, hint: String? = nil) -> CommandFailure {
        CommandFailure("\(path) cannot be written: \(String(cString: strerror(errno)))", hint: hint)
    }
}
