package import ClavigerCrypto

/// What clients do with the public keys that they get.
extension PublicKey {
    /// - Parameter base64: of the `SubjectPublicKeyInfo`, as the APIs give it.
    package convenience init(base64: String) throws { try self.init(spki: try Base64.decode(Array(base64.utf8))) }

    /// - Parameter text: PEM, or base64 of the `SubjectPublicKeyInfo`.
    package convenience init(text: String) throws {
        if text.hasPrefix("-----") { try self.init(pem: Array(text.utf8)) } else { try self.init(base64: text) }
    }

    /// Encrypts by the name that an API has for an algorithm, in base64. `SM2_WITHOUT_04` is C1 C3 C2 without the leading 04.
    package func encrypted(_ bytes: [UInt8], by algorithm: String) throws -> String {
        let ciphertext = try encrypt(KeyMaterial(bytes), try ClientAlgorithm.encryption(algorithm))
        return Base64.string(algorithm == "SM2_WITHOUT_04" ? Array(ciphertext.dropFirst()) : ciphertext)
    }

    /// Whether `signature`, in base64, is one of the message by the algorithm of this name.
    package func verifies(_ signature: String, of message: [UInt8], by algorithm: String) throws -> Bool {
        let (scheme, encoding) = try ClientAlgorithm.signature(algorithm)
        return verify(
            try Base64.decode(Array(signature.utf8)), digest: try digest(of: message, for: scheme), scheme,
            encoding: encoding)
    }

    /// Whether `signature`, in base64, is one of the digest by the algorithm of this name.
    package func verifies(_ signature: String, ofDigest digest: [UInt8], by algorithm: String) throws -> Bool {
        let (scheme, encoding) = try ClientAlgorithm.signature(algorithm)
        return verify(try Base64.decode(Array(signature.utf8)), digest: digest, scheme, encoding: encoding)
    }
}
