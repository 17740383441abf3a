package import ClavigerCrypto

/// How material is encrypted on its way into the service.
package enum WrappingAlgorithm: String, CaseIterable, Sendable {
    /// Weak: its padding has been the way into many systems. The vendors offer it, so it is here; prefer OAEP.
    case rsaPKCS1 = "RSAES_PKCS1_V1_5"
    case rsaOAEPSHA1 = "RSAES_OAEP_SHA_1"
    case rsaOAEPSHA256 = "RSAES_OAEP_SHA_256"
    case sm2 = "SM2PKE"

    package var scheme: AsymmetricEncryptionScheme {
        switch self {
        case .rsaPKCS1: .rsaPKCS1
        case .rsaOAEPSHA1: .rsaOAEPSHA1
        case .rsaOAEPSHA256: .rsaOAEPSHA256
        case .sm2: .sm2ASN1
        }
    }

    /// Whether only what somebody wrapped by the public key opens, so that telling what it holds helps nobody to find out what others wrapped.
    package var isAuthenticating: Bool {
        switch self {
        // Whoever is told of the text's size is told that the padding was right (Bleichenbacher 1998).
        case .rsaPKCS1: false
        case .rsaOAEPSHA1, .rsaOAEPSHA256, .sm2: true
        }
    }

    /// What the wrapping key is.
    package var keySpec: KeySpec {
        switch self {
        case .rsaPKCS1, .rsaOAEPSHA1, .rsaOAEPSHA256: .rsa2048
        case .sm2: .sm2
        }
    }
}
