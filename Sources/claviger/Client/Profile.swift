import ClavigerCrypto

/// The server to talk to, and as whom.
struct Profile: Sendable {
    let server: ServerURL
    let accessID: String
    let secret: KeyMaterial

    /// Goes with every request, if the credentials are temporary.
    let token: String?
    let region: String?

    /// Where the secret was found; for messages.
    let credentialSource: String
}

extension Profile {
    private static let hint =
        "a server started by `claviger serve` leaves them in ~/.claviger/credentials.env; "
        + "otherwise pass --profile FILE, or set CLAVIGER_URL, CLAVIGER_ACCESS_ID, CLAVIGER_ACCESS_KEY and CLAVIGER_REGION"

    /// Takes each value from the first source that has it.
    ///
    /// - Parameters:
    ///   - sources: flags, environment and file, as far as they are there, the strongest first.
    ///   - missingFile: the profile file that was looked for and not found.
    init(_ sources: [ProfileValues], missingFile: String?) throws(CommandFailure) {
        guard let accessID = sources.lazy.compactMap(\.accessID).first else {
            throw CommandFailure("no credentials found" + Self.note(missingFile), hint: Self.hint)
        }
        // A secret belongs to the access key beside it: one that stands beside another access key is no match.
        let match = sources.first { $0.secret != nil && ($0.accessID ?? accessID) == accessID }
        guard let match, let secret = match.secret else {
            throw CommandFailure("no secret found for access key \(accessID)" + Self.note(missingFile), hint: Self.hint)
        }
        server = try Self.server(sources, missingFile: missingFile)
        self.accessID = accessID
        self.secret = secret
        token = match.token
        region = sources.lazy.compactMap(\.region).first
        credentialSource = match.source
    }

    /// The server alone, for what needs no credentials.
    static func server(_ sources: [ProfileValues], missingFile: String?) throws(CommandFailure) -> ServerURL {
        guard let url = sources.lazy.compactMap(\.url).first else {
            throw CommandFailure("no server's address found" + note(missingFile), hint: hint)
        }
        return try ServerURL(url)
    }

    private static func note(_ missingFile: String?) -> String { missingFile.map { ": there is no \($0)" } ?? "" }
}
