import ArgumentParser
import ClavigerCrypto

/// `claviger policy create`
struct PolicyCreate: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "create",
        abstract: "Make a policy, which then can be attached to users and groups.",
        discussion: """
              claviger policy create readers --file readers.json --description 'for orders'
              claviger policy show writers --document | claviger policy create copy --file -
            """
    )

    @Argument(help: "The new policy's name: 1 to 64 letters, digits and + = , . @ _ -; unique in the account.")
    var name: String

    @OptionGroup var policy: PolicyFileOptions

    @Option(help: "What the policy is for; up to 1000 characters.")
    var description: String?

    @OptionGroup var output: OutputOptions
    @OptionGroup var connection: ConnectionOptions

    func run() async throws {
        let document = try PolicyFile.read(policy.file)
        let answer = try await connection.withAdmin { client in
            try await client.call(.post, ["policies"]) { json in
                json.member("name", name)
                if let description { json.member("description", description) }
                policy.write(document, to: &json)
            }
        }
        try output.show(answer) { Table(policy: answer).text }
    }
}
