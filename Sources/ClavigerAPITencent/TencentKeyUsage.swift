import ClavigerCore

/// What Tencent calls KeyUsage: algorithm and use in one word.
enum TencentKeyUsage: String, CaseIterable {
    case encryptDecrypt = "ENCRYPT_DECRYPT"
    case decryptRSA2048 = "ASYMMETRIC_DECRYPT_RSA_2048"
    case decryptSM2 = "ASYMMETRIC_DECRYPT_SM2"
    case signSM2 = "ASYMMETRIC_SIGN_VERIFY_SM2"
    case signRSA2048 = "ASYMMETRIC_SIGN_VERIFY_RSA_2048"
    case signECC = "ASYMMETRIC_SIGN_VERIFY_ECC"

    /// The spec of such a key in a realm of the edition, and its use.
    func purpose(in edition: Realm.Edition) -> KeyQuery.Purpose {
        switch self {
        case .encryptDecrypt: KeyQuery.Purpose(spec: edition.symmetricSpec, usage: .encryptDecrypt)
        case .decryptRSA2048: KeyQuery.Purpose(spec: .rsa2048, usage: .encryptDecrypt)
        case .decryptSM2: KeyQuery.Purpose(spec: .sm2, usage: .encryptDecrypt)
        case .signSM2: KeyQuery.Purpose(spec: .sm2, usage: .signVerify)
        case .signRSA2048: KeyQuery.Purpose(spec: .rsa2048, usage: .signVerify)
        case .signECC: KeyQuery.Purpose(spec: .ecP256, usage: .signVerify)
        }
    }

    /// The word for a key; `nil` for one that no word of this dialect describes.
    init?(_ key: Key) {
        switch (key.spec, key.usage) {
        case (.aes256, .encryptDecrypt): self = .encryptDecrypt
        case (.rsa2048, .encryptDecrypt): self = .decryptRSA2048
        case (.sm2, .encryptDecrypt): self = .decryptSM2
        case (.sm2, .signVerify): self = .signSM2
        case (.rsa2048, .signVerify): self = .signRSA2048
        case (.ecP256, .signVerify): self = .signECC
        case (.aes256, .signVerify), (.ecP256, .encryptDecrypt): return nil
        }
    }

    /// The algorithm as ListAlgorithms names it.
    func algorithm(in edition: Realm.Edition) -> String {
        switch purpose(in: edition).spec {
        case .aes256: "AES_256"
        case .rsa2048: "RSA_2048"
        case .sm2: "SM2"
        case .ecP256: "ECC_P256_R1"
        }
    }
}

extension Realm.Edition {
    /// What a key without further wishes is made of.
    var symmetricSpec: KeySpec {
        switch self {
        case .standard: .aes256
        }
    }

    /// KeyMetadata's Type: 2 for the FIPS edition.
    var tencentType: Int {
        switch self {
        case .standard: 2
        }
    }
}

extension KeyState {
    /// The word that KeyMetadata has for the state.
    var tencent: String {
        switch self {
        case .enabled: "Enabled"
        case .disabled: "Disabled"
        case .archived: "Archived"
        case .pendingDeletion: "PendingDelete"
        case .pendingImport: "PendingImport"
        }
    }
}

extension KeyOrigin {
    var tencent: String {
        switch self {
        case .generated: "TENCENT_KMS"
        case .external: "EXTERNAL"
        }
    }
}
