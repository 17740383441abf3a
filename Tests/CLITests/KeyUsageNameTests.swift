import Testing

@testable import claviger

@Suite struct KeyUsageNameTests {
    @Test(arguments: [
        ("ENCRYPT_DECRYPT", nil), ("ASYMMETRIC_DECRYPT_RSA_2048", nil), ("ASYMMETRIC_DECRYPT_SM2", nil),
        ("ASYMMETRIC_SIGN_VERIFY_SM2", "SM2DSA"), ("ASYMMETRIC_SIGN_VERIFY_RSA_2048", "RSA_PSS_SHA_256"),
        ("ASYMMETRIC_SIGN_VERIFY_ECC", "ECC_P256_R1"),
    ])
    func `A usage for signing has its usual algorithm`(usage: String, algorithm: String?) throws {
        #expect(try #require(KeyUsageName(rawValue: usage)).signatureAlgorithm?.rawValue == algorithm)
    }
}
