import ArgumentParser

/// `claviger audit …`
struct Audit: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Read and verify the audit log, off line.",
        discussion: """
            These commands read the server's files; no server needs to run.

              claviger audit verify
              claviger audit tail -f
            """,
        subcommands: [AuditVerify.self, AuditTail.self]
    )
}
