import ClavigerCrypto

extension KeyMaterial {
    /// The bytes that the member `Plaintext` of an answer stands for.
    convenience init(plaintextOf response: JSONValue) throws(CommandFailure) {
        let failure = CommandFailure("the server's answer holds no plaintext")
        guard case .string(let text) = response["Plaintext"] else { throw failure }
        guard let count = text.withUnsafeBytes({ Base64.decodedCount($0) }) else { throw failure }
        try self.init(count: count) { target throws(CommandFailure) in
            let isDecoded = text.withUnsafeBytes { (try? Base64.decode($0, into: target)) != nil }
            guard isDecoded else { throw failure }
        }
    }
}
