package import ClavigerCore

#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#elseif canImport(Darwin)
    import Darwin
#endif

/// The folder that holds everything of the embedded default, for one process at a time.
package final class DataDirectory: Sendable {
    package let path: String
    private let lock: Int32

    /// Makes the folder if it is missing (mode 0700) and takes its lock.
    ///
    /// - Throws: `.storeUnavailable` if another process has it.
    package init(path: String) throws(KMSError) {
        self.path = path
        var folder = path.hasPrefix("/") ? "/" : ""
        for part in path.split(separator: "/") {
            let parent = folder.isEmpty ? "." : folder
            folder += (folder.isEmpty || folder.hasSuffix("/") ? "" : "/") + part
            if mkdir(folder, 0o700) == 0 {
                // The new name is durable before anything in the folder is acknowledged.
                let directory = open(parent, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
                if directory >= 0 {
                    fsync(directory)
                    close(directory)
                }
            } else if errno != EEXIST {
                throw KMSError(
                    .storeUnavailable, "the data directory \(path) cannot be made: \(String(cString: strerror(errno)))")
            }
        }
        lock = open(path + "/lock", O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0o600)
        guard lock >= 0 else {
            throw KMSError(
                .storeUnavailable, "the data directory \(path) cannot be used: \(String(cString: strerror(errno)))")
        }
        guard flock(lock, LOCK_EX | LOCK_NB) == 0 else {
            close(lock)
            throw KMSError(.storeUnavailable, "another server uses the data directory \(path)")
        }
    }

    deinit { close(lock) }

    package func file(_ name: String) -> String { "\(path)/\(name)" }
}
