import ArgumentParser
import ClavigerCrypto

/// `claviger key rotation status`
struct KeyRotationStatus: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "status",
        abstract: "Show whether a key rotates by itself, and when.",
        discussion: """
              claviger key rotation status orders
            """
    )

    @Argument(help: "The key's id or alias.")
    var key: String

    @OptionGroup var output: OutputOptions
    @OptionGroup var connection: ConnectionOptions

    func run() async throws {
        let metadata = try await connection.withClient { try await $0.metadata(of: key) }
        let status = JSONValue.members([
            "KeyId": metadata["KeyId"], "KeyRotationEnabled": metadata["KeyRotationEnabled"],
            "RotateDays": metadata["RotateDays"],
            "NextRotateTime": metadata["NextRotateTime"], "LastRotateTime": metadata["LastRotateTime"],
        ])
        try output.show(status) { Table(rotationOf: metadata).text }
    }
}
