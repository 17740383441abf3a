package import ClavigerCrypto

/// Algorithm and size of a key's material.
package enum KeySpec: String, CaseIterable, Sendable {
    case aes256 = "AES_256"
    case rsa2048 = "RSA_2048"
    case ecP256 = "EC_P256"
    case sm2 = "EC_SM2"

    package var isSymmetric: Bool { asymmetricAlgorithm == nil }

    package var asymmetricAlgorithm: AsymmetricKeyPair.Algorithm? {
        switch self {
        case .aes256: nil
        case .rsa2048: .rsa2048
        case .ecP256: .p256
        case .sm2: .sm2
        }
    }
}

/// What a key may be used for.
package enum KeyUsage: String, CaseIterable, Sendable {
    case encryptDecrypt = "ENCRYPT_DECRYPT"
    case signVerify = "SIGN_VERIFY"
}

/// Where a key's material comes from.
package enum KeyOrigin: String, CaseIterable, Sendable {
    case generated
    case external
}

/// Who a key serves.
package enum KeyOwner: Hashable, Sendable {
    case user
    /// A cloud product, by its name; users see such a key but cannot disable or delete it.
    case product(String)
}
