import ClavigerCrypto

/// Passwords of users: from a file, or asked for at the terminal.
enum PasswordInput {
    /// A password that somebody is given; asked for twice.
    static func new(for user: String, file: String?) throws(CommandFailure) -> KeyMaterial {
        if let file { return try SecretLine.read(file, as: "password") }
        let name = DisplayText.visible(user)
        let password = try PassphrasePrompt.ask("New password of \(name): ", otherwise: "--password-file FILE")
        guard password.count > 0 else { throw CommandFailure("the password is empty") }
        let repeated = try PassphrasePrompt.ask("The same once more: ", otherwise: "--password-file FILE")
        guard repeated == password else { throw CommandFailure("the two passwords differ") }
        return password
    }

    /// The password that somebody has.
    static func old(of user: String, file: String?) throws(CommandFailure) -> KeyMaterial {
        if let file { return try SecretLine.read(file, as: "password") }
        let name = DisplayText.visible(user)
        return try PassphrasePrompt.ask("Old password of \(name): ", otherwise: "--old-password-file FILE")
    }
}
