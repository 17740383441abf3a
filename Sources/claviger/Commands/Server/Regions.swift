import ArgumentParser
import ClavigerCrypto

/// `claviger regions`
struct Regions: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Name the regions of the server.",
        discussion: """
            Each region has keys and aliases of its own; --region or CLAVIGER_REGION chooses one.

              claviger regions
            """
    )

    @OptionGroup var output: OutputOptions
    @OptionGroup var connection: ConnectionOptions

    func run() async throws {
        let response = try await connection.withClient { try await $0.call("GetRegions", needsRegion: false) }
        try output.show(response) {
            Table("REGION", rows: (response["Regions"]?.elements ?? []).compactMap(\.text).map { [$0] }).text
        }
    }
}
