import ArgumentParser
import ClavigerCore
import ClavigerServer

/// The program: a key server, and the commands that use one.
@main
struct Claviger: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "claviger",
        abstract: "A key management service: the server, and the commands that use it.",
        discussion: """
            A first session:

              claviger serve &
              claviger key create orders
              claviger encrypt --key orders --text 'hello' > hello.enc
              claviger decrypt --in hello.enc

            Commands find the server and its credentials in flags, in CLAVIGER_URL, CLAVIGER_ACCESS_ID, \
            CLAVIGER_ACCESS_KEY and CLAVIGER_REGION, and in ~/.claviger/credentials.env, which a first start of \
            the server writes.
            """,
        version: Version.current,
        groupedSubcommands: [
            CommandGroup(
                name: "Server",
                subcommands: [Serve.self, Unseal.self, Seal.self, Status.self, Regions.self, Audit.self]),
            CommandGroup(name: "Key", subcommands: [KeyCommands.self, ProductKeyCommands.self]),
            CommandGroup(name: "Secret", subcommands: [SecretCommands.self]),
            CommandGroup(
                name: "Data",
                subcommands: [
                    Encrypt.self, Decrypt.self, ReEncrypt.self, GenerateDataKey.self, Random.self, FileCommands.self,
                ]),
            CommandGroup(
                name: "Asymmetric",
                subcommands: [Sign.self, Verify.self, AsymmetricCommands.self, GenerateKeyPair.self]),
            CommandGroup(
                name: "Access",
                subcommands: [
                    AccountCommands.self, ProjectCommands.self, UserCommands.self, GroupCommands.self,
                    AccessKeyCommands.self, PolicyCommands.self, WhoAmI.self,
                ]),
            CommandGroup(name: "Shell", subcommands: [Completion.self]),
        ]
    )

    /// Runs the command that the arguments name. Exit status 64 is for wrong arguments, 1 for work that could not be done.
    static func main() async {
        do {
            var command = try parseAsRoot()
            if var command = command as? any AsyncParsableCommand {
                try await command.run()
            } else {
                try command.run()
            }
        } catch let error as CommandFailure {
            fail(error)
        } catch let error as KMSError {
            fail(CommandFailure(error.message))
        } catch {
            exit(withError: error)
        }
    }

    private static func fail(_ failure: CommandFailure) -> Never {
        StandardOutput.writeError("\(failure)\n")
        exit(withError: ExitCode.failure)
    }
}
