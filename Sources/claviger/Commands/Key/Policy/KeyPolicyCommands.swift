import ArgumentParser

/// `claviger key policy …`
struct KeyPolicyCommands: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "policy",
        abstract: "Give a key a policy of its own.",
        discussion: """
            It names users, and says what they may do with the key. They may do what it or their own policies allow, and \
            nothing that either denies.

              claviger key policy set orders --file orders-key.json
              claviger key policy show orders
            """,
        subcommands: [KeyPolicyShow.self, KeyPolicySet.self, KeyPolicyDelete.self]
    )
}
