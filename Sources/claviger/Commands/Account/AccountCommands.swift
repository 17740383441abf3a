import ArgumentParser

/// `claviger account …`
struct AccountCommands: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "account",
        abstract: "Make accounts and look after them.",
        discussion: """
            An account has keys, users and policies of its own, which no other account sees. Accounts are made by those \
            whom the operator's account, the server's first, permits it.

              claviger account create acme --profile-out acme.env
              claviger account list
              claviger account show
            """,
        subcommands: [
            AccountCreate.self, AccountList.self, AccountShow.self, AccountEnable.self, AccountDisable.self,
        ]
    )
}
