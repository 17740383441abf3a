import ClavigerCore

#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#elseif canImport(Darwin)
    import Darwin
#endif

/// A system call that failed, and why.
struct SystemFailure: Error, CustomStringConvertible {
    let call: String
    let code: Int32

    var description: String { "\(call): \(String(cString: strerror(code)))" }
}

extension KMSError {
    /// The audit log cannot do its work because the system refused `call`.
    static func auditUnavailable(_ message: String, _ call: String, _ code: Int32 = errno) -> KMSError {
        let failure = SystemFailure(call: call, code: code)
        return KMSError(.auditUnavailable, "\(message) (\(failure))", cause: failure)
    }
}
