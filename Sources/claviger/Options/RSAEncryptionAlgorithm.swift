import ArgumentParser
import ClavigerCrypto

/// How a short text is encrypted under an RSA key, by its name in the API; the first is the usual one.
enum RSAEncryptionAlgorithm: String, CaseIterable, ExpressibleByArgument {
    case oaepSHA256 = "RSAES_OAEP_SHA_256"
    case oaepSHA1 = "RSAES_OAEP_SHA_1"
    /// Weak: its padding has been the way into many systems.
    case pkcs1 = "RSAES_PKCS1_V1_5"

    var scheme: AsymmetricEncryptionScheme {
        switch self {
        case .oaepSHA256: .rsaOAEPSHA256
        case .oaepSHA1: .rsaOAEPSHA1
        case .pkcs1: .rsaPKCS1
        }
    }

    /// Bytes of the longest plaintext under a modulus of `modulusSize` bytes (RFC 8017 sections 7.1.1 and 7.2.1).
    func longestPlaintext(modulusSize: Int) -> Int {
        switch self {
        case .oaepSHA256: modulusSize - 2 * 32 - 2
        case .oaepSHA1: modulusSize - 2 * 20 - 2
        case .pkcs1: modulusSize - 11
        }
    }
}
