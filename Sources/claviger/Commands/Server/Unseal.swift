import ArgumentParser
import ClavigerCrypto

/// `claviger unseal`
struct Unseal: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Open a server that was started sealed.",
        discussion: """
            Asks for the passphrase of the root key without showing it, or reads it from a file.

              claviger unseal
              claviger unseal --passphrase-file /run/secrets/passphrase

            A new server of the root key provider "passphrase" has no root key yet. With --initialize the passphrase, asked for twice, \
            becomes its passphrase; this works on the server's own machine only. Nobody can recover it.
            """
    )

    @Option(
        help: ArgumentHelp(
            "The file that holds the passphrase; - is the standard input. Its first line counts.",
            valueName: "file"), completion: .file())
    var passphraseFile: String?

    @Flag(help: "Let the server look again for the file of its root key, which needs no passphrase.")
    var noPassphrase = false

    @Flag(help: "Make the root key of a new server out of the passphrase.")
    var initialize = false

    @OptionGroup var output: OutputOptions
    @OptionGroup var connection: ConnectionOptions

    func validate() throws {
        guard passphraseFile == nil || !noPassphrase else {
            throw ValidationError("Use either --passphrase-file or --no-passphrase.")
        }
        guard !initialize || !noPassphrase else {
            throw ValidationError("--initialize needs a passphrase.")
        }
    }

    func run() async throws {
        try await connection.withTransport { transport in
            var json = JSONWriter(capacity: 1056)
            if noPassphrase { json.object { _ in } } else { write(try passphrase(for: transport.server), to: &json) }
            let answer = try await transport.send(
                .post, "/admin/v1/unseal", headers: [("Content-Type", "application/json")], body: json.bytes)
            let value = try? JSONParser.parse(answer.body)
            guard answer.status == 200, let value else { throw Self.failure(answer, value, from: transport.server) }
            let isSealed = value["sealed"]?.isTrue ?? false
            try output.show(value) { isSealed ? "the server is still sealed\n" : "the server is unsealed\n" }
            if isSealed { throw ExitCode.failure }
        }
    }

    private func write(_ passphrase: KeyMaterial, to json: inout JSONWriter) {
        json.object { json in
            json.name("passphrase")
            passphrase.withUnsafeBytes { json.string(Array($0)[...]) }
            if initialize { json.member("initialize", true) }
        }
    }

    private func passphrase(for server: ServerURL) throws(CommandFailure) -> KeyMaterial {
        guard let passphraseFile else {
            let passphrase = try PassphrasePrompt.ask("Passphrase of \(server): ", otherwise: "--passphrase-file FILE")
            guard passphrase.count > 0 else { throw CommandFailure("the passphrase is empty") }
            if initialize {
                let repeated = try PassphrasePrompt.ask("The same once more: ", otherwise: "--passphrase-file FILE")
                guard repeated == passphrase else {
                    throw CommandFailure("the two passphrases differ")
                }
            }
            return passphrase
        }
        return try SecretLine.read(passphraseFile, as: "passphrase")
    }

    private static func failure(_ answer: HTTPTransport.Answer, _ value: JSONValue?, from server: ServerURL)
        -> CommandFailure
    {
        guard let error = value?["error"], let message = error["message"]?.text else {
            return CommandFailure("\(server) cannot be unsealed (HTTP status \(answer.status))")
        }
        return CommandFailure(message, code: error["code"]?.text)
    }
}
