import ClavigerCrypto

extension OutputOptions {
    /// Shows an answer that is about a ciphertext: as a table the ciphertext alone, so that it can be piped on.
    ///
    /// - Parameters:
    ///   - path: where the ciphertext goes instead; then nothing is shown but what json and yaml tell besides it.
    ///   - member: where the answer has it, in base64.
    func show(_ response: JSONValue, ciphertextTo path: String?, member: String = "CiphertextBlob")
        throws(CommandFailure)
    {
        let ciphertext = (response[member]?.text ?? "") + "\n"
        guard let path else { return try show(response) { ciphertext } }
        try OutputFile.write(ciphertext, toPath: path)
        guard path != "-" else { return }
        try show(response.without(member)) { "" }
    }
}

extension JSONValue {
    /// An object without one of its members.
    func without(_ name: String) -> JSONValue {
        guard case .object(let members) = self else { return self }
        return .object(members.filter { !$0.name.elementsEqual(name.utf8) })
    }
}
