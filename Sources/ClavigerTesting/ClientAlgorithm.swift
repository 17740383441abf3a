import ClavigerCrypto

/// The names that the vendors' APIs have for algorithms with key pairs.
enum ClientAlgorithm {
    static func encryption(_ name: String) throws(TranscriptFault) -> AsymmetricEncryptionScheme {
        switch name {
        case "RSAES_PKCS1_V1_5": .rsaPKCS1
        case "RSAES_OAEP_SHA_1": .rsaOAEPSHA1
        case "RSAES_OAEP_SHA_256": .rsaOAEPSHA256
        case "SM2_C1C3C2_ASN1", "SM2PKE_DER": .sm2ASN1
        case "SM2", "SM2_WITHOUT_04", "SM2PKE": .sm2Raw
        default: throw TranscriptFault("no algorithm \(name)")
        }
    }

    static func signature(_ name: String) throws(TranscriptFault) -> (SignatureScheme, SignatureEncoding) {
        switch name {
        case "SM2DSA": (.sm2DSA, .der)
        case "SM2DSA_RAW": (.sm2DSA, .raw)
        case "ECC_P256_R1", "ECDSA_SHA_256": (.ecdsaSHA256, .der)
        case "RSA_PSS_SHA_256": (.rsaPSSSHA256, .der)
        case "RSA_PKCS1_SHA_256": (.rsaPKCS1SHA256, .der)
        default: throw TranscriptFault("no algorithm \(name)")
        }
    }
}
