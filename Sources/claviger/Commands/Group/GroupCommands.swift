import ArgumentParser

/// `claviger group …`
struct GroupCommands: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "group",
        abstract: "Give users the same policies.",
        discussion: """
              claviger group create auditors
              claviger group add auditors jane joe
              claviger policy attach readers --group auditors
            """,
        subcommands: [
            GroupCreate.self, GroupList.self, GroupShow.self, GroupSetDescription.self, GroupAdd.self,
            GroupRemove.self, GroupDelete.self,
        ]
    )
}
