import ArgumentParser
import ClavigerCore
import ClavigerCrypto
import ClavigerIdentity

/// `claviger policy check`
struct PolicyCheck: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "check",
        abstract: "Tell whether a policy can be understood, and where not.",
        discussion: """
            No server needs to run; with --remote the server checks, which knows the regions of its own configuration. The \
            exit status is 0 if nothing is wrong, otherwise 1.

              claviger policy check readers.json
              claviger policy check orders-key.json --key-policy
            """
    )

    @Argument(
        help: ArgumentHelp("The policy, as JSON; - is the standard input.", valueName: "file"), completion: .file())
    var file: String

    @Option(help: ArgumentHelp("The language of the policy (default: told by its version).", valueName: "name"))
    var language: PolicyLanguage?

    @Flag(help: "The policy is a key's own, and names the users whom it is about.")
    var keyPolicy = false

    @Flag(help: "Let the server check.")
    var remote = false

    @OptionGroup var output: OutputOptions
    @OptionGroup var connection: ConnectionOptions

    func run() async throws {
        let text = try PolicyFile.read(file)
        let result =
            remote ? try await remoteResult(text) : try Self.result(text, language, keyPolicy ? .key : .identity, file)
        let count = result["statements"]?.integer ?? 0
        try output.show(result) {
            "\(DisplayText.visible(file)) is a policy in the language \(result["language"]?.text ?? "") with \(count) "
                + "\(count == 1 ? "statement" : "statements")\n"
        }
    }

    private func remoteResult(_ text: String) async throws -> JSONValue {
        try await connection.withAdmin { client in
            try await client.call(.post, ["policies", "check"]) { json in
                json.member("document", text)
                if let language { json.member("language", language.rawValue) }
                json.member("kind", keyPolicy ? "key" : "identity")
            }
        }
    }

    /// What POST /policies/check would answer.
    ///
    /// - Parameter file: names the policy in messages.
    static func result(
        _ text: String, _ language: PolicyLanguage?, _ kind: PolicyKind, _ file: String
    ) throws(CommandFailure) -> JSONValue {
        guard let language = language ?? Self.language(of: text) else {
            throw CommandFailure(
                "\(file) has no version of a known language",
                hint:
                    "\"version\":\"2.0\" is Tencent's, \"Version\":\"1\" Alibaba's, \"Version\":\"1.1\" Huawei's; --language names it"
            )
        }
        do throws(KMSError) {
            let policy = try PolicyReader(realms: Realm.builtIn).read(
                PolicyDocument(language: language, text: text), named: file, for: kind, account: account)
            return .members([
                "language": .text(language.rawValue), "statements": .integer(policy.statements.count),
            ])
        } catch {
            throw CommandFailure("\(file): \(error.message)", code: error.code.rawValue)
        }
    }

    /// The language of a policy by its version. What is no JSON is none in every language alike: reading it tells where.
    private static func language(of text: String) -> PolicyLanguage? {
        if let language = PolicyReader.language(of: text) { return language }
        return (try? JSONParser.parse(Array(text.utf8))) == nil ? .tencent : nil
    }

    /// Stands for the account whose policy it is to be, which decides nothing of what is checked.
    private static let account = Account(
        id: AccountID(100_000_000_001), appID: 1_250_000_001, domainName: "account",
        domainID: String(repeating: "0", count: 32), createdAt: Timestamp(seconds: 0))
}
