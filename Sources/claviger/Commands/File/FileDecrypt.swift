import ArgumentParser
import ClavigerEnvelope

/// `claviger file decrypt`
struct FileDecrypt: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "decrypt",
        abstract: "Decrypt what `claviger file encrypt` made.",
        discussion: """
            The input names its keys and their regions, and holds the context; the first key that can opens it. A file that \
            is written is readable by you alone, and is there under its name only when all of it is verified and written.

              claviger file decrypt backup.tar.enc --out backup.tar
              claviger file decrypt orders.sql.enc | psql

            The standard output gets each piece as soon as it is verified. What came out is all of it only if the exit \
            status is 0: who must not work on a part of it lets it go to a file first. A terminal gets only text.

            What is signed, or was encrypted all at once, is verified as a whole before the first byte comes out; if it comes \
            by a pipe it is kept, encrypted as it is, in a temporary file for that.

            The file itself says how it is encrypted, and there are ways that do not show whether it was changed: sm4-cbc, \
            sm4-ctr and sm4-ecb. Such a file is decrypted, with a note; --authenticated refuses it.
            """
    )

    @OptionGroup var input: FileInputOptions
    @OptionGroup var output: FileOutputOptions
    @Flag(help: "Refuse a file whose encryption does not show whether it was changed.")
    var authenticated = false

    @OptionGroup var connection: ConnectionOptions

    func run() async throws {
        let work = try FileWork(input, output, .secret)
        let algorithms = authenticated ? EnvelopeAlgorithm.all.filter(\.isAuthenticated) : EnvelopeAlgorithm.all
        try await connection.withClient { try await work.decrypt($0, accepting: algorithms) }
    }
}
