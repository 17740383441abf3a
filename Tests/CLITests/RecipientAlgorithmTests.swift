import ClavigerCrypto
import Testing

@testable import claviger

@Suite struct RecipientAlgorithmTests {
    @Test(arguments: [
        (AsymmetricAlgorithm.rsa2048, RecipientAlgorithm?.some(.rsaOAEPSHA256)), (.sm2, .sm2), (.p256, nil),
    ])
    func `A recipient's key has its usual algorithm`(algorithm: AsymmetricAlgorithm, usual: RecipientAlgorithm?) throws
    {
        let publicKey = try PublicKey(spki: try AsymmetricKeyPair.generate(algorithm).publicKey)
        #expect(RecipientAlgorithm(usualFor: publicKey) == usual)
        if let usual { #expect(publicKey.algorithm.encryptionSchemes.contains(usual.scheme)) }
    }
}
