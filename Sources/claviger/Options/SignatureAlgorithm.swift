import ArgumentParser

/// How a message is signed, by its name in the API.
enum SignatureAlgorithm: String, CaseIterable, ExpressibleByArgument {
    /// The two numbers of an SM2 signature in DER.
    case sm2 = "SM2DSA"
    /// The same numbers as 32 bytes each.
    case sm2Raw = "SM2DSA_RAW"
    case ecdsaP256 = "ECC_P256_R1"
    case rsaPSS = "RSA_PSS_SHA_256"
    case rsaPKCS1 = "RSA_PKCS1_SHA_256"
}
