import ArgumentParser
import Testing

@testable import claviger

@Suite struct AsymmetricOptionsTests {
    private static func options(_ arguments: String...) throws -> AsymmetricOptions {
        try AsymmetricOptions.parse(["--key", "inbox"] + arguments)
    }

    @Test func `An RSA key takes the algorithm that is given, or the usual one`() throws {
        let usage = "ASYMMETRIC_DECRYPT_RSA_2048"
        #expect(try Self.options().cipher(ofUsage: usage) == .rsa(.oaepSHA256))
        #expect(try Self.options("--algorithm", "RSAES_PKCS1_V1_5").cipher(ofUsage: usage) == .rsa(.pkcs1))
    }

    @Test func `An SM2 key has one way, which is not chosen`() throws {
        let usage = "ASYMMETRIC_DECRYPT_SM2"
        #expect(try Self.options().cipher(ofUsage: usage) == .sm2)
        let options = try Self.options("--algorithm", "RSAES_OAEP_SHA_256")
        #expect(throws: CommandFailure.self) { try options.cipher(ofUsage: usage) }
    }

    @Test(arguments: [
        "ENCRYPT_DECRYPT", "ASYMMETRIC_SIGN_VERIFY_SM2", "ASYMMETRIC_SIGN_VERIFY_RSA_2048",
        "ASYMMETRIC_SIGN_VERIFY_ECC", "signVerify", "",
    ])
    func `Other keys are refused with a hint`(usage: String) throws {
        let options = try Self.options()
        let error = #expect(throws: CommandFailure.self) { try options.cipher(ofUsage: usage) }
        #expect(error?.hint != nil)
    }
}
