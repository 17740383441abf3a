import ClavigerCore
import ClavigerCrypto

extension SignatureRequest {
    /// The members that say what is signed and how.
    static let huaweiMembers: [StaticString] = ["message", "signing_algorithm"]

    private static let messageSizes = 1...4096

    private static let algorithms: [(word: String, means: SignatureScheme)] = [
        ("RSASSA_PSS_SHA_256", .rsaPSSSHA256),
        ("RSASSA_PSS_SHA_384", .rsaPSSSHA384),
        ("RSASSA_PSS_SHA_512", .rsaPSSSHA512),
        ("RSASSA_PKCS1_V1_5_SHA_256", .rsaPKCS1SHA256),
        ("RSASSA_PKCS1_V1_5_SHA_384", .rsaPKCS1SHA384),
        ("RSASSA_PKCS1_V1_5_SHA_512", .rsaPKCS1SHA512),
        ("ECDSA_SHA_256", .ecdsaSHA256),
        ("ECDSA_SHA_384", .ecdsaSHA384),
        ("SM2DSA_SM3", .sm2DSA),
    ]

    private enum MessageType { case digest, raw }

    /// Reads `message`, `signing_algorithm` and `message_type`. Signatures on curves are in DER, which the reference does not say.
    ///
    /// - Throws: KMS.0308.
    init(_ values: HuaweiValues) throws(KMSError) {
        guard let scheme = try values.choice("signing_algorithm", Self.algorithms) else {
            throw KMSError(HuaweiCode.missingParameter)
        }
        let message = try values.base64("message", Self.messageSizes)
        switch try values.choice("message_type", [("DIGEST", MessageType.digest), ("RAW", .raw)]) ?? .digest {
        case .digest: self.init(.digest(message), scheme: scheme, encoding: .der)
        case .raw: self.init(.message(message), scheme: scheme, encoding: .der)
        }
    }
}
