import ArgumentParser

/// `claviger audit …`
struct Audit: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Read, search and verify the audit log.",
        discussion: """
            These commands read the server's files; no server needs to run. `claviger audit search --remote` asks one.

              claviger audit verify
              claviger audit tail -f
              claviger audit search --key 3f2b1c9e-0000-4000-8000-5d1f0a7c9e11 --refused
            """,
        subcommands: [AuditVerify.self, AuditTail.self, AuditSearchCommand.self]
    )
}
