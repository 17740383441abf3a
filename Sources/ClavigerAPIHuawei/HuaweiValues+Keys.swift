import ClavigerCore
import ClavigerCrypto

/// Members that describe keys.
extension HuaweiValues {
    private static let longestAlias = 255
    private static let longestDescription = 255

    /// What the names of default master keys end in.
    static let defaultSuffix = "/default"

    /// The member `key_alias`.
    ///
    /// - Throws: KMS.1101.
    func alias() throws(KMSError) -> KeyAlias {
        let bytes = try bytes("key_alias", else: .invalidAlias) ?? []
        guard (1...Self.longestAlias).contains(bytes.count), bytes.allSatisfy(Self.isOfAlias) else {
            throw KMSError(.invalidAlias, "key_alias has 1 to \(Self.longestAlias) of A-Z a-z 0-9 : / _ -")
        }
        let name = String(decoding: bytes, as: UTF8.self)
        guard !name.hasSuffix(Self.defaultSuffix) else {
            throw KMSError(.invalidAlias, "only default master keys have names that end in \(Self.defaultSuffix)")
        }
        return KeyAlias(checked: name)
    }

    private static func isOfAlias(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: "A")...UInt8(ascii: "Z"), UInt8(ascii: "a")...UInt8(ascii: "z"),
            UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: ":"), UInt8(ascii: "/"), UInt8(ascii: "_"),
            UInt8(ascii: "-"):
            true
        default: false
        }
    }

    /// The member `key_description`.
    ///
    /// - Throws: KMS.1103.
    func description() throws(KMSError) -> String? {
        guard let text = try text("key_description", else: .invalidDescription) else { return nil }
        // A zero byte is what no store can hold.
        guard text.unicodeScalars.count <= Self.longestDescription, !text.utf8.contains(0) else {
            throw KMSError(
                HuaweiCode.invalidDescription, "key_description has at most \(Self.longestDescription) characters")
        }
        return text
    }

    /// The id of an enterprise project: `0`, or 36 characters in the form of a key id.
    ///
    /// - Throws: KMS.0308.
    func enterpriseProject() throws(KMSError) -> String? {
        guard let text = try text("enterprise_project_id") else { return nil }
        guard text == Key.defaultEnterpriseProject || Self.isOfIDForm(text.utf8) else {
            throw KMSError(HuaweiCode.invalidParameter, "enterprise_project_id is 0, or has the form of a key id")
        }
        return text
    }

    /// Whether this has the form of the documents' ids, which is that of a UUID but takes every lower-case letter.
    private static func isOfIDForm(_ text: some Collection<UInt8>) -> Bool {
        guard text.count == 36 else { return false }
        return zip(0..., text).allSatisfy { index, byte in
            switch index {
            case 8, 13, 18, 23: byte == UInt8(ascii: "-")
            default: 48...57 ~= byte || 97...122 ~= byte
            }
        }
    }
}

extension KeySpec {
    /// The kinds of keys that can be made, by the SDK's words.
    static let huaweiChoices: [(word: String, means: KeySpec)] = [
        .aes256, .sm4, .rsa2048, .rsa3072, .rsa4096, .ecP256, .ecP384, .ecP256K, .sm2,
    ].map { ($0.huawei, $0) }

    /// The SDK's word.
    var huawei: String {
        switch self {
        case .aes256: "AES_256"
        case .sm4: "SM4"
        case .rsa2048: "RSA_2048"
        case .rsa3072: "RSA_3072"
        case .rsa4096: "RSA_4096"
        case .ecP256: "EC_P256"
        case .ecP384: "EC_P384"
        case .ecP256K: "SECP256K1"
        case .sm2: "SM2"
        }
    }
}
