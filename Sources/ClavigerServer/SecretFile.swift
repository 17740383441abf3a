package import ClavigerCore

#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#elseif canImport(Darwin)
    import Darwin
#endif

/// Files that only their owner reads, replaced whole or not at all.
package enum SecretFile {
    /// Writes `bytes` to `path` with mode 0600, durably; an older file is replaced in one step.
    package static func write(_ bytes: [UInt8], to path: String) throws(KMSError) {
        let temporary = path + ".new"
        unlink(temporary)
        let file = open(temporary, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW, 0o600)
        guard file >= 0 else { throw failure(path) }
        defer { close(file) }
        var written = 0
        while written < bytes.count {
            let count = bytes.withUnsafeBytes { Self.append($0, from: written, to: file) }
            if count < 0 && errno == EINTR { continue }
            guard count > 0 else { throw failure(path) }
            written += count
        }
        guard fsync(file) == 0, rename(temporary, path) == 0 else { throw failure(path) }
        let folder = path.split(separator: "/", omittingEmptySubsequences: false).dropLast().joined(separator: "/")
        let directory = open(folder.isEmpty ? "." : folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
        guard directory >= 0 else { throw failure(path) }
        defer { close(directory) }
        guard fsync(directory) == 0 else { throw failure(path) }
    }

    private static func failure(_ path: String) -> KMSError {
        KMSError(.storeUnavailable, "the file \(path) cannot be written: \(String(cString: strerror(errno)))")
    }

    private static func append(_ bytes: UnsafeRawBufferPointer, from offset: Int, to file: Int32) -> Int {
        guard let start = bytes.baseAddress else { return 0 }
        return systemWrite(file, start + offset, bytes.count - offset)
    }
}

// At file scope, because within the type `write` is its own.
private func systemWrite(_ file: Int32, _ start: UnsafeRawPointer, _ count: Int) -> Int { write(file, start, count) }
