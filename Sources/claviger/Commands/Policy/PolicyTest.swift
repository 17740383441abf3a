import ArgumentParser
import ClavigerCore
import ClavigerCrypto

/// `claviger policy test`
struct PolicyTest: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "test",
        abstract: "Tell whether a user may do something, and which statement says so.",
        discussion: """
            Nothing is done. The action and the resource are written as in policies of any of the languages; --region is that of the request. \
            The exit status is 0 if it is allowed, otherwise 1.

              claviger policy test --user jane --action kms:Decrypt --resource KEY-ID
              claviger policy test --user jane --action '*' --source 192.0.2.7
              claviger policy test --user jane --action kms:Encrypt --context tenant=7
            """
    )

    @Option(help: ArgumentHelp("The user.", valueName: "name"))
    var user: String

    @Option(help: ArgumentHelp("What the user would do.", valueName: "action"))
    var action: String

    @Option(
        help: ArgumentHelp(
            "What the user would do it with: a key's id, or a resource as in policies.", valueName: "resource"))
    var resource: String?

    @Option(
        help: ArgumentHelp(
            "The language of action and resource (default: any that knows the action).", valueName: "name"))
    var language: PolicyLanguage?

    @Option(help: ArgumentHelp("The address that the request would come from.", valueName: "address"))
    var source: String?

    @Option(help: ArgumentHelp("When it would come (default: now).", valueName: "time"))
    var time: Moment?

    @Option(
        name: .customLong("context"),
        help: ArgumentHelp("A pair of the request's encryption context; may be repeated.", valueName: "name=value"))
    var context: [KeyValue] = []

    @OptionGroup var output: OutputOptions
    @OptionGroup var connection: ConnectionOptions

    func validate() throws {
        guard Set(context.map(\.name)).count == context.count else {
            throw ValidationError("--context has a name twice.")
        }
    }

    func run() async throws {
        let answer = try await connection.withAdmin { client in
            try await client.call(.post, ["policies", "test"]) { json in
                json.member("user", user)
                json.member("action", action)
                if let resource { json.member("resource", resource) }
                if let language { json.member("language", language.rawValue) }
                if let region = client.profile.region { json.member("region", region) }
                if let source { json.member("source", source) }
                if let time { json.member("time", time.universalText) }
                if !context.isEmpty {
                    json.name("context")
                    json.object { json in
                        for pair in context {
                            json.name(Array(pair.name.utf8)[...])
                            json.string(pair.value)
                        }
                    }
                }
            }
        }
        try output.show(answer) { Self.sentence(answer) + "\n" }
        guard answer["allowed"]?.isTrue == true else { throw ExitCode.failure }
    }

    /// What was decided, and by what.
    static func sentence(_ answer: JSONValue) -> String {
        let statement = answer["statement"]?.integer.map { "statement \($0) of " } ?? ""
        let deciding = answer["policy"]?.text.map { "by \(statement)policy \(DisplayText.visible($0))" }
        guard answer["allowed"]?.isTrue == true else {
            return deciding.map { "denied \($0)" } ?? "not allowed: no statement allows it"
        }
        return deciding.map { "allowed \($0)" } ?? "allowed: the root of the account may do everything in it"
    }
}
