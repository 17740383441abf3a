import ClavigerCrypto

extension PublicKey {
    /// The key that the member `PublicKey` of an answer stands for: base64 of a SubjectPublicKeyInfo in DER.
    convenience init(of response: JSONValue) throws(CommandFailure) {
        guard case .string(let text) = response["PublicKey"] else {
            throw CommandFailure("the server's answer holds no public key")
        }
        do throws(CryptoError) {
            try self.init(spki: try Base64.decode(text))
        } catch {
            throw CommandFailure("the server's answer holds a public key of no known kind")
        }
    }
}
