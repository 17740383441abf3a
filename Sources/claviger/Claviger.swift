import ArgumentParser
import ClavigerServer

@main
struct Claviger: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "claviger", abstract: "A key management service.", version: Version.current,
        subcommands: [Serve.self])
}
