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
        case (.aes256, .encryptDecrypt), (.sm4, .encryptDecrypt): self = .encryptDecrypt
        case (.rsa2048, .encryptDecrypt): self = .decryptRSA2048
        case (.sm2, .encryptDecrypt): self = .decryptSM2
        case (.sm2, .signVerify): self = .signSM2
        case (.rsa2048, .signVerify): self = .signRSA2048
        case (.ecP256, .signVerify): self = .signECC
        case (.aes256, .signVerify), (.sm4, .signVerify), (.rsa3072, _), (.rsa4096, _), (.ecP256, .encryptDecrypt),
            (.ecP384, _), (.ecP256K, _):
            return nil
        }
    }

    /// What KeyMetadata says of any key, also of one that was made through another dialect and has no word here.
    static func word(for key: Key) -> String {
        if let usage = TencentKeyUsage(key) { return usage.rawValue }
        // The one further word that the vendor's SDK knows.
        if key.spec == .ecP384, key.usage == .signVerify { return "ASYMMETRIC_SIGN_VERIFY_ECDSA384" }
        return switch key.usage {
        case .encryptDecrypt: "ASYMMETRIC_DECRYPT_\(key.spec.rawValue)"
        case .signVerify: "ASYMMETRIC_SIGN_VERIFY_\(key.spec.rawValue)"
        }
    }

    /// The algorithm as ListAlgorithms names it.
    func algorithm(in edition: Realm.Edition) -> String {
        switch purpose(in: edition).spec {
        case .aes256: "AES_256"
        case .sm4: "SM4"
        case .rsa2048: "RSA_2048"
        case .rsa3072: "RSA_3072"
        case .rsa4096: "RSA_4096"
        case .sm2: "SM2"
        case .ecP256: "ECC_P256_R1"
        case .ecP384: "ECC_P384_R1"
        case .ecP256K: "ECC_P256_K1"
        }
    }

    /// What keys of this usage may be; a realm can hold symmetric keys of the other edition, made through another dialect.
    var purposes: Set<KeyQuery.Purpose> { Set(Realm.Edition.allCases.map(purpose(in:))) }
}

extension Realm.Edition {
    /// KeyMetadata's Type: 2 for the FIPS edition, 4 for the SM edition.
    var tencentType: Int {
        switch self {
        case .standard: 2
        case .guomi: 4
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
