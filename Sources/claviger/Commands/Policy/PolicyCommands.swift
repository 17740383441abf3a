import ArgumentParser

/// `claviger policy …`
struct PolicyCommands: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "policy",
        abstract: "Write down what users may do.",
        discussion: """
            A policy is JSON in the language of one of three clouds, told by its version: Tencent's CAM ("2.0"), \
            Alibaba's RAM ("1") or Huawei's IAM ("1.1"). It holds for requests of every API.

              claviger policy check readers.json
              claviger policy create readers --file readers.json
              claviger policy attach readers --user jane
              claviger policy test --user jane --action kms:Decrypt
            """,
        subcommands: [
            PolicyCreate.self, PolicyUpdate.self, PolicyList.self, PolicyShow.self, PolicyDelete.self,
            PolicyAttach.self, PolicyDetach.self, PolicyCheck.self, PolicyTest.self,
        ]
    )
}
