import ArgumentParser

/// Whose access keys are meant.
struct AccessKeyOptions: ParsableArguments {
    @Option(help: ArgumentHelp("The user whose access key it is (default: the caller).", valueName: "name"))
    var user: String?

    /// The path of the user's access keys.
    func path(_ client: AdminClient) async throws(CommandFailure) -> [String] {
        if let user { return ["users", user, "access-keys"] }
        return ["users", try await client.ownName(), "access-keys"]
    }
}
