import ClavigerCore

#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#elseif canImport(Darwin)
    import Darwin
#endif

/// The file that holds a log's last checkpoint, outside the log's directory, so that a log cut at a checkpoint is found too.
struct HeadFile: Sendable {
    private static let largestSize = 4096

    let path: String

    /// The directory that the file is in.
    private var parent: String {
        guard let slash = path.lastIndex(of: "/") else { return "." }
        return slash == path.startIndex ? "/" : String(path[..<slash])
    }

    private var name: String { String(path[(path.lastIndex(of: "/").map(path.index(after:)) ?? path.startIndex)...]) }

    func openParent() throws(KMSError) -> OpenFile { try OpenFile(directory: parent) }

    /// The checkpoint, or `nil` if there is no such file.
    ///
    /// - Throws: with an ``AuditFault`` as the cause if the file holds anything else.
    func read(verifiedBy key: AuditPublicKey) throws(KMSError) -> Checkpoint? {
        guard access(path, F_OK) == 0 || errno != ENOENT else { return nil }
        let file = try OpenFile(path, for: .reading)
        let size = try file.size()
        var checkpoint: Checkpoint?
        if size <= Self.largestSize {
            let unfinished = try file.forEachLine { line, offset in
                if offset == 0 { checkpoint = Checkpoint(line: line) }
                return true
            }
            if unfinished > 0 { checkpoint = nil }
        }
        guard let checkpoint, checkpoint.line.count + 1 == size else {
            throw .tamperedLog(fault("the file holds no checkpoint"))
        }
        guard checkpoint.isSigned(by: key) else {
            throw .tamperedLog(fault("the checkpoint is not signed by this log's key"))
        }
        return checkpoint
    }

    /// Replaces the file at one stroke.
    func write(_ checkpoint: Checkpoint) throws(KMSError) {
        let temporary = path + ".new"
        unlink(temporary)
        let file = try OpenFile(temporary, for: .creating)
        let (_, error) = (checkpoint.line + [UInt8(ascii: "\n")]).withUnsafeBytes { file.append($0) }
        guard error == 0 else { throw .auditUnavailable("\(temporary) cannot be written", "write", error) }
        // Without this a power failure could leave an empty file under the name.
        try file.synchronize()
        guard rename(temporary, path) == 0 else { throw .auditUnavailable("\(path) cannot be replaced", "rename") }
    }

    func fault(_ explanation: String) -> AuditFault {
        AuditFault(kind: .badHead, file: name, line: nil, sequences: nil, explanation: explanation)
    }
}

extension KMSError {
    /// A log that is not what it was when it was written.
    static func tamperedLog(_ fault: AuditFault) -> KMSError {
        KMSError(.auditUnavailable, "the audit log was tampered with: \(fault)", cause: fault)
    }
}
