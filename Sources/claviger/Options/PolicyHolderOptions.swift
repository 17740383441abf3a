import ArgumentParser
import ClavigerCrypto

/// The users and groups that a policy is attached to, or detached from.
struct PolicyHolderOptions: ParsableArguments {
    @Option(name: .customLong("user"), help: ArgumentHelp("A user; may be repeated.", valueName: "name"))
    var users: [String] = []

    @Option(name: .customLong("group"), help: ArgumentHelp("A group; may be repeated.", valueName: "name"))
    var groups: [String] = []

    func validate() throws {
        guard !users.isEmpty || !groups.isEmpty else { throw ValidationError("Use --user, --group or both.") }
    }

    /// Attaches (PUT) or detaches (DELETE) a policy, one holder after the other.
    func change(_ policy: String, by method: HTTPTransport.Method, _ client: AdminClient) async throws(CommandFailure) {
        for user in users { _ = try await client.call(method, ["users", user, "policies", policy]) }
        for group in groups { _ = try await client.call(method, ["groups", group, "policies", policy]) }
    }

    func value(_ policy: String) -> JSONValue {
        .members([
            "policy": .text(policy),
            "users": users.isEmpty ? nil : .array(users.map(JSONValue.text)),
            "groups": groups.isEmpty ? nil : .array(groups.map(JSONValue.text)),
        ])
    }

    /// A line for each holder.
    func lines(_ policy: String, _ verb: String) -> String {
        (users.map { ("user", $0) } + groups.map { ("group", $0) }).map { kind, name in
            "policy \(DisplayText.visible(policy)) is \(verb) \(kind) \(DisplayText.visible(name))\n"
        }.joined()
    }
}
