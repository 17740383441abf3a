import ArgumentParser

/// `claviger project …`
struct ProjectCommands: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "project",
        abstract: "Divide an account's regions into projects.",
        discussion: """
            Projects are known to Huawei's API alone: each is in a region, and shares its keys.

              claviger project create cn-south-1_orders --region cn-south-1
              claviger project list
            """,
        subcommands: [ProjectCreate.self, ProjectList.self, ProjectDelete.self]
    )
}
