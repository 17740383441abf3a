/// How a digest is signed.
package enum SignatureScheme: CaseIterable, Hashable, Sendable {
    /// RSASSA-PSS (RFC 8017 section 8.1) with SHA-256, also in MGF1, and 32 bytes of salt.
    case rsaPSSSHA256
    /// RSASSA-PKCS1-v1_5 (RFC 8017 section 8.2) with SHA-256.
    case rsaPKCS1SHA256
    /// The same two with SHA-384 and SHA-512, whose sizes the salt then has.
    case rsaPSSSHA384
    case rsaPKCS1SHA384
    case rsaPSSSHA512
    case rsaPKCS1SHA512
    /// ECDSA (FIPS 186-5 section 6) of a SHA-256 digest.
    case ecdsaSHA256
    /// ECDSA of a SHA-384 digest.
    case ecdsaSHA384
    /// SM2 (GB/T 32918.2); the digest is the SM3 hash of Z and the message.
    case sm2DSA

    /// Bytes of the digest that is signed.
    package var digestSize: Int {
        switch self {
        case .rsaPSSSHA256, .rsaPKCS1SHA256, .ecdsaSHA256, .sm2DSA: 32
        case .rsaPSSSHA384, .rsaPKCS1SHA384, .ecdsaSHA384: 48
        case .rsaPSSSHA512, .rsaPKCS1SHA512: 64
        }
    }
}
