import ArgumentParser
import ClavigerCrypto

/// `claviger random`
struct Random: AsyncParsableCommand {
    enum Encoding: String, EnumerableFlag {
        case base64, hex
    }

    static let configuration = CommandConfiguration(
        abstract: "Get random bytes from the server.",
        discussion: """
              claviger random 32
              claviger random 16 --hex
              claviger random 1024 --out seed
            """
    )

    @Argument(help: "How many bytes, 1 to 1024.")
    var count: Int

    @Flag(help: "How to show the bytes.")
    var encoding: Encoding = .base64

    @Option(
        name: .customLong("out"),
        help: ArgumentHelp(
            "Write the bytes themselves to a file readable by you alone; - is the standard output.", valueName: "file"),
        completion: .file())
    var outputFile: String?

    @OptionGroup var output: OutputOptions
    @OptionGroup var connection: ConnectionOptions

    func validate() throws {
        guard 1...1024 ~= count else { throw ValidationError("The number of bytes is 1 to 1024.") }
    }

    func run() async throws {
        let response = try await connection.withClient { client in
            try await client.call("GenerateRandom") { $0.member("NumberOfBytes", count) }
        }
        guard let outputFile else {
            let material = try KeyMaterial(plaintextOf: response)
            return try output.show(response) {
                material.withUnsafeBytes { bytes in
                    switch encoding {
                    case .base64: String(decoding: Base64.encode(bytes), as: UTF8.self) + "\n"
                    case .hex: Hex.string(bytes) + "\n"
                    }
                }
            }
        }
        try KeyMaterial(plaintextOf: response).withUnsafeBytes { bytes throws(CommandFailure) in
            try OutputFile.write(bytes, toPath: outputFile, .secret)
        }
    }
}
