package import ClavigerCore
package import ClavigerCrypto

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
        defer {
            close(file)
            // Gone by its new name, unless something failed: what is left then must not stay.
            unlink(temporary)
        }
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

    /// The first line of a file that only its owner can read, at most 4,095 bytes, without its end.
    package static func readFirstLine(of path: String) throws(KMSError) -> KeyMaterial {
        let file = open(path, O_RDONLY | O_CLOEXEC)
        guard file >= 0 else {
            throw KMSError(.backendFailed, "the file \(path) cannot be read: \(String(cString: strerror(errno)))")
        }
        defer { close(file) }
        var status = stat()
        guard fstat(file, &status) == 0, status.st_mode & 0o077 == 0 else {
            throw KMSError(.backendFailed, "the file \(path) can be read by others; run chmod 600 on it")
        }
        var count = 0
        let buffer = KeyMaterial(count: 4096) { target in
            while count < target.count {
                let got = systemRead(file, target, from: count)
                if got < 0 && errno == EINTR { continue }
                guard got > 0 else { break }
                count += got
            }
        }
        return try buffer.withUnsafeBytes { bytes throws(KMSError) in
            let end = bytes[..<count].firstIndex { $0 == 0x0A || $0 == 0x0D } ?? count
            guard end > 0, end < bytes.count else {
                throw KMSError(.backendFailed, "the first line of \(path) is empty or longer than 4095 bytes")
            }
            return KeyMaterial(copying: UnsafeRawBufferPointer(rebasing: bytes[..<end]))
        }
    }

    private static func failure(_ path: String) -> KMSError {
        KMSError(.storeUnavailable, "the file \(path) cannot be written: \(String(cString: strerror(errno)))")
    }

    private static func append(_ bytes: UnsafeRawBufferPointer, from offset: Int, to file: Int32) -> Int {
        guard let start = bytes.baseAddress else { return 0 }
        return systemWrite(file, start + offset, bytes.count - offset)
    }
}

// At file scope, because within the type these names are its own.
private func systemWrite(_ file: Int32, _ start: UnsafeRawPointer, _ count: Int) -> Int { write(file, start, count) }

private func systemRead(_ file: Int32, _ target: UnsafeMutableRawBufferPointer, from offset: Int) -> Int {
    read(file, target.baseAddress.map { $0 + offset }, target.count - offset)
}
