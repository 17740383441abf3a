package import ClavigerCrypto

/// Algorithm and size of a key's material.
package enum KeySpec: String, CaseIterable, Sendable {
    case aes256 = "AES_256"
    case sm4 = "SM4"
    case rsa2048 = "RSA_2048"
    case rsa3072 = "RSA_3072"
    case rsa4096 = "RSA_4096"
    case ecP256 = "EC_P256"
    case ecP384 = "EC_P384"
    /// secp256k1.
    case ecP256K = "EC_P256K"
    case sm2 = "EC_SM2"

    /// What the material is for.
    package enum Family: Hashable, Sendable {
        case symmetric(Ciphertext.Suite)
        case asymmetric(AsymmetricAlgorithm)
    }

    package var family: Family {
        switch self {
        case .aes256: .symmetric(.aes256GCM)
        case .sm4: .symmetric(.sm4GCM)
        case .rsa2048: .asymmetric(.rsa2048)
        case .rsa3072: .asymmetric(.rsa3072)
        case .rsa4096: .asymmetric(.rsa4096)
        case .ecP256: .asymmetric(.p256)
        case .ecP384: .asymmetric(.p384)
        case .ecP256K: .asymmetric(.secp256k1)
        case .sm2: .asymmetric(.sm2)
        }
    }

    package var isSymmetric: Bool {
        switch family {
        case .symmetric: true
        case .asymmetric: false
        }
    }

    package var isRSA: Bool {
        switch self {
        case .rsa2048, .rsa3072, .rsa4096: true
        case .aes256, .sm4, .ecP256, .ecP384, .ecP256K, .sm2: false
        }
    }

    /// Whether signing takes so long (hundreds of microseconds) that an event loop must not do it.
    package var signsSlowly: Bool {
        switch self {
        case .aes256, .sm4, .ecP256: false
        case .rsa2048, .rsa3072, .rsa4096, .ecP384, .ecP256K, .sm2: true
        }
    }

    /// Whether verifying takes that long; RSA's public exponent is small.
    package var verifiesSlowly: Bool {
        switch self {
        case .aes256, .sm4, .ecP256, .rsa2048, .rsa3072, .rsa4096: false
        case .ecP384, .ecP256K, .sm2: true
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

    /// The service itself, whose keys are there from the first day.
    package static let service = KeyOwner.product("kms")

    /// The service itself, for the values of secrets for which nobody has chosen a key.
    package static let secrets = KeyOwner.product("secretsmanager")

    /// Whether the key is the service's own, which knows it by its alias.
    package var isService: Bool { self == .service || self == .secrets }
}
