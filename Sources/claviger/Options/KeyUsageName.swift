import ArgumentParser

/// What a key is made for, by its name in the API.
enum KeyUsageName: String, CaseIterable, ExpressibleByArgument {
    case encryptDecrypt = "ENCRYPT_DECRYPT"
    case decryptRSA2048 = "ASYMMETRIC_DECRYPT_RSA_2048"
    case decryptSM2 = "ASYMMETRIC_DECRYPT_SM2"
    case signSM2 = "ASYMMETRIC_SIGN_VERIFY_SM2"
    case signRSA2048 = "ASYMMETRIC_SIGN_VERIFY_RSA_2048"
    case signECC = "ASYMMETRIC_SIGN_VERIFY_ECC"

    /// The usual way to sign with such a key; `nil` if it does not sign.
    var signatureAlgorithm: SignatureAlgorithm? {
        switch self {
        case .signSM2: .sm2
        case .signRSA2048: .rsaPSS
        case .signECC: .ecdsaP256
        case .encryptDecrypt, .decryptRSA2048, .decryptSM2: nil
        }
    }
}
