package import ClavigerCore
package import ClavigerCrypto

#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#elseif canImport(Darwin)
    import Darwin
#endif

/// A root key in a file of 32 random bytes that only its owner can read: the embedded default.
package struct FileRootKeyProvider: RootKeyProvider {
    package let name = "file"
    private let path: String

    package init(path: String) { self.path = path }

    package func create(passphrase: KeyMaterial?) throws(KMSError) -> (key: any RootKey, parameters: [UInt8])? {
        // A file without a store is left by a first start that was cut short: nothing is wrapped with it yet, or everything is.
        unlink(path + ".new")
        if let existing = try read() { return (try SoftwareRootKey(existing), []) }
        let material = RandomSource().material(SoftwareRootKey.size)
        try write(material)
        return (try SoftwareRootKey(material), [])
    }

    package func open(parameters: [UInt8], passphrase: KeyMaterial?) throws(KMSError) -> (any RootKey)? {
        guard let material = try read() else { return nil }
        return try SoftwareRootKey(material)
    }

    private func read() throws(KMSError) -> KeyMaterial? {
        let file = openFile(path, O_RDONLY | O_CLOEXEC | O_NOFOLLOW)
        guard file >= 0 else {
            if errno == ENOENT { return nil }
            throw failure("cannot be opened")
        }
        defer { close(file) }
        var status = stat()
        guard fstat(file, &status) == 0, status.st_mode & S_IFMT == S_IFREG else { throw failure("is no regular file") }
        guard status.st_mode & 0o077 == 0 else {
            throw KMSError(.backendFailed, "the root key file \(path) can be read by others; run chmod 600 on it")
        }
        guard status.st_size == SoftwareRootKey.size else {
            throw KMSError(
                .backendFailed,
                "the root key file \(path) has \(status.st_size) bytes instead of \(SoftwareRootKey.size)")
        }
        return try KeyMaterial(count: SoftwareRootKey.size) { target throws(KMSError) in
            guard readFile(file, target) == SoftwareRootKey.size else { throw failure("cannot be read") }
        }
    }

    /// Writes beside the path and links into place, so that the file is there whole or not at all and never replaces another.
    private func write(_ material: KeyMaterial) throws(KMSError) {
        let temporary = path + ".new"
        unlink(temporary)
        let file = openFile(temporary, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW, 0o600)
        guard file >= 0 else { throw failure("cannot be created") }
        defer {
            close(file)
            unlink(temporary)
        }
        let written = material.withUnsafeBytes { bytes in writeFile(file, bytes) }
        guard written == material.count, fsync(file) == 0, link(temporary, path) == 0 else {
            throw failure("cannot be written")
        }
        let folder = path.split(separator: "/", omittingEmptySubsequences: false).dropLast().joined(separator: "/")
        let directory = openFile(folder.isEmpty ? "." : folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
        guard directory >= 0 else { throw failure("cannot be made durable") }
        defer { close(directory) }
        guard fsync(directory) == 0 else { throw failure("cannot be made durable") }
    }

    private func failure(_ what: String) -> KMSError {
        let reason = String(cString: strerror(errno))
        return KMSError(.backendFailed, "the root key file \(path) \(what): \(reason)")
    }
}

// File-scope functions, because within the type `open`, `read` and `write` are its own.

private func retrying(_ call: () -> Int) -> Int {
    while true {
        let result = call()
        if result >= 0 || errno != EINTR { return result }
    }
}

private func openFile(_ path: String, _ flags: Int32, _ mode: mode_t = 0) -> Int32 {
    Int32(retrying { Int(open(path, flags, mode)) })
}

private func readFile(_ file: Int32, _ target: UnsafeMutableRawBufferPointer) -> Int {
    retrying { read(file, target.baseAddress, target.count) }
}

private func writeFile(_ file: Int32, _ bytes: UnsafeRawBufferPointer) -> Int {
    retrying { write(file, bytes.baseAddress, bytes.count) }
}
