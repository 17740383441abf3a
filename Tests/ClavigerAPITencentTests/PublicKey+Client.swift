import ClavigerCrypto

/// What clients do with the public keys that they get.
extension PublicKey {
    struct UnknownAlgorithm: Error { let name: String }

    /// - Parameter base64: of the `SubjectPublicKeyInfo`, as the API gives it.
    convenience init(base64: String) throws { try self.init(spki: try Base64.decode(Array(base64.utf8))) }

    /// Encrypts by the name that the API has for an algorithm, in base64. `SM2_WITHOUT_04` is C1 C3 C2 without the leading 04.
    func encrypted(_ bytes: [UInt8], by algorithm: String) throws -> String {
        let plaintext = KeyMaterial(bytes)
        switch algorithm {
        case "RSAES_PKCS1_V1_5": return Base64.string(try encrypt(plaintext, .rsaPKCS1))
        case "RSAES_OAEP_SHA_1": return Base64.string(try encrypt(plaintext, .rsaOAEPSHA1))
        case "RSAES_OAEP_SHA_256": return Base64.string(try encrypt(plaintext, .rsaOAEPSHA256))
        case "SM2_C1C3C2_ASN1": return Base64.string(try encrypt(plaintext, .sm2ASN1))
        case "SM2": return Base64.string(try encrypt(plaintext, .sm2Raw))
        case "SM2_WITHOUT_04": return Base64.string(Array(try encrypt(plaintext, .sm2Raw).dropFirst()))
        default: throw UnknownAlgorithm(name: algorithm)
        }
    }

    /// Whether `signature`, in base64, is one of the message by the algorithm of this name.
    func verifies(_ signature: String, of message: [UInt8], by algorithm: String) throws -> Bool {
        let (scheme, encoding) = try Self.scheme(algorithm)
        return verify(
            try Base64.decode(Array(signature.utf8)), digest: try digest(of: message, for: scheme), scheme,
            encoding: encoding)
    }

    /// Whether `signature`, in base64, is one of the digest by the algorithm of this name.
    func verifies(_ signature: String, ofDigest digest: [UInt8], by algorithm: String) throws -> Bool {
        let (scheme, encoding) = try Self.scheme(algorithm)
        return verify(try Base64.decode(Array(signature.utf8)), digest: digest, scheme, encoding: encoding)
    }

    private static func scheme(_ name: String) throws -> (SignatureScheme, SignatureEncoding) {
        switch name {
        case "SM2DSA": (.sm2DSA, .der)
        case "SM2DSA_RAW": (.sm2DSA, .raw)
        case "ECC_P256_R1": (.ecdsaSHA256, .der)
        case "RSA_PSS_SHA_256": (.rsaPSSSHA256, .der)
        case "RSA_PKCS1_SHA_256": (.rsaPKCS1SHA256, .der)
        default: throw UnknownAlgorithm(name: name)
        }
    }
}
