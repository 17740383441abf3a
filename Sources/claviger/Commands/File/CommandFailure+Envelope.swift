import ClavigerEnvelope

extension CommandFailure {
    /// Why a file could not be encrypted or decrypted.
    ///
    /// - Parameters:
    ///   - input: what is called the file that was read.
    ///   - failures: the calls of the server that failed, in their order.
    ///   - isTerminal: whether the output was to be shown at a terminal.
    init(_ error: EnvelopeError, input: String, failures: [CommandFailure], isTerminal: Bool) {
        switch error.code {
        case .emptySource:
            self.init(
                "there is nothing to encrypt: \(input) is empty, and an encrypted file has at least one byte in it")
        case .dataKeyNotGenerated, .dataKeyNotEncrypted, .dataKeyNotDecrypted, .wrongDataKeySize:
            self = Self.keys(error, input, failures)
        case .notAMessage:
            self.init(
                "\(input) is no encrypted file",
                hint: "`claviger decrypt` opens what `claviger encrypt` made")
        case .messageTooShort:
            self.init("\(input) is cut short: it ends before its header says")
        case .malformedMessage:
            self.init("\(input) is damaged: \(error.message)")
        case .unknownAlgorithm:
            self.init("\(input) is encrypted in a way that this program does not know")
        case .algorithmNotAccepted:
            self.init(
                "\(input) is encrypted in a way that does not show whether it was changed",
                hint: "without --authenticated it is decrypted all the same")
        case .notAuthentic:
            self.init("\(input) was changed after it was encrypted, or is damaged")
        case .inputOutput where isTerminal:
            self.init(error.message, hint: FileWork.outHint)
        case .inputOutput where error.message.hasPrefix("the source has"):
            self.init(
                "\(input) has another size than was said: \(error.message)",
                hint: "--size tells how many bytes come; a file must not change while it is read")
        case .inputOutput where error.message.hasPrefix("writing failed") || error.message.hasPrefix("no temporary"):
            self.init(
                error.message,
                hint:
                    "what comes by a pipe is kept in TMPDIR or /tmp if it must be known whole; --size tells its size at once"
            )
        default:
            self.init(error.message)
        }
    }

    /// No key of the server could do its part.
    private static func keys(_ error: EnvelopeError, _ input: String, _ failures: [CommandFailure]) -> CommandFailure {
        guard let last = failures.last else { return CommandFailure(error.message) }
        if error.code == .dataKeyNotDecrypted,
            failures.allSatisfy({ $0.code == "InvalidParameterValue.InvalidCiphertext" })
        {
            return CommandFailure(
                "no key of the server opens \(input)", code: last.code, requestID: last.requestID,
                hint: "it was encrypted with keys of another server or account, or its header is damaged")
        }
        // Several keys may fail for one reason, such as that nobody answers.
        if failures.allSatisfy({ $0.message == last.message && $0.code == last.code }) { return last }
        return CommandFailure(error.message, hint: failures.lazy.compactMap(\.hint).first)
    }
}
