import ArgumentParser
import ClavigerCrypto

#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#elseif canImport(Darwin)
    import Darwin
#endif

/// `claviger key import`
struct KeyImport: AsyncParsableCommand {
    /// What comes from outside: the material itself, or wrapped and with its token.
    private enum Source {
        case material(KeyMaterial)
        case wrapped(String, token: String)
    }

    /// Bytes of an RSA-2048 ciphertext.
    private static let wrappedSize = 256
    private static let largestMaterialFile = 1024
    private static let largestWrappedFile = 4096
    private static let largestToken = 4096

    /// The last moment that the API takes, 2038-01-18T16:00:00Z.
    private static let latestExpiry: Int64 = 2_147_443_200

    static let configuration = CommandConfiguration(
        commandName: "import",
        abstract: "Bring material from outside into a key.",
        discussion: """
            For keys made with `claviger key create ALIAS --external`. The material, 32 bytes (16 in a region of the \
            SM edition), is wrapped here and leaves this machine only so. A key keeps to its first material: after \
            deletion or expiry it takes the same again, and no other.

              head -c 32 /dev/random > material
              claviger key import backups --material material --valid-to 2027-01-31T12:00:00Z
              claviger key import backups --wrapped wrapped --token import.token

            What was wrapped elsewhere comes with the token of `claviger key import-parameters`.
            """
    )

    @Argument(help: "The key's id or alias.")
    var key: String

    @Option(
        help: ArgumentHelp("The file of the material; - is the standard input.", valueName: "file"),
        completion: .file())
    var material: String?

    @Flag(exclusivity: .exclusive)
    var encoding: MaterialEncoding?

    @Option(help: "How the material is wrapped (default: RSAES_OAEP_SHA_256).")
    var algorithm: RSAEncryptionAlgorithm?

    @Option(
        help: ArgumentHelp("The file of material that is wrapped already; - is the standard input.", valueName: "file"),
        completion: .file())
    var wrapped: String?

    @Option(
        help: ArgumentHelp("The file of the token that belongs to the wrapped material.", valueName: "file"),
        completion: .file())
    var token: String?

    @Option(
        help: ArgumentHelp(
            "When the material becomes unusable (default: never), as 2027-01-31, 2027-01-31T12:00:00Z or …+08:00.",
            valueName: "time"))
    var validTo: Moment?

    @OptionGroup var output: OutputOptions
    @OptionGroup var connection: ConnectionOptions

    func validate() throws {
        guard (material == nil) != (wrapped == nil) else {
            throw ValidationError("Use either --material or --wrapped.")
        }
        guard (wrapped == nil) == (token == nil) else { throw ValidationError("--wrapped and --token go together.") }
        guard algorithm == nil || wrapped == nil else {
            throw ValidationError("--algorithm was chosen with the token: it goes with --material alone.")
        }
        guard wrapped != "-" || token != "-" else {
            throw ValidationError("--wrapped and --token cannot both be the standard input.")
        }
        if let validTo {
            guard validTo.seconds > Int64(time(nil)) else { throw ValidationError("--valid-to lies in the past.") }
            guard validTo.seconds <= Self.latestExpiry else {
                throw ValidationError("--valid-to is at most 2038-01-18T16:00:00Z.")
            }
        }
    }

    func run() async throws {
        let source = try source()
        try await connection.withClient { client in
            let result =
                switch source {
                case .material(let material):
                    try await client.importMaterial(
                        material, into: key, algorithm ?? .oaepSHA256, expiry: validTo?.seconds)
                case .wrapped(let wrapped, let token):
                    try await client.importMaterial(
                        wrapped: wrapped, token: token, into: key, expiry: validTo?.seconds)
                }
            let end = validTo.map { ", valid to \(LocalTime.text(seconds: $0.seconds))" } ?? ""
            try output.show(result.json) { "\(result.id) has its material\(end)\n" }
        }
    }

    private func source() throws(CommandFailure) -> Source {
        guard let wrapped, let token else {
            return .material(try read(material ?? "-", atMost: Self.largestMaterialFile, as: "key material"))
        }
        let bytes = try read(wrapped, atMost: Self.largestWrappedFile, as: "wrapped material")
        guard bytes.count == Self.wrappedSize else {
            throw CommandFailure(
                "the wrapped material has \(bytes.count) bytes; RSA-2048 makes \(Self.wrappedSize)",
                hint: "--hex or --base64 reads material that is written as text")
        }
        return .wrapped(
            bytes.withUnsafeBytes { String(decoding: Base64.encode($0), as: UTF8.self) },
            token: try Base64Text.read(token, atMost: Self.largestToken, as: "a token"))
    }

    private func read(_ path: String, atMost limit: Int, as what: String) throws(CommandFailure) -> KeyMaterial {
        let contents = try InputFile.read(path, atMost: limit, as: what)
        guard let encoding else { return contents }
        guard let material = encoding.decode(contents) else {
            throw CommandFailure("\(path == "-" ? "the input" : path) does not hold \(what) in \(encoding.rawValue)")
        }
        return material
    }
}
