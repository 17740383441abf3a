import ArgumentParser
import ClavigerCrypto

/// `claviger secret password`
struct SecretPassword: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "password",
        abstract: "Get a random password from the server.",
        discussion: """
            Of letters, digits and the 32 punctuation characters of ASCII, unless some are excluded, with at least one \
            of each kind. The password is not kept; a terminal gets a line feed at its end.

              claviger secret password
              claviger secret password --length 20 --exclude-punctuation --exclude-characters 0Ol1
              claviger secret password | claviger secret create db/password
            """
    )

    @Option(help: ArgumentHelp("How many characters, 8 to 128.", valueName: "n"))
    var length = 32

    @Option(help: ArgumentHelp("Characters that do not occur.", valueName: "characters"))
    var excludeCharacters: String?

    @Flag(help: "No letters a to z.")
    var excludeLowercase = false

    @Flag(help: "No letters A to Z.")
    var excludeUppercase = false

    @Flag(help: "No digits.")
    var excludeNumbers = false

    @Flag(help: "No punctuation.")
    var excludePunctuation = false

    @Flag(inversion: .prefixedNo, help: "At least one character of each kind that may occur.")
    var requireEachIncludedType = true

    @Option(
        name: .customLong("out"),
        help: ArgumentHelp("Where the password goes; the file is readable by you alone.", valueName: "file"),
        completion: .file())
    var outputFile: String?

    @OptionGroup var output: OutputOptions
    @OptionGroup var connection: ConnectionOptions

    func validate() throws {
        guard 8...128 ~= length else { throw ValidationError("--length is 8 to 128.") }
    }

    func run() async throws {
        let flags = [
            ("ExcludeLowercase", excludeLowercase), ("ExcludeUppercase", excludeUppercase),
            ("ExcludeNumbers", excludeNumbers), ("ExcludePunctuation", excludePunctuation),
            ("RequireEachIncludedType", requireEachIncludedType),
        ]
        let response = try await connection.withSecrets { client in
            try await client.call(
                "GetRandomPassword",
                [("PasswordLength", String(length)), ("ExcludeCharacters", excludeCharacters)]
                    + flags.map { ($0, $1 ? "true" : "false") })
        }
        guard outputFile != nil || output.format == .table else { return try output.show(response) { "" } }
        try OutputFile.write(
            plaintext: try KeyMaterial(textOf: "RandomPassword", in: response), toPath: outputFile, as: "password",
            hint: "--out FILE writes it to a file")
        guard let outputFile, outputFile != "-" else { return }
        try output.show(response.without("RandomPassword")) { "" }
    }
}
