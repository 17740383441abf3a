import ArgumentParser

/// Which audit log is meant.
struct AuditLogOptions: ParsableArguments {
    @Argument(
        help: ArgumentHelp("The log's directory (default: audit in the data directory).", valueName: "dir"),
        completion: .directory)
    var log: String?

    @Option(
        help: ArgumentHelp(
            "The server's data directory (default: ~/.claviger, or the directory that the log is in).", valueName: "dir"
        ), completion: .directory)
    var data: String?

    var directory: String { log ?? "\(dataDirectory)/audit" }

    /// A file in the data directory.
    func path(of name: String) -> String { "\(dataDirectory)/\(name)" }

    private var dataDirectory: String {
        if let data { return data }
        guard let log else { return HomeDirectory.path }
        return "\(log)/.."
    }
}
