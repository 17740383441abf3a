import ClavigerCore

#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#elseif canImport(Darwin)
    import Darwin
#endif

/// A descriptor that is closed when nobody holds it any more.
final class OpenFile: Sendable {
    enum Purpose {
        case reading
        /// An existing file, to read and to append to.
        case appending
        /// A new file to append to; there must be none of this name.
        case creating
        /// A file that exists or is made, whose content does not matter.
        case locking
    }

    let descriptor: Int32
    let path: String

    /// Opens a regular file. Symbolic links, pipes and devices are refused, so that opening and writing never wait for anybody.
    init(_ path: String, for purpose: Purpose) throws(KMSError) {
        let flags =
            switch purpose {
            case .reading: O_RDONLY
            case .appending: O_RDWR | O_APPEND
            case .creating: O_RDWR | O_APPEND | O_CREAT | O_EXCL
            case .locking: O_RDWR | O_CREAT
            }
        descriptor = open(path, flags | O_NOFOLLOW | O_CLOEXEC | O_NONBLOCK, 0o600)
        self.path = path
        guard descriptor >= 0 else { throw .auditUnavailable("\(path) cannot be opened", "open") }
        guard try status().st_mode & S_IFMT == S_IFREG else {
            throw KMSError(.auditUnavailable, "\(path) is not a regular file")
        }
    }

    init(directory path: String) throws(KMSError) {
        descriptor = open(path, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC)
        self.path = path
        guard descriptor >= 0 else { throw .auditUnavailable("\(path) cannot be opened as a directory", "open") }
    }

    deinit {
        if descriptor >= 0 { close(descriptor) }
    }

    func status() throws(KMSError) -> stat {
        var status = stat()
        guard fstat(descriptor, &status) == 0 else { throw .auditUnavailable("\(path) cannot be examined", "fstat") }
        return status
    }

    func size() throws(KMSError) -> Int { Int(try status().st_size) }

    /// Reads into all of `target`, less only where the file ends.
    func read(into target: UnsafeMutableRawBufferPointer, at offset: Int) throws(KMSError) -> Int {
        var count = 0
        while count < target.count {
            let rest = UnsafeMutableRawBufferPointer(rebasing: target[count...])
            let got = pread(descriptor, rest.baseAddress, rest.count, off_t(offset + count))
            if got < 0 && errno == EINTR { continue }
            guard got >= 0 else { throw .auditUnavailable("\(path) cannot be read", "pread") }
            if got == 0 { break }
            count += got
        }
        return count
    }

    /// Appends `bytes`; tells how many it could and, if not all, the error number.
    func append(_ bytes: UnsafeRawBufferPointer) -> (written: Int, error: Int32) {
        var written = 0
        while written < bytes.count {
            let rest = UnsafeRawBufferPointer(rebasing: bytes[written...])
            let count = write(descriptor, rest.baseAddress, rest.count)
            if count < 0 && errno == EINTR { continue }
            guard count > 0 else { return (written, count < 0 ? errno : ENOSPC) }
            written += count
        }
        return (written, 0)
    }

    func truncate(to size: Int) throws(KMSError) {
        guard ftruncate(descriptor, off_t(size)) == 0 else {
            throw .auditUnavailable("\(path) cannot be shortened", "ftruncate")
        }
    }

    /// Returns when the content is on the disk.
    func synchronize() throws(KMSError) {
        #if canImport(Darwin)
            guard fcntl(descriptor, F_FULLFSYNC) == 0 else {
                throw .auditUnavailable("\(path) cannot be written to disk", "fcntl")
            }
        #else
            guard fdatasync(descriptor) == 0 else {
                throw .auditUnavailable("\(path) cannot be written to disk", "fdatasync")
            }
        #endif
    }

    /// Returns when the content and the names in a directory are on the disk.
    func synchronizeAll() throws(KMSError) {
        guard fsync(descriptor) == 0 else { throw .auditUnavailable("\(path) cannot be written to disk", "fsync") }
    }

    /// Whether this process now has the file to itself; `false` if another one has it.
    func lock() throws(KMSError) -> Bool {
        if flock(descriptor, LOCK_EX | LOCK_NB) == 0 { return true }
        guard errno == EWOULDBLOCK else { throw .auditUnavailable("\(path) cannot be locked", "flock") }
        return false
    }

    /// Whether both are the same file.
    func isSame(as other: OpenFile) throws(KMSError) -> Bool {
        let (mine, theirs) = (try status(), try other.status())
        return mine.st_dev == theirs.st_dev && mine.st_ino == theirs.st_ino
    }
}
