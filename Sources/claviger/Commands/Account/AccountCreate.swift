import ArgumentParser
import ClavigerCrypto

/// `claviger account create`
struct AccountCreate: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "create",
        abstract: "Make an account with a root, who may do everything in it.",
        discussion: """
            The root's password and the secret of its access key are told this once.

              claviger account create acme --profile-out acme.env
              claviger key create orders --profile acme.env
            """
    )

    @Argument(help: "The new account's name: 3 to 64 letters, digits, \".\", \"_\" and \"-\"; unique on the server.")
    var name: String

    @Option(help: ArgumentHelp("The account's number (default: chosen by the server).", valueName: "number"))
    var id: Int64?

    @OptionGroup var profileOut: ProfileOutOptions

    @OptionGroup var output: OutputOptions
    @OptionGroup var connection: ConnectionOptions

    func run() async throws {
        let answer = try await connection.withAdmin { client in
            try await profileOut.save { () throws(CommandFailure) in
                try await client.call(.post, ["accounts"]) { json in
                    json.member("name", name)
                    if let id { json.member("id", id) }
                }
            } as: { answer in
                let root = answer["root"]
                return [
                    "CLAVIGER_URL": client.profile.server.description,
                    "CLAVIGER_ACCESS_ID": root?["accessKey"]?["id"]?.text,
                    "CLAVIGER_ACCESS_KEY": root?["accessKey"]?["secret"]?.text,
                    "CLAVIGER_REGION": client.profile.region,
                    "CLAVIGER_DOMAIN_NAME": answer["account"]?["name"]?.text,
                    "CLAVIGER_USER": root?["user"]?.text,
                    "CLAVIGER_PASSWORD": root?["password"]?.text,
                ]
            }
        }
        if let file = profileOut.file {
            try output.show(answer.without("root")) {
                Table(account: answer["account"] ?? .null).text + "The root's credentials are in \(file)\n"
            }
        } else {
            try output.show(answer) { table(answer).text }
            if output.format == .table {
                StandardOutput.writeError(
                    "note: password and secret are told this once; --profile-out FILE keeps them\n")
            }
        }
    }

    private func table(_ answer: JSONValue) -> Table {
        var table = Table(account: answer["account"] ?? .null)
        for (label, value) in [
            ("User", answer["root"]?["user"]), ("Password", answer["root"]?["password"]),
            ("Access id", answer["root"]?["accessKey"]?["id"]), ("Secret", answer["root"]?["accessKey"]?["secret"]),
        ] {
            table.append([label, value?.text ?? ""])
        }
        return table
    }
}
