import ClavigerCrypto
import Testing

@testable import claviger

@Suite struct AsymmetricEncryptTests {
    private static let pair = try? AsymmetricKeyPair.generate(.rsa2048)

    @Test(arguments: [(RSAEncryptionAlgorithm.oaepSHA256, 190), (.oaepSHA1, 214), (.pkcs1, 245)])
    func `A plaintext is encrypted up to the longest that fits`(algorithm: RSAEncryptionAlgorithm, longest: Int) throws
    {
        let pair = try #require(Self.pair)
        let publicKey = try PublicKey(spki: pair.publicKey)
        let plaintext = KeyMaterial(repeatElement(7, count: longest))
        let ciphertext = try AsymmetricEncrypt.encrypt(plaintext, under: publicKey, algorithm)
        #expect(try PrivateKey(pkcs8: pair.privateKey).decrypt(ciphertext, algorithm.scheme) == plaintext)
        let error = #expect(throws: CommandFailure.self) {
            try AsymmetricEncrypt.encrypt(
                KeyMaterial(repeatElement(7, count: longest + 1)), under: publicKey, algorithm)
        }
        #expect(error?.message.contains("up to \(longest)") == true)
    }
}
