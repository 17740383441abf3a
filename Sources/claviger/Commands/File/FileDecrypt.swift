import ArgumentParser

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
            """
    )

    @OptionGroup var input: FileInputOptions
    @OptionGroup var output: FileOutputOptions
    @OptionGroup var connection: ConnectionOptions

    func run() async throws {
        let work = try FileWork(input, output, .secret)
        try await connection.withClient { try await work.decrypt($0) }
    }
}
