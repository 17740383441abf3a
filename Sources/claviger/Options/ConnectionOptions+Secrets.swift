extension ConnectionOptions {
    /// Gives `body` a client for the server's secrets.
    func withSecrets<Result>(_ body: (SecretClient) async throws -> Result) async throws -> Result {
        try await withClient { try await body(SecretClient($0)) }
    }
}
