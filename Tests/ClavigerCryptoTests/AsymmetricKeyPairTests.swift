import COpenSSL
import Crypto
import CryptoExtras
import Foundation
import Testing

@testable import ClavigerCrypto

@Suite struct AsymmetricKeyPairTests {
    private static let algorithms: [AsymmetricKeyPair.Algorithm] = [.rsa2048, .p256, .sm2]

    /// The beginning of each `SubjectPublicKeyInfo`: sizes, algorithm and parameters, up to the key's own bytes.
    @Test(
        arguments: [
            // rsaEncryption 1.2.840.113549.1.1.1 with NULL (RFC 8017 appendix C), a modulus of 256 bytes.
            (.rsa2048, "30820122300d06092a864886f70d01010105000382010f003082010a0282010100", 294),
            // id-ecPublicKey 1.2.840.10045.2.1 with secp256r1 1.2.840.10045.3.1.7 (RFC 5480), an uncompressed point.
            (.p256, "3059301306072a8648ce3d020106082a8648ce3d03010703420004", 91),
            // id-ecPublicKey with 1.2.156.10197.1.301 (GM/T 0006), an uncompressed point.
            (.sm2, "3059301306072a8648ce3d020106082a811ccf5501822d03420004", 91),
        ] as [(AsymmetricKeyPair.Algorithm, String, Int)])
    func `The public key has the form of its algorithm`(
        algorithm: AsymmetricKeyPair.Algorithm, beginning: String, size: Int
    ) throws {
        let pair = try AsymmetricKeyPair.generate(algorithm)
        #expect(Hex.string(pair.publicKey).hasPrefix(beginning))
        #expect(pair.publicKey.count == size)
        // The exponent 65537 ends an RSA key; the modulus has its highest bit set.
        if algorithm == .rsa2048 {
            #expect(Hex.string(pair.publicKey).hasSuffix("0203010001"))
            #expect(pair.publicKey[beginning.utf8.count / 2] >= 0x80)
        }
    }

    /// `PrivateKeyInfo` (RFC 5958): version 0 and the algorithm, after the size of the whole.
    @Test(
        arguments: [
            (.rsa2048, "020100300d06092a864886f70d0101010500"),
            (.p256, "020100301306072a8648ce3d020106082a8648ce3d030107"),
            (.sm2, "020100301306072a8648ce3d020106082a811ccf5501822d"),
        ] as [(AsymmetricKeyPair.Algorithm, String)])
    func `The private key is PKCS8`(algorithm: AsymmetricKeyPair.Algorithm, content: String) throws {
        let key = Hex.string(try AsymmetricKeyPair.generate(algorithm).privateKey.exposed)
        let sizeBytes = algorithm == .rsa2048 ? "3082".utf8.count + 4 : "3081".utf8.count + 2
        #expect(key.dropFirst(sizeBytes).hasPrefix(content))
    }

    @Test(arguments: algorithms)
    func `OpenSSL finds the pair consistent`(algorithm: AsymmetricKeyPair.Algorithm) throws {
        let pair = try AsymmetricKeyPair.generate(algorithm)
        let parsed = pair.privateKey.withUnsafeBytes { bytes in
            var position = bytes.baseAddress?.assumingMemoryBound(to: UInt8.self)
            return d2i_AutoPrivateKey(nil, &position, bytes.count)
        }
        let key = try #require(parsed)
        defer { EVP_PKEY_free(key) }
        let context = EVP_PKEY_CTX_new_from_pkey(nil, key, nil)
        defer { EVP_PKEY_CTX_free(context) }
        #expect(EVP_PKEY_pairwise_check(context) == 1)
        #expect(EVP_PKEY_get_bits(key) == (algorithm == .rsa2048 ? 2048 : 256))

        var publicKey: UnsafeMutablePointer<UInt8>?
        let size = i2d_PUBKEY(key, &publicKey)
        defer { CRYPTO_free(publicKey, #file, #line) }
        #expect(Array(UnsafeBufferPointer(start: publicKey, count: Int(size))) == pair.publicKey)
    }

    @Test func `Another library reads a P-256 pair and signs with it`() throws {
        let pair = try AsymmetricKeyPair.generate(.p256)
        let key = try P256.Signing.PrivateKey(derRepresentation: pair.privateKey.exposed)
        #expect(Array(key.publicKey.derRepresentation) == pair.publicKey)
        let signature = try key.signature(for: Data("message".utf8))
        let publicKey = try P256.Signing.PublicKey(derRepresentation: pair.publicKey)
        #expect(publicKey.isValidSignature(signature, for: Data("message".utf8)))
    }

    @Test func `Another library reads an RSA pair and signs with it`() throws {
        let pair = try AsymmetricKeyPair.generate(.rsa2048)
        let key = try _RSA.Signing.PrivateKey(derRepresentation: pair.privateKey.exposed)
        #expect(key.keySizeInBits == 2048)
        let signature = try key.signature(for: Data("message".utf8), padding: .PSS)
        let publicKey = try _RSA.Signing.PublicKey(derRepresentation: pair.publicKey)
        #expect(publicKey.isValidSignature(signature, for: Data("message".utf8), padding: .PSS))
    }

    @Test(arguments: algorithms)
    func `Every pair is another`(algorithm: AsymmetricKeyPair.Algorithm) throws {
        let pairs = try (0..<3).map { _ in try AsymmetricKeyPair.generate(algorithm) }
        #expect(Set(pairs.map(\.publicKey)).count == 3)
        #expect(Set(pairs.map(\.privateKey.exposed)).count == 3)
    }
}
