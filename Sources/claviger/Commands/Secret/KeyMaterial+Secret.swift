import ClavigerCrypto

extension KeyMaterial {
    /// How a secret's value is wanted.
    enum ValueForm {
        /// As it was given: what came as bytes is decoded.
        case given
        /// As the service keeps it.
        case stored
    }

    /// The value that an answer of GetSecretValue holds.
    convenience init(secretOf response: JSONValue, _ form: ValueForm) throws(CommandFailure) {
        guard form == .given, response["SecretDataType"]?.text == "binary" else {
            try self.init(textOf: "SecretData", in: response)
            return
        }
        guard case .string(let text) = response["SecretData"] else { throw Self.failure }
        let failure = CommandFailure(
            "the value is said to be binary, but is not in base64", hint: "--as-stored writes it as it is")
        guard let count = text.withUnsafeBytes({ Base64.decodedCount($0) }) else { throw failure }
        try self.init(count: count) { target throws(CommandFailure) in
            let isDecoded = text.withUnsafeBytes { (try? Base64.decode($0, into: target)) != nil }
            guard isDecoded else { throw failure }
        }
    }

    /// The bytes of the text that a member of an answer is.
    convenience init(textOf member: String, in response: JSONValue) throws(CommandFailure) {
        guard case .string(let text) = response[member] else { throw Self.failure }
        self.init(text)
    }

    private static var failure: CommandFailure { CommandFailure("the server's answer holds no value") }
}
