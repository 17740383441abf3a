import ArgumentParser
import ClavigerCrypto

#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#elseif canImport(Darwin)
    import Darwin
#endif

/// The server and the credentials of a command that talks to one.
///
/// There is no flag for the secret: everybody on the machine could read it in the list of processes.
struct ConnectionOptions: ParsableArguments {
    private static let largestFile = 1 << 16

    @Option(help: ArgumentHelp("The server, as http://127.0.0.1:7700 (or CLAVIGER_URL).", valueName: "url"))
    var url: String?

    @Option(help: ArgumentHelp("The region whose keys are meant (or CLAVIGER_REGION).", valueName: "name"))
    var region: String?

    @Option(
        name: .customLong("access-id"),
        help: ArgumentHelp(
            "The access key's id (or CLAVIGER_ACCESS_ID; the secret only CLAVIGER_ACCESS_KEY).", valueName: "id"))
    var accessID: String?

    @Option(
        help: ArgumentHelp(
            "Lines CLAVIGER_...=value for what is not given otherwise (or CLAVIGER_PROFILE; default: "
                + "~/.claviger/credentials.env).",
            valueName: "file"),
        completion: .file())
    var profile: String?

    @Option(
        name: .customLong("ca-file"),
        help: ArgumentHelp("Certificates to trust instead of the system's (or CLAVIGER_CA_FILE).", valueName: "file"),
        completion: .file())
    var caFile: String?

    /// Gives `body` a client for the server.
    func withClient<Result>(_ body: (KMSClient) async throws -> Result) async throws -> Result {
        let (sources, missingFile) = try sources()
        let profile = try Profile(sources, missingFile: missingFile)
        return try await HTTPTransport.with(profile.server, caFile: sources.lazy.compactMap(\.caFile).first) {
            transport in
            try await body(KMSClient(profile: profile, transport: transport))
        }
    }

    /// Gives `body` a client for the server's administration.
    func withAdmin<Result>(_ body: (AdminClient) async throws -> Result) async throws -> Result {
        try await withClient { try await body(AdminClient($0)) }
    }

    /// Gives `body` a transport to the server, which needs no credentials.
    func withTransport<Result>(_ body: (HTTPTransport) async throws -> Result) async throws -> Result {
        let (sources, missingFile) = try sources()
        let server = try Profile.server(sources, missingFile: missingFile)
        return try await HTTPTransport.with(server, caFile: sources.lazy.compactMap(\.caFile).first, body)
    }

    /// Where values come from, the strongest first.
    private func sources() throws(CommandFailure) -> ([ProfileValues], missingFile: String?) {
        var flags = ProfileValues(source: "the flags")
        flags.url = url
        flags.accessID = accessID
        flags.region = region
        flags.caFile = caFile
        let sources = [flags, .environment]
        let named = profile ?? getenv("CLAVIGER_PROFILE").map { String(cString: $0) }
        let path = named ?? HomeDirectory.path(of: "credentials.env")
        if named == nil, access(path, F_OK) != 0, errno == ENOENT { return (sources, path) }
        let contents = try InputFile.read(path, atMost: Self.largestFile, as: "a profile")
        return (sources + [try ProfileValues(file: path, contents: contents)], nil)
    }
}
