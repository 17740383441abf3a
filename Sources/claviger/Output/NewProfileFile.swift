import ClavigerCrypto

#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#elseif canImport(Darwin)
    import Darwin
#endif

/// A profile's file for new credentials, which only its owner can read.
///
/// It is opened before the credentials are made: a secret that is told only once must have somewhere to go.
struct NewProfileFile {
    /// What becomes of a file that is there already.
    enum Existing {
        case refused, replaced
    }

    private let path: String
    private let file: Int32
    private let isMade: Bool

    /// Opens the file, whose contents stay as they are until ``write(_:)``.
    init(path: String, _ existing: Existing) throws(CommandFailure) {
        self.path = path
        let flags = O_WRONLY | O_CREAT | O_CLOEXEC
        let new = open(path, flags | O_EXCL, 0o600)
        guard new < 0, errno == EEXIST, existing == .replaced else {
            file = new
            isMade = true
            guard new < 0 else { return }
            let isThere = errno == EEXIST
            throw CommandFailure(
                "\(path) cannot be written: \(String(cString: strerror(errno)))",
                hint: isThere ? "--force replaces it" : nil)
        }
        file = open(path, flags, 0o600)
        isMade = false
        guard file >= 0 else { throw CommandFailure("\(path) cannot be written: \(String(cString: strerror(errno)))") }
    }

    /// Replaces the contents by lines `NAME=value`, and closes the file.
    func write(_ values: KeyValuePairs<String, String?>) throws(CommandFailure) {
        var lines: [UInt8] = []
        for (name, value) in values {
            if let value { lines += Array("\(name)=\(Self.quoted(value))\n".utf8) }
        }
        defer { lines.withUnsafeMutableBytes { LockedMemory.wipe($0) } }
        // A pipe or device cannot be cut, nor taken from others.
        let isWritten =
            OutputFile.restrictAccess(to: file) && (ftruncate(file, 0) == 0 || errno == EINVAL)
            && lines.withUnsafeBytes { OutputFile.write($0, to: file) }
        let error = errno
        guard close(file) == 0, isWritten else {
            throw CommandFailure(
                "\(path) cannot be written: \(String(cString: strerror(isWritten ? errno : error)))")
        }
    }

    /// Closes the file, and removes it unless it was there before.
    func discard() {
        close(file)
        if isMade { unlink(path) }
    }

    /// The value as a shell reads it.
    private static func quoted(_ value: String) -> String {
        let isPlain = value.utf8.allSatisfy { byte in
            48...57 ~= byte || 65...90 ~= byte || 97...122 ~= byte || "+,-./:=@_".utf8.contains(byte)
        }
        return isPlain
            ? value
            : "'" + value.split(separator: "'", omittingEmptySubsequences: false).joined(separator: "'\\''") + "'"
    }
}
