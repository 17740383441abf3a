import ArgumentParser
import ClavigerCrypto

/// How a new private key is encrypted for its recipient, by its name in the API.
enum RecipientAlgorithm: String, CaseIterable, ExpressibleByArgument {
    /// The octets C1, C3, C2.
    case sm2 = "SM2"
    case sm2ASN1 = "SM2_C1C3C2_ASN1"
    case rsaOAEPSHA256 = "RSAES_OAEP_SHA_256"
    case rsaOAEPSHA1 = "RSAES_OAEP_SHA_1"
    case rsaPKCS1 = "RSAES_PKCS1_V1_5"

    /// The usual way to encrypt to a key; `nil` for a key that the API takes for no recipient.
    init?(usualFor key: PublicKey) {
        switch key.algorithm {
        case .rsa2048: self = .rsaOAEPSHA256
        case .sm2: self = .sm2
        case .rsa3072, .rsa4096, .p256, .p384, .secp256k1: return nil
        }
    }

    var scheme: AsymmetricEncryptionScheme {
        switch self {
        case .sm2: .sm2Raw
        case .sm2ASN1: .sm2ASN1
        case .rsaOAEPSHA256: .rsaOAEPSHA256
        case .rsaOAEPSHA1: .rsaOAEPSHA1
        case .rsaPKCS1: .rsaPKCS1
        }
    }
}
