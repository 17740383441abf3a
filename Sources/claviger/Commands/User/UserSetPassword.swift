import ArgumentParser
import ClavigerCrypto

/// `claviger user set-password`
struct UserSetPassword: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "set-password",
        abstract: "Give a user another password, or none.",
        discussion: """
            Asks for the password without showing it, or reads it from a file. Everybody may change his own password by giving the old one.

              claviger user set-password jane
              claviger user set-password jane --password-file /run/secrets/jane
              claviger user set-password jane --old-password
              claviger user set-password jane --remove
            """
    )

    @Argument(help: "The user's name.")
    var user: String

    @Option(
        help: ArgumentHelp(
            "The file that holds the new password; - is the standard input. Its first line counts.", valueName: "file"),
        completion: .file())
    var passwordFile: String?

    @Flag(help: "Prove that it is one's own by the old password, which is asked for without showing it.")
    var oldPassword = false

    @Option(
        help: ArgumentHelp("The file that holds the old password. Its first line counts.", valueName: "file"),
        completion: .file())
    var oldPasswordFile: String?

    @Flag(help: "Take the password away; access keys stay.")
    var remove = false

    @OptionGroup var output: OutputOptions
    @OptionGroup var connection: ConnectionOptions

    func validate() throws {
        guard !oldPassword || oldPasswordFile == nil else {
            throw ValidationError("Use either --old-password or --old-password-file.")
        }
        guard !remove || passwordFile == nil && oldPasswordFile == nil && !oldPassword else {
            throw ValidationError("--remove goes without passwords.")
        }
    }

    func run() async throws {
        let path = ["users", user, "password"]
        let answer: JSONValue
        if remove {
            answer = try await connection.withAdmin { try await $0.call(.delete, path) }
        } else {
            let needsOld = oldPassword || oldPasswordFile != nil
            let old = needsOld ? try PasswordInput.old(of: user, file: oldPasswordFile) : nil
            let new = try PasswordInput.new(for: user, file: passwordFile)
            answer = try await connection.withAdmin { client in
                try await client.call(.put, path) { json in
                    json.name("password")
                    new.withUnsafeBytes { json.string($0) }
                    if let old {
                        json.name("oldPassword")
                        old.withUnsafeBytes { json.string($0) }
                    }
                }
            }
        }
        try output.show(.members(["name": .text(user)]).adding(contentsOf: answer)) {
            "user \(DisplayText.visible(user)) has \(remove ? "no" : "a new") password\n"
        }
    }
}
