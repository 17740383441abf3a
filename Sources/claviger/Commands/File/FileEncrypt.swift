import ArgumentParser
import ClavigerEnvelope

/// `claviger file encrypt`
struct FileEncrypt: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "encrypt",
        abstract: "Encrypt a file or what comes by a pipe.",
        discussion: """
            The output is a message as the Encryption SDK makes and reads it. With several keys, any one of them opens it; \
            the first that can makes the data key. A file is there under its name only when all of it is written.

              claviger file encrypt backup.tar --key orders --out backup.tar.enc
              claviger file encrypt backup.tar --key orders --key ap-beijing:archive --out backup.tar.enc
              pg_dump orders | claviger file encrypt --key orders --context table=all --out orders.sql.enc
              claviger file encrypt notes.txt --key orders --out notes.txt --force

            The size stands at the front of the output. What comes by a pipe is therefore kept in a temporary file, \
            encrypted, until its end, unless --size tells how many bytes there are.

            With sm4-cbc, sm4-ctr and sm4-ecb nobody can tell whether the file was changed; take them only for who needs \
            them. The signed ones, and blocks of size 0, cannot be decrypted piece by piece.
            """
    )

    @OptionGroup var input: FileInputOptions
    @OptionGroup var output: FileOutputOptions

    @Option(
        name: .customLong("key"),
        help: ArgumentHelp(
            "The id or alias of a key, or REGION:KEY for one of another region; 1 to 5 times.", valueName: "key"))
    var keys: [FileKeyName]

    @Option(help: "How to encrypt.")
    var algorithm: FileAlgorithm = .gcm

    @OptionGroup var context: FileContextOptions

    @Option(
        help: ArgumentHelp(
            "Bytes that are encrypted and authenticated at a time, such as 64K or 1M; 0 for all at once.",
            valueName: "size"))
    var blockSize = ByteSize(bytes: UInt64(KeyManager.streamBlockSize))

    @Option(help: ArgumentHelp("How many bytes come by the pipe.", valueName: "bytes"))
    var size: ByteSize?

    @OptionGroup var connection: ConnectionOptions

    func validate() throws {
        guard keys.count <= MasterKey.maximumCount else {
            throw ValidationError("--key is given at most \(MasterKey.maximumCount) times.")
        }
        guard blockSize.bytes <= UInt64(KeyManager.maximumBlockSize) else {
            throw ValidationError("--block-size is at most \(KeyManager.maximumBlockSize).")
        }
    }

    func run() async throws {
        let work = try FileWork(input, output, .noSecret)
        let context = try context.text()
        try await connection.withClient { client in
            let encryption = FileWork.Encryption(
                keys: try await FileKeyName.masterKeys(keys, client), algorithm: algorithm.algorithm, context: context,
                blockSize: Int(blockSize.bytes), length: size?.bytes)
            try await work.encrypt(encryption, client)
        }
    }
}
