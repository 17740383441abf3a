import ClavigerCore

#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#elseif canImport(Darwin)
    import Darwin
#endif

/// The directory that holds a log's segment files.
struct SegmentDirectory: Sendable {
    /// A file of the log, named for its first record.
    struct Segment: Hashable, Sendable {
        static let prefix = "audit-"
        static let suffix = ".jsonl"

        let firstSequence: UInt64

        init(firstSequence: UInt64) { self.firstSequence = firstSequence }

        /// `nil` for the name of any other file.
        init?(name: String) {
            guard name.hasPrefix(Self.prefix), name.hasSuffix(Self.suffix) else { return nil }
            let digits = name.dropFirst(Self.prefix.count).dropLast(Self.suffix.count)
            guard digits.utf8.count == 20, digits.utf8.allSatisfy({ 48...57 ~= $0 }), let number = Int64(digits)
            else { return nil }
            self.init(firstSequence: UInt64(number))
        }

        var name: String {
            let digits = String(firstSequence)
            return Self.prefix + String(repeating: "0", count: 20 - digits.utf8.count) + digits + Self.suffix
        }
    }

    private static let unfinishedSuffix = ".new"

    let path: String
    private let handle: OpenFile

    /// Opens an existing directory.
    init(_ path: String) throws(KMSError) {
        self.path = path
        handle = try OpenFile(directory: path)
    }

    /// Opens a directory that is made if there is none; its parent must exist.
    init(creating path: String) throws(KMSError) {
        guard mkdir(path, 0o700) == 0 || errno == EEXIST else {
            throw .auditUnavailable("the directory \(path) cannot be made", "mkdir")
        }
        try self.init(path)
    }

    /// Claims the log for this process, until the result is released.
    func lock() throws(KMSError) -> OpenFile {
        let file = try OpenFile("\(path)/lock", for: .locking)
        guard try file.lock() else {
            throw KMSError(.auditUnavailable, "another process writes the audit log in \(path)")
        }
        return file
    }

    /// Whether `other` is this directory.
    func isSame(as other: OpenFile) throws(KMSError) -> Bool { try handle.isSame(as: other) }

    func path(of segment: Segment) -> String { "\(path)/\(segment.name)" }

    /// The segments from the first to the last.
    func segments() throws(KMSError) -> [Segment] {
        try names().compactMap { Segment(name: $0) }.sorted { $0.firstSequence < $1.firstSequence }
    }

    /// Removes what an interrupted ``create(_:beginning:)`` left; no record was ever in it.
    func removeUnfinished() throws(KMSError) {
        for name in try names() where name.hasSuffix(Self.unfinishedSuffix) {
            guard Segment(name: String(name.dropLast(Self.unfinishedSuffix.count))) != nil else { continue }
            unlink("\(path)/\(name)")
        }
    }

    /// Makes a segment that begins with `line`. It appears under its name only when the line is on the disk; the name itself
    /// is there
    /// for certain after ``synchronize()``.
    func create(_ segment: Segment, beginning line: [UInt8]) throws(KMSError) -> OpenFile {
        let unfinished = path(of: segment) + Self.unfinishedSuffix
        unlink(unfinished)
        let file = try OpenFile(unfinished, for: .creating)
        let (_, error) = line.withUnsafeBytes { file.append($0) }
        guard error == 0 else {
            unlink(unfinished)
            throw .auditUnavailable("\(unfinished) cannot be written", "write", error)
        }
        try file.synchronize()
        // rename(2) would replace a segment; nobody else makes any while the directory is locked.
        guard access(path(of: segment), F_OK) != 0 else {
            unlink(unfinished)
            throw KMSError(.auditUnavailable, "\(path(of: segment)) is there already")
        }
        guard rename(unfinished, path(of: segment)) == 0 else {
            let error = errno
            unlink(unfinished)
            throw .auditUnavailable("\(path(of: segment)) cannot be made", "rename", error)
        }
        return file
    }

    func synchronize() throws(KMSError) { try handle.synchronizeAll() }

    private func names() throws(KMSError) -> [String] {
        guard let directory = opendir(path) else { throw .auditUnavailable("\(path) cannot be listed", "opendir") }
        defer { closedir(directory) }
        var names: [String] = []
        while true {
            errno = 0
            guard let entry = readdir(directory) else {
                guard errno == 0 else { throw .auditUnavailable("\(path) cannot be listed", "readdir") }
                return names
            }
            let name = withUnsafeBytes(of: &entry.pointee.d_name) { bytes in
                String(decoding: bytes.prefix { $0 != 0 }, as: UTF8.self)
            }
            names.append(name)
        }
    }
}
