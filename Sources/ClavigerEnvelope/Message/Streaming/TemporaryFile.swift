internal import ClavigerCrypto

#if canImport(Glibc)
    internal import Glibc
#elseif canImport(Musl)
    internal import Musl
#elseif canImport(Darwin)
    internal import Darwin
#endif

/// A file without a name, in the folder that `TMPDIR` names or else in /tmp. It is gone when it is closed, whatever ends the process.
final class TemporaryFile {
    let file: SystemFile

    /// - Throws: ``EnvelopeError/Code/inputOutput`` if none can be made.
    init() throws(EnvelopeError) {
        let folder = getenv("TMPDIR").map { String(cString: $0) }.flatMap { $0.isEmpty ? nil : $0 } ?? "/tmp"
        let descriptor = Self.nameless(in: folder) ?? Self.unlinked(in: folder)
        guard let descriptor else { throw SystemFile.error(errno, "no temporary file can be made in \(folder)") }
        file = SystemFile(descriptor: descriptor)
    }

    deinit { close(file.descriptor) }

    /// A file that never had a name, where the file system can do that.
    private static func nameless(in folder: String) -> Int32? {
        #if os(Linux)
            // O_TMPFILE, which is not a simple constant in C.
            let temporary: Int32 = 0o20_000_000 | O_DIRECTORY
            let descriptor = open(folder, temporary | O_RDWR | O_EXCL | O_CLOEXEC, 0o600)
            return descriptor < 0 ? nil : descriptor
        #else
            return nil
        #endif
    }

    /// A file whose name, which nobody can guess, is taken away at once.
    private static func unlinked(in folder: String) -> Int32? {
        let path = "\(folder)/claviger-\(Hex.string(RandomSource().bytes(16)))"
        let descriptor = open(path, O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC, 0o600)
        guard descriptor >= 0 else { return nil }
        unlink(path)
        return descriptor
    }
}
