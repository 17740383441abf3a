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
            KeyCreate.self, KeyList.self, KeyDescribe.self, KeyRename.self, KeySetDescription.self, KeyPublicKey.self,
        ],
        groupedSubcommands: [
            CommandGroup(
                name: "State",
                subcommands: [
                    KeyEnable.self, KeyDisable.self, KeyArchive.self, KeyUnarchive.self, KeyScheduleDeletion.self,
                    KeyCancelDeletion.self,
                ]),
            CommandGroup(name: "Rotation", subcommands: [KeyRotate.self, KeyRotationCommands.self]),
            CommandGroup(
                name: "Imported material",
                subcommands: [KeyImport.self, KeyImportParameters.self, KeyDeleteMaterial.self]),
            CommandGroup(name: "Access", subcommands: [KeyPolicyCommands.self]),
            CommandGroup(name: "Cloud product", subcommands: [KeyBind.self, KeyUnbind.self]),
        ]
    )
}
