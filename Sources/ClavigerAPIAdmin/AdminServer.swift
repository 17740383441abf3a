package import ClavigerCore

/// What only the server knows of itself, and can do with itself.
package struct AdminServer: Sendable {
    let status: @Sendable () async throws(KMSError) -> AdminServerStatus
    let seal: @Sendable () async -> Void

    /// - Parameters:
    ///   - status: how the server fares.
    ///   - seal: seals the server. It is called when the call that asked for it is recorded, and that call is answered when it returns: it must not
    ///     wait for open connections.
    package init(
        status: @escaping @Sendable () async throws(KMSError) -> AdminServerStatus,
        seal: @escaping @Sendable () async -> Void
    ) {
        self.status = status
        self.seal = seal
    }
}

/// How the server fares.
package struct AdminServerStatus: Sendable {
    let version: String
    let startedAt: Timestamp
    let accounts: Int
    let storeWorks: Bool
    let auditIsHealthy: Bool
    let auditLastSequence: UInt64?

    /// - Parameters:
    ///   - startedAt: when this process started.
    ///   - accounts: how many there are.
    ///   - auditLastSequence: the number of the audit log's last record, if it is known.
    package init(
        version: String, startedAt: Timestamp, accounts: Int, storeWorks: Bool, auditIsHealthy: Bool,
        auditLastSequence: UInt64?
    ) {
        self.version = version
        self.startedAt = startedAt
        self.accounts = accounts
        self.storeWorks = storeWorks
        self.auditIsHealthy = auditIsHealthy
        self.auditLastSequence = auditLastSequence
    }
}
