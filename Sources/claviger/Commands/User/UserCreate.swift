import ArgumentParser
import ClavigerCrypto

/// `claviger user create`
struct UserCreate: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "create",
        abstract: "Make a user.",
        discussion: """
            A password opens sessions at the console; programs use access keys, which `claviger access-key create` makes.

              claviger user create jane --description 'orders team' --password
              claviger user create batch
            """
    )

    @Argument(help: "The new user's name: 1 to 64 letters, digits and + = , . @ _ -; unique in the account.")
    var name: String

    @Option(help: "Who it is; up to 1000 characters.")
    var description: String?

    @Flag(help: "Give the user a password, which is asked for without showing it.")
    var password = false

    @Option(
        help: ArgumentHelp(
            "The file that holds the password; - is the standard input. Its first line counts.", valueName: "file"),
        completion: .file())
    var passwordFile: String?

    @OptionGroup var output: OutputOptions
    @OptionGroup var connection: ConnectionOptions

    func validate() throws {
        guard !password || passwordFile == nil else {
            throw ValidationError("Use either --password or --password-file.")
        }
    }

    func run() async throws {
        let secret = password || passwordFile != nil ? try PasswordInput.new(for: name, file: passwordFile) : nil
        let answer = try await connection.withAdmin { client in
            try await client.call(.post, ["users"]) { json in
                json.member("name", name)
                if let description { json.member("description", description) }
                if let secret {
                    json.name("password")
                    secret.withUnsafeBytes { json.string($0) }
                }
            }
        }
        try output.show(answer) { Table(user: answer).text }
    }
}
