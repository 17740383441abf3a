import ArgumentParser
import ClavigerCrypto

/// Where new credentials go instead of the standard output.
struct ProfileOutOptions: ParsableArguments {
    @Option(
        name: .customLong("profile-out"),
        help: ArgumentHelp(
            "Write the credentials to this new file, readable by you alone, which --profile then takes.",
            valueName: "file"),
        completion: .file())
    var file: String?

    @Flag(help: "Replace the file if it is there already.")
    var force = false

    func validate() throws {
        guard file != nil || !force else { throw ValidationError("--force goes with --profile-out.") }
    }

    /// Makes credentials and writes them to the file, if one is asked for.
    ///
    /// - Parameters:
    ///   - make: makes them; its answer holds them.
    ///   - values: the values of the profile, by their names, in the answer; those that are `nil` are left out.
    /// - Returns: the answer.
    func save(
        _ make: () async throws(CommandFailure) -> JSONValue, as values: (JSONValue) -> KeyValuePairs<String, String?>
    ) async throws(CommandFailure) -> JSONValue {
        guard let file else { return try await make() }
        let profile = try NewProfileFile(path: file, force ? .replaced : .refused)
        let answer: JSONValue
        do throws(CommandFailure) {
            answer = try await make()
        } catch {
            profile.discard()
            throw error
        }
        let values = values(answer)
        do throws(CommandFailure) {
            try profile.write(values)
        } catch {
            let id = values.first { $0.key == "CLAVIGER_ACCESS_ID" }?.value ?? ""
            throw CommandFailure(
                error.message, hint: "access key \(id) is made, but its secret is lost; it can be deleted")
        }
        return answer
    }

    /// The same for an answer that is the credentials themselves: `id`, `secret` and, if they are temporary, `token`.
    func save(
        by client: AdminClient, _ make: () async throws(CommandFailure) -> JSONValue
    ) async throws(CommandFailure) -> JSONValue {
        try await save(make) { answer in
            [
                "CLAVIGER_URL": client.profile.server.description,
                "CLAVIGER_ACCESS_ID": answer["id"]?.text,
                "CLAVIGER_ACCESS_KEY": answer["secret"]?.text,
                "CLAVIGER_TOKEN": answer["token"]?.text,
                "CLAVIGER_REGION": client.profile.region,
            ]
        }
    }

    /// Shows an answer that is the credentials themselves; if they are in a file, without what is secret.
    func show(_ answer: JSONValue, _ output: OutputOptions) throws(CommandFailure) {
        guard let file else {
            try output.show(answer) { Table(credentials: answer).text }
            if output.format == .table {
                StandardOutput.writeError("note: the secret is told this once; --profile-out FILE keeps it in a file\n")
            }
            return
        }
        try output.show(answer.without("secret").without("token")) {
            "access key \(DisplayText.visible(answer["id"]?.text ?? "")) is in \(DisplayText.visible(file))\n"
        }
    }
}
