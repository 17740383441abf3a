import ArgumentParser

/// `claviger access-key …`
struct AccessKeyCommands: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "access-key",
        abstract: "Make the access keys that sign requests.",
        discussion: """
            A user has up to two, so that one can take the other's place.

              claviger access-key create --user jane --profile-out jane.env
              claviger access-key list --user jane
              claviger access-key temporary --duration 1h
            """,
        subcommands: [
            AccessKeyCreate.self, AccessKeyList.self, AccessKeyEnable.self, AccessKeyDisable.self,
            AccessKeyDelete.self, AccessKeyTemporary.self,
        ]
    )
}
