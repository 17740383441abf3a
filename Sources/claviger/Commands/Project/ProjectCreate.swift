import ArgumentParser
import ClavigerCrypto

/// `claviger project create`
struct ProjectCreate: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "create",
        abstract: "Make a project in a region.",
        discussion: """
              claviger project create cn-south-1_orders --region cn-south-1
            """
    )

    @Argument(help: "The new project's name: that of the region in Huawei's API, \"_\" and a word.")
    var name: String

    @OptionGroup var output: OutputOptions
    @OptionGroup var connection: ConnectionOptions

    func run() async throws {
        let answer = try await connection.withAdmin { client in
            let region = try client.region()
            return try await client.call(.post, ["projects"]) { json in
                json.member("region", region)
                json.member("name", name)
            }
        }
        try output.show(answer) { Table(projects: [answer]).text }
    }
}
