import ArgumentParser

/// `claviger secret …`
struct SecretCommands: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "secret",
        abstract: "Keep passwords, tokens and certificates of applications.",
        discussion: """
            A secret has a name and versions of a value, of which the one with the label ACSCurrent counts. Secrets are \
            in one region of the server, which its setting alibaba.region names: --region does not choose another.

              claviger secret password | claviger secret create db/password
              claviger secret get db/password
              claviger secret password | claviger secret put db/password
              claviger secret list
            """,
        subcommands: [
            SecretCreate.self, SecretGet.self, SecretPut.self, SecretList.self, SecretDescribe.self,
            SecretUpdate.self, SecretPassword.self,
        ],
        groupedSubcommands: [
            CommandGroup(name: "Versions", subcommands: [SecretVersions.self, SecretStage.self]),
            CommandGroup(name: "Deletion", subcommands: [SecretDelete.self, SecretRestore.self]),
            CommandGroup(name: "Tags", subcommands: [SecretTag.self, SecretUntag.self]),
        ]
    )
}
