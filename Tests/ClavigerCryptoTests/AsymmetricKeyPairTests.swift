import COpenSSL
import Crypto
import CryptoExtras
import Foundation
import Testing

@testable import ClavigerCrypto

@Suite struct AsymmetricKeyPairTests {
    /// Those whose pairs are made quickly enough to make several.
    private static let quickAlgorithms: [AsymmetricAlgorithm] = [.rsa2048, .p256, .p384, .secp256k1, .sm2]

    /// The beginning of each `SubjectPublicKeyInfo`: sizes, algorithm and parameters, up to the key's own bytes.
    @Test(
        arguments: [
            // rsaEncryption 1.2.840.113549.1.1.1 with NULL (RFC 8017 appendix C), a modulus of 256 bytes.
            (.rsa2048, "30820122300d06092a864886f70d01010105000382010f003082010a0282010100", 294),
            (.rsa3072, "308201a2300d06092a864886f70d01010105000382018f003082018a0282018100", 422),
            (.rsa4096, "30820222300d06092a864886f70d01010105000382020f003082020a0282020100", 550),
            // id-ecPublicKey 1.2.840.10045.2.1 with secp256r1 1.2.840.10045.3.1.7 (RFC 5480), an uncompressed point.
            (.p256, "3059301306072a8648ce3d020106082a8648ce3d03010703420004", 91),
            // id-ecPublicKey with secp384r1 1.3.132.0.34 and secp256k1 1.3.132.0.10 (RFC 5480, SEC 2).
            (.p384, "3076301006072a8648ce3d020106052b8104002203620004", 120),
            (.secp256k1, "3056301006072a8648ce3d020106052b8104000a03420004", 88),
            // id-ecPublicKey with 1.2.156.10197.1.301 (GM/T 0006), an uncompressed point.
            (.sm2, "3059301306072a8648ce3d020106082a811ccf5501822d03420004", 91),
        ] as [(AsymmetricAlgorithm, String, Int)])
    func `The public key has the form of its algorithm`(
        algorithm: AsymmetricAlgorithm, beginning: String, size: Int
    ) {
        let pair = TestKeys.pair(algorithm)
        #expect(Hex.string(pair.publicKey).hasPrefix(beginning))
        #expect(pair.publicKey.count == size)
        // The exponent 65537 ends an RSA key; the modulus has its highest bit set.
        if algorithm.isRSA {
            #expect(Hex.string(pair.publicKey).hasSuffix("0203010001"))
            #expect(pair.publicKey[beginning.utf8.count / 2] >= 0x80)
        }
    }

    /// `PrivateKeyInfo` (RFC 5958): version 0 and the algorithm, after the size of the whole.
    @Test(
        arguments: [
            (.rsa2048, "020100300d06092a864886f70d0101010500"),
            (.p256, "020100301306072a8648ce3d020106082a8648ce3d030107"),
            (.p384, "020100301006072a8648ce3d020106052b81040022"),
            (.secp256k1, "020100301006072a8648ce3d020106052b8104000a"),
            (.sm2, "020100301306072a8648ce3d020106082a811ccf5501822d"),
        ] as [(AsymmetricAlgorithm, String)])
    func `The private key is PKCS8`(algorithm: AsymmetricAlgorithm, content: String) {
        let key = Hex.string(TestKeys.pair(algorithm).privateKey.exposed)
        let sizeBytes = algorithm == .rsa2048 ? "3082".utf8.count + 4 : "3081".utf8.count + 2
        #expect(key.dropFirst(sizeBytes).hasPrefix(content))
    }

    @Test(arguments: AsymmetricAlgorithm.allCases)
    func `OpenSSL finds the pair consistent`(algorithm: AsymmetricAlgorithm) throws {
        let pair = TestKeys.pair(algorithm)
        let parsed = pair.privateKey.withUnsafeBytes { bytes in
            var position = bytes.baseAddress?.assumingMemoryBound(to: UInt8.self)
            return d2i_AutoPrivateKey(nil, &position, bytes.count)
        }
        let key = try #require(parsed)
        defer { EVP_PKEY_free(key) }
        let context = EVP_PKEY_CTX_new_from_pkey(nil, key, nil)
        defer { EVP_PKEY_CTX_free(context) }
        #expect(EVP_PKEY_pairwise_check(context) == 1)
        #expect(EVP_PKEY_get_bits(key) == Int32(algorithm.size * 8))

        var publicKey: UnsafeMutablePointer<UInt8>?
        let size = i2d_PUBKEY(key, &publicKey)
        defer { CRYPTO_free(publicKey, #file, #line) }
        #expect(Array(UnsafeBufferPointer(start: publicKey, count: Int(size))) == pair.publicKey)

        // OpenSSL would write the private key in the same way.
        let info = EVP_PKEY2PKCS8(key)
        defer { PKCS8_PRIV_KEY_INFO_free(info) }
        var encoded: UnsafeMutablePointer<UInt8>?
        let encodedSize = i2d_PKCS8_PRIV_KEY_INFO(info, &encoded)
        defer { CRYPTO_free(encoded, #file, #line) }
        #expect(Array(UnsafeBufferPointer(start: encoded, count: Int(encodedSize))) == pair.privateKey.exposed)
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

    @Test(arguments: quickAlgorithms)
    func `Every pair is another`(algorithm: AsymmetricAlgorithm) throws {
        let pairs = try (0..<3).map { _ in try AsymmetricKeyPair.generate(algorithm) }
        #expect(Set(pairs.map(\.publicKey)).count == 3)
        #expect(Set(pairs.map(\.privateKey.exposed)).count == 3)
    }

    /// What others paste into a certificate request or a form, with the scalar alone inside.
    @Test func `An SM2 private key has a short form that loads`() throws {
        let pair = try AsymmetricKeyPair.generate(.sm2)
        let compact = try AsymmetricKeyPair.compactSM2PrivateKey(pair.privateKey)
        #expect(compact.count == 67)
        let beginning = "3041020100301306072a8648ce3d020106082a811ccf5501822d042730250201010420"
        #expect(Hex.string(compact.exposed).hasPrefix(beginning))
        #expect(try PrivateKey(pkcs8: compact).publicKey.spki == pair.publicKey)
        #expect(try AsymmetricKeyPair.compactSM2PrivateKey(compact) == compact)

        let text = String(
            decoding: try AsymmetricKeyPair.compactSM2PrivateKeyPEM(pair.privateKey).exposed, as: UTF8.self)
        #expect(text.utf8.count == 148)
        #expect(text.hasPrefix("-----BEGIN PRIVATE KEY-----\n"))
        #expect(text.hasSuffix("\n-----END PRIVATE KEY-----\n"))
        #expect(try PEM.decode(text.utf8, label: "PRIVATE KEY") == compact.exposed)
    }

    @Test func `Only an SM2 private key has the short form`() throws {
        let pair = try AsymmetricKeyPair.generate(.p256)
        #expect(throws: CryptoError.malformed) { try AsymmetricKeyPair.compactSM2PrivateKey(pair.privateKey) }
        #expect(throws: CryptoError.malformed) {
            try AsymmetricKeyPair.compactSM2PrivateKey(KeyMaterial(pair.publicKey))
        }
    }
}
