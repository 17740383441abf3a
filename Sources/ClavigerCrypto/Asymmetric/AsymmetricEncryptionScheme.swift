/// How a short text is encrypted to a public key.
package enum AsymmetricEncryptionScheme: CaseIterable, Hashable, Sendable {
    /// RSAES-PKCS1-v1_5 (RFC 8017 section 7.2). Nothing tells a wrong ciphertext from a right one: see ``PrivateKey/decrypt(_:_:)``.
    case rsaPKCS1
    /// RSAES-OAEP (RFC 8017 section 7.1) with SHA-1, also in MGF1, and the empty label.
    case rsaOAEPSHA1
    /// RSAES-OAEP with SHA-256, also in MGF1, and the empty label.
    case rsaOAEPSHA256
    /// SM2 (GB/T 32918.4), in the DER of GM/T 0009 section 7.2.
    case sm2ASN1
    /// SM2, as the octets 04, x, y, C3, C2 (GB/T 32918.4 section 6.1).
    case sm2Raw

    /// Bytes that RSA's padding takes from the modulus, or `nil` for SM2, which has no limit.
    var paddingSize: Int? {
        switch self {
        case .rsaPKCS1: 11
        case .rsaOAEPSHA1: 2 * 20 + 2
        case .rsaOAEPSHA256: 2 * 32 + 2
        case .sm2ASN1, .sm2Raw: nil
        }
    }
}
