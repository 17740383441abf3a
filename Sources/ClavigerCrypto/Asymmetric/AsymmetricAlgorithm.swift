/// The kind of an asymmetric key: algorithm and size.
package enum AsymmetricAlgorithm: CaseIterable, Hashable, Sendable {
    case rsa2048
    case rsa3072
    case rsa4096
    case p256
    case p384
    case secp256k1
    /// The curve of GB/T 32918.5.
    case sm2

    /// The ways to sign with such a key; the first is the usual one.
    package var signatureSchemes: [SignatureScheme] {
        switch self {
        case .rsa2048, .rsa3072, .rsa4096:
            [
                .rsaPSSSHA256, .rsaPKCS1SHA256, .rsaPSSSHA384, .rsaPKCS1SHA384, .rsaPSSSHA512, .rsaPKCS1SHA512,
            ]
        case .p256, .secp256k1: [.ecdsaSHA256]
        case .p384: [.ecdsaSHA384]
        case .sm2: [.sm2DSA]
        }
    }

    /// The ways to encrypt to such a key; none for a key that only signs.
    package var encryptionSchemes: [AsymmetricEncryptionScheme] {
        switch self {
        case .rsa2048, .rsa3072, .rsa4096: [.rsaOAEPSHA256, .rsaOAEPSHA1, .rsaPKCS1]
        case .p256, .p384, .secp256k1: []
        case .sm2: [.sm2ASN1, .sm2Raw]
        }
    }

    /// Bytes of an RSA modulus, of a coordinate on a curve and of a private scalar.
    package var size: Int {
        switch self {
        case .rsa2048: 256
        case .rsa3072: 384
        case .rsa4096: 512
        case .p256, .secp256k1, .sm2: 32
        case .p384: 48
        }
    }

    var isRSA: Bool {
        switch self {
        case .rsa2048, .rsa3072, .rsa4096: true
        case .p256, .p384, .secp256k1, .sm2: false
        }
    }

    /// `AlgorithmIdentifier`, DER: rsaEncryption with NULL (RFC 8017 appendix C), or id-ecPublicKey with the name of the curve
    /// (RFC 5480 section 2.1.1; GM/T 0006 for SM2's).
    var identifier: [UInt8] {
        switch self {
        case .rsa2048, .rsa3072, .rsa4096:
            DER.sequence(DER.element(.objectIdentifier, [0x2A, 0x86, 0x48, 0x86, 0xF7, 0x0D, 1, 1, 1]), [5, 0])
        case .p256: Self.onCurve([0x2A, 0x86, 0x48, 0xCE, 0x3D, 3, 1, 7])
        case .p384: Self.onCurve([0x2B, 0x81, 4, 0, 0x22])
        case .secp256k1: Self.onCurve([0x2B, 0x81, 4, 0, 0x0A])
        case .sm2: Self.onCurve([0x2A, 0x81, 0x1C, 0xCF, 0x55, 1, 0x82, 0x2D])
        }
    }

    private static func onCurve(_ name: [UInt8]) -> [UInt8] {
        DER.sequence(
            DER.element(.objectIdentifier, [0x2A, 0x86, 0x48, 0xCE, 0x3D, 2, 1]), DER.element(.objectIdentifier, name))
    }

    /// The algorithm of a key that names `identifier`; for RSA the modulus, which is not part of it, must have one of the sizes.
    static func named(_ identifier: UnsafeRawBufferPointer, modulusBits: () throws(CryptoError) -> Int)
        throws(CryptoError) -> AsymmetricAlgorithm
    {
        guard let first = allCases.first(where: { identifier.elementsEqual($0.identifier) }) else { throw .malformed }
        guard first.isRSA else { return first }
        switch try modulusBits() {
        case 2048: return .rsa2048
        case 3072: return .rsa3072
        case 4096: return .rsa4096
        default: throw .malformed
        }
    }
}
