import ClavigerCrypto
import ClavigerEnvelope

#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#elseif canImport(Darwin)
    import Darwin
#endif

/// What the two file commands have in common: a stream from one place to another, through the library.
struct FileWork: Sendable {
    private let input: StreamInput
    private let output: StreamOutput
    private let progress: ProgressBar.Mode

    /// Opens the input, and looks whether there can be an output.
    ///
    /// - Parameters:
    ///   - output: where the bytes go.
    ///   - content: whether they are secret.
    init(
        _ input: FileInputOptions, _ output: FileOutputOptions, _ content: OutputFile.Content
    ) throws(CommandFailure) {
        self.input = try StreamInput(input.file)
        self.output = try StreamOutput(output.file, mayReplace: output.force, content)
        progress = ProgressBar.Mode(flag: output.progress, isOutputTerminal: self.output.isTerminal)
        // A plaintext may be text: that shows when it is written.
        guard content == .secret || !self.output.isTerminal else {
            throw CommandFailure("an encrypted file is no text, which a terminal could show", hint: Self.outHint)
        }
        guard !self.output.writesOver(self.input) else {
            throw CommandFailure("the output is the file that is read", hint: "--out FILE --force replaces a file")
        }
    }

    /// What an encryption is told by its options.
    struct Encryption: Sendable {
        let keys: [MasterKey]
        let algorithm: EnvelopeAlgorithm
        let context: String
        let blockSize: Int
        let length: UInt64?
    }

    func encrypt(_ encryption: Encryption, _ client: KMSClient) async throws {
        let missing = try await WorkThread.run { () throws(CommandFailure) in
            let transport = FileTransport(client)
            return try output.write { sink throws(CommandFailure) in
                try run("encrypting", sink, transport) { manager, dataKeys, progress throws(EnvelopeError) in
                    try KeyManager.check(
                        masterKeys: encryption.keys, context: encryption.context, blockSize: encryption.blockSize)
                    // A key that cannot be used should not come out after hours of reading. The data key is kept for the file.
                    let dataKey = try dataKeys.forEncryption(under: encryption.keys, context: encryption.context)
                    try manager.encrypt(
                        from: StreamSource(input), to: sink, under: encryption.keys, algorithm: encryption.algorithm,
                        context: encryption.context, blockSize: encryption.blockSize, length: encryption.length,
                        progress: progress)
                    return encryption.keys.filter { key in
                        !dataKey.wrapped.contains { $0.region == key.region && $0.keyID == key.keyID }
                    }.map { key in Self.note(key, transport.failures) }
                }
            }
        }
        missing.forEach(StandardOutput.writeError)
    }

    func decrypt(_ client: KMSClient, accepting algorithms: [EnvelopeAlgorithm]) async throws {
        let header = try await WorkThread.run { () throws(CommandFailure) in
            try output.write { sink throws(CommandFailure) in
                try run("decrypting", sink, FileTransport(client)) { manager, _, progress throws(EnvelopeError) in
                    let header = try manager.decrypt(
                        from: StreamSource(input), to: sink, accepting: algorithms, progress: progress)
                    try sink.finish()
                    return header
                }
            }
        }
        guard !header.algorithm.isAuthenticated else { return }
        let name = FileAlgorithm(header.algorithm)?.rawValue ?? "\(header.algorithm)"
        StandardOutput.writeError(
            "note: \(DisplayText.visible(input.name)) is encrypted with \(name): nobody can tell whether it was changed\n"
        )
    }

    static let outHint = "--out FILE writes it to a file"

    private func run<Result>(
        _ verb: String, _ sink: StreamSink, _ transport: FileTransport,
        _ body: (KeyManager, DataKeys, (EnvelopeProgress) -> Bool) throws(EnvelopeError) -> Result
    ) throws(CommandFailure) -> Result {
        let profile = transport.client.profile
        let bar = ProgressBar(progress, verb: verb)
        defer { bar.erase() }
        do throws(EnvelopeError) {
            let dataKeys = DataKeys(
                credentials: try KMSCredentials(secretID: profile.accessID, secretKey: profile.secret), limits: .none,
                service: KMSService(address: try KMSAddress(profile.server.description), transport: transport))
            return try body(KeyManager(dataKeys: dataKeys), dataKeys) { progress in
                bar.show(progress)
                return !Interruption.isNoted
            }
        } catch {
            bar.erase()
            // Whose reader has gone away ends as other programs do then: `claviger file decrypt log.enc | head` is no error.
            if sink.hasLostReader { Interruption.end(by: SIGPIPE) }
            throw failure(error, sink, transport)
        }
    }

    private func failure(_ error: EnvelopeError, _ sink: StreamSink, _ transport: FileTransport) -> CommandFailure {
        let failure = CommandFailure(
            error, input: input.name, failures: transport.failures.map(\.reason), isTerminal: output.isTerminal)
        guard output.isOpen, sink.written > 0 else { return failure }
        return CommandFailure(
            failure.message, code: failure.code, requestID: failure.requestID,
            hint: failure.hint ?? "the \(sink.written) bytes that came out are not all there is")
    }

    private static func note(_ key: MasterKey, _ failures: [FileTransport.Failure]) -> String {
        let failure = failures.last { $0.region == key.region }?.reason
        let reason = failure.map { [": ", $0.message, $0.code.map { " (\($0))" } ?? ""].joined() } ?? ""
        return DisplayText.visible("note: key \(key.keyID) in \(key.region) will not open the file\(reason)") + "\n"
    }
}
