import ClavigerCore

extension KeySpec {
    /// The KeySpec that clients know.
    var alibaba: String {
        switch self {
        case .aes256: "Aliyun_AES_256"
        case .sm4: "Aliyun_SM4"
        case .rsa2048: "RSA_2048"
        case .rsa3072: "RSA_3072"
        // Other dialects make keys of these two; they are shown and used here.
        case .rsa4096: "RSA_4096"
        case .ecP256: "EC_P256"
        case .ecP384: "EC_P384"
        case .ecP256K: "EC_P256K"
        case .sm2: "EC_SM2"
        }
    }

    /// The kinds of keys that this dialect makes.
    static let alibabaChoices = [aes256, sm4, rsa2048, rsa3072, ecP256, ecP256K, sm2].map { ($0.alibaba, $0) }

    /// What keys of the kind can be for, the usual one first (contract, section 4).
    var alibabaUsages: [KeyUsage] {
        switch self {
        case .aes256, .sm4: [.encryptDecrypt]
        case .rsa2048, .rsa3072, .rsa4096, .sm2: [.signVerify, .encryptDecrypt]
        case .ecP256, .ecP384, .ecP256K: [.signVerify]
        }
    }
}
