import ArgumentParser
import ClavigerEnvelope

/// An argument that names a key by its id or alias, `KEY`, or one of another region, `REGION:KEY`.
struct FileKeyName: Hashable, Sendable, ExpressibleByArgument {
    /// `nil` for the region of the command.
    let region: String?
    let key: String

    init?(argument: String) {
        let parts = argument.split(separator: ":", maxSplits: 1, omittingEmptySubsequences: false)
        guard parts.allSatisfy({ !$0.isEmpty }), let key = parts.last else { return nil }
        self.key = String(key)
        region = parts.count == 2 ? String(parts[0]) : nil
    }

    /// The keys that the names stand for, in their order, each once.
    static func masterKeys(_ names: [FileKeyName], _ client: KMSClient) async throws(CommandFailure) -> [MasterKey] {
        var keys: [MasterKey] = []
        for name in names {
            let client = client.inRegion(name.region)
            guard let region = client.profile.region else { throw .noRegion }
            let id = try await client.keyID(name.key)
            let key: MasterKey
            do throws(EnvelopeError) {
                key = try MasterKey(region: region, keyID: id)
            } catch {
                throw CommandFailure(error.message, hint: "`claviger regions` names the regions of this server")
            }
            if !keys.contains(key) { keys.append(key) }
        }
        return keys
    }
}

extension KMSClient {
    /// The same client for another region; `nil` changes nothing.
    fileprivate func inRegion(_ region: String?) -> KMSClient {
        guard let region else { return self }
        let other = Profile(
            server: profile.server, accessID: profile.accessID, secret: profile.secret, token: profile.token,
            region: region, credentialSource: profile.credentialSource)
        return KMSClient(profile: other, transport: transport)
    }
}
