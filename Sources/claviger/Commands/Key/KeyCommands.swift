import ArgumentParser

/// `claviger key …`
struct KeyCommands: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "key",
        abstract: "Make keys and look after them.",
        discussion: """
            A key is named by its id or by its alias.

              claviger key create orders
              claviger key list
              claviger key describe orders
            """,
        subcommands: [
            KeyCreate.self, KeyList.self, KeyDescribe.self, KeyEnable.self, KeyDisable.self, KeyRename.self,
            KeySetDescription.self, KeyScheduleDeletion.self, KeyCancelDeletion.self,
        ]
    )
}
