import ArgumentParser

/// `claviger user …`
struct UserCommands: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "user",
        abstract: "Make users of an account and look after them.",
        discussion: """
            A user may do what its policies allow, and those of its groups; without any it may do nothing.

              claviger user create jane --description 'orders team'
              claviger access-key create --user jane --profile-out jane.env
              claviger policy attach readers --user jane
            """,
        subcommands: [
            UserCreate.self, UserList.self, UserShow.self, UserSetDescription.self, UserEnable.self, UserDisable.self,
            UserDelete.self, UserSetPassword.self, UserRevokeSessions.self,
        ]
    )
}
