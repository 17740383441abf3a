import ArgumentParser

/// `claviger key rotation …`
struct KeyRotationCommands: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "rotation",
        abstract: "Let keys rotate by themselves.",
        discussion: """
            Symmetric keys whose material is made here can get new material every 7 to 365 days.

              claviger key rotation enable orders --days 90
              claviger key rotation status orders
            """,
        subcommands: [KeyRotationEnable.self, KeyRotationDisable.self, KeyRotationStatus.self]
    )
}
