import ArgumentParser
import ClavigerCrypto

/// `claviger key create`
struct KeyCreate: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "create",
        abstract: "Make a key.",
        discussion: """
            The key material is made by the server and never leaves it. With --external the key waits for material \
            from outside, which `claviger key import` brings.

              claviger key create orders --description 'data of orders' --tag env=prod
              claviger key create tokens --usage ASYMMETRIC_SIGN_VERIFY_ECC
              claviger key create backups --external
            """
    )

    @Argument(help: "The new key's name: 1 to 60 letters, digits, \"_\" and \"-\"; unique in the region.")
    var alias: String

    @Option(help: "What the key is for; up to 1024 bytes.")
    var description: String?

    @Option(
        help: ArgumentHelp(
            "What the key does (default: ENCRYPT_DECRYPT); `claviger status` names the usages of the region.",
            valueName: "usage"))
    var usage: KeyUsageName?

    @Flag(help: "The material comes from outside.")
    var external = false

    @Option(name: .customLong("tag"), help: ArgumentHelp("A tag; may be repeated.", valueName: "name=value"))
    var tags: [KeyValue] = []

    @OptionGroup var output: OutputOptions
    @OptionGroup var connection: ConnectionOptions

    func validate() throws {
        guard !external || (usage ?? .encryptDecrypt) == .encryptDecrypt else {
            throw ValidationError("--external goes with the usage ENCRYPT_DECRYPT alone.")
        }
    }

    func run() async throws {
        let response = try await connection.withClient { client in
            try await client.call("CreateKey") { json in
                json.member("Alias", alias)
                if let description { json.member("Description", description) }
                if let usage { json.member("KeyUsage", usage.rawValue) }
                if external { json.member("Type", 2) }
                if !tags.isEmpty {
                    json.name("Tags")
                    json.array(tags) { json, tag in
                        json.object { json in
                            json.member("TagKey", tag.name)
                            json.member("TagValue", tag.value)
                        }
                    }
                }
            }
        }
        try output.show(response) { Table(key: response).text }
    }
}
