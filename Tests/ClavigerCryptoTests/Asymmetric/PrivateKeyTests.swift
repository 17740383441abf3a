import COpenSSL
import Crypto
import Foundation
import Testing

@testable import ClavigerCrypto

@Suite struct PrivateKeyTests {
    private static let schemes = AsymmetricAlgorithm.allCases.flatMap { algorithm in
        algorithm.signatureSchemes.map { (algorithm, $0) }
    }
    private static let encryptions = AsymmetricAlgorithm.allCases.flatMap { algorithm in
        algorithm.encryptionSchemes.map { (algorithm, $0) }
    }

    @Test(arguments: AsymmetricAlgorithm.allCases)
    func `A fresh pair belongs together`(algorithm: AsymmetricAlgorithm) throws {
        try TestKeys.key(algorithm).checkPairwise()
    }

    @Test(arguments: schemes, SignatureEncoding.allCases)
    func `A signature holds for its digest alone`(
        of key: (algorithm: AsymmetricAlgorithm, scheme: SignatureScheme), encoding: SignatureEncoding
    ) throws {
        let privateKey = TestKeys.key(key.algorithm)
        let publicKey = try PublicKey(spki: privateKey.publicKey.spki)
        let digest = try publicKey.digest(of: Array("message".utf8), for: key.scheme)
        let signature = try privateKey.sign(digest: digest, key.scheme, encoding: encoding)
        #expect(publicKey.verify(signature, digest: digest, key.scheme, encoding: encoding))
        #expect(!publicKey.verify(signature, digest: digest.flipping(bit: 0), key.scheme, encoding: encoding))
        #expect(!publicKey.verify(signature + [0], digest: digest, key.scheme, encoding: encoding))
        #expect(!publicKey.verify(signature.dropLast(), digest: digest, key.scheme, encoding: encoding))
        #expect(!publicKey.verify([], digest: digest, key.scheme, encoding: encoding))
        for bit in [0, signature.count * 4, signature.count * 8 - 1] {
            let changed = signature.flipping(bit: bit)
            #expect(!publicKey.verify(changed, digest: digest, key.scheme, encoding: encoding), "bit \(bit)")
        }
        if key.algorithm.isRSA || encoding == .raw {
            #expect(signature.count == (key.algorithm.isRSA ? 1 : 2) * key.algorithm.size)
        }
    }

    @Test(arguments: AsymmetricAlgorithm.allCases, SignatureScheme.allCases)
    func `A scheme of another algorithm is refused`(algorithm: AsymmetricAlgorithm, scheme: SignatureScheme) throws {
        let key = TestKeys.key(algorithm)
        let digest = [UInt8](repeating: 1, count: scheme.digestSize)
        if algorithm.signatureSchemes.contains(scheme) {
            #expect(try key.publicKey.verify(key.sign(digest: digest, scheme), digest: digest, scheme))
        } else {
            #expect(throws: CryptoError.malformed) { try key.sign(digest: digest, scheme) }
            #expect(throws: CryptoError.malformed) { try key.publicKey.digest(of: [], for: scheme) }
            #expect(!key.publicKey.verify([UInt8](repeating: 1, count: 64), digest: digest, scheme, encoding: .raw))
        }
    }

    @Test(arguments: schemes)
    func `A digest of another size is refused`(algorithm: AsymmetricAlgorithm, scheme: SignatureScheme) throws {
        let key = TestKeys.key(algorithm)
        let digest = [UInt8](repeating: 1, count: scheme.digestSize)
        let signature = try key.sign(digest: digest, scheme)
        for wrong in [[], digest.dropLast(), digest + [1], [UInt8](repeating: 1, count: 20)] {
            #expect(throws: CryptoError.malformed) { try key.sign(digest: Array(wrong), scheme) }
            #expect(!key.publicKey.verify(signature, digest: Array(wrong), scheme))
        }
    }

    @Test(arguments: encryptions)
    func `A ciphertext is decrypted to its text`(
        algorithm: AsymmetricAlgorithm, scheme: AsymmetricEncryptionScheme
    ) throws {
        let key = TestKeys.key(algorithm)
        let publicKey = try PublicKey(spki: key.publicKey.spki)
        let longest = scheme.paddingSize.map { algorithm.size - $0 } ?? 2000
        for count in [1, 2, 32, longest] {
            let plaintext = KeyMaterial((0..<count).map { UInt8(truncatingIfNeeded: $0) })
            let ciphertext = try publicKey.encrypt(plaintext, scheme)
            #expect(try key.decrypt(ciphertext, scheme) == plaintext)
            #expect(try key.decryptFixedSize(ciphertext, scheme, count: count) == plaintext)
            for wrong in [0, count - 1, count + 1, 5000] {
                #expect(throws: CryptoError.notAuthentic, "\(wrong) bytes") {
                    try key.decryptFixedSize(ciphertext, scheme, count: wrong)
                }
            }
        }
        #expect(throws: CryptoError.malformed) { try publicKey.encrypt(KeyMaterial([]), scheme) }
        if algorithm.isRSA {
            let tooLong = KeyMaterial([UInt8](repeating: 1, count: longest + 1))
            #expect(throws: CryptoError.malformed) { try publicKey.encrypt(tooLong, scheme) }
        }
    }

    @Test(arguments: encryptions)
    func `A changed ciphertext does not give its text`(
        algorithm: AsymmetricAlgorithm, scheme: AsymmetricEncryptionScheme
    ) throws {
        let key = TestKeys.key(algorithm)
        let plaintext = KeyMaterial([UInt8](repeating: 0x42, count: 24))
        let ciphertext = try key.publicKey.encrypt(plaintext, scheme)
        for bit in [8 * 20, ciphertext.count * 8 - 1] {
            let changed = ciphertext.flipping(bit: bit)
            if scheme == .rsaPKCS1 {
                // Some other text, the same every time.
                let first = try key.decrypt(changed, scheme)
                #expect(first != plaintext)
                #expect(try key.decrypt(changed, scheme) == first)
            } else {
                #expect(throws: CryptoError.notAuthentic) { try key.decrypt(changed, scheme) }
            }
            #expect(throws: CryptoError.notAuthentic) { try key.decryptFixedSize(changed, scheme, count: 24) }
        }
    }

    @Test(arguments: [.rsaPKCS1, .rsaOAEPSHA1, .rsaOAEPSHA256] as [AsymmetricEncryptionScheme])
    func `An RSA ciphertext must be as long as the modulus and below it`(scheme: AsymmetricEncryptionScheme) throws {
        let key = TestKeys.key(.rsa2048)
        let ciphertext = try key.publicKey.encrypt(KeyMaterial([1]), scheme)
        let modulus = Array(key.publicKey.modulus)
        let wrong = [
            [], [0], Array(ciphertext.dropLast()), ciphertext + [0], [0] + ciphertext, modulus,
            [UInt8](repeating: 0xFF, count: 256),
        ]
        for ciphertext in wrong {
            #expect(throws: CryptoError.notAuthentic) { try key.decrypt(ciphertext, scheme) }
            #expect(throws: CryptoError.notAuthentic) { try key.decryptFixedSize(ciphertext, scheme, count: 1) }
        }
    }

    @Test(arguments: AsymmetricAlgorithm.allCases, AsymmetricEncryptionScheme.allCases)
    func `An encryption of another algorithm is refused`(
        algorithm: AsymmetricAlgorithm, scheme: AsymmetricEncryptionScheme
    ) {
        guard !algorithm.encryptionSchemes.contains(scheme) else { return }
        let key = TestKeys.key(algorithm)
        let text = [UInt8](repeating: 1, count: algorithm.size)
        #expect(throws: CryptoError.malformed) { try key.publicKey.encrypt(KeyMaterial([1]), scheme) }
        #expect(throws: CryptoError.malformed) { try key.decrypt(text, scheme) }
        #expect(throws: CryptoError.malformed) { try key.decryptFixedSize(text, scheme, count: 1) }
    }

    @Test func `SM2 never hands out the plaintext as ciphertext`() throws {
        let key = TestKeys.key(.sm2)
        let plaintext = KeyMaterial([0x5A])
        for _ in 0..<1000 {
            #expect(try key.publicKey.encrypt(plaintext, .sm2Raw).last != 0x5A)
        }
    }

    @Test(arguments: AsymmetricAlgorithm.allCases)
    func `One key serves several threads at once`(algorithm: AsymmetricAlgorithm) async throws {
        let key = TestKeys.key(algorithm)
        let failures = await withTaskGroup(of: Int.self) { group in
            for task in 0..<8 {
                group.addTask {
                    var failures = 0
                    for round in 0..<2 {
                        for scheme in algorithm.signatureSchemes {
                            let digest = [UInt8](repeating: UInt8(task * 16 + round), count: scheme.digestSize)
                            let signature = try? key.sign(digest: digest, scheme)
                            if !key.publicKey.verify(signature ?? [], digest: digest, scheme) { failures += 1 }
                        }
                        for scheme in algorithm.encryptionSchemes {
                            let text = KeyMaterial([UInt8(task), UInt8(round)])
                            let ciphertext = try? key.publicKey.encrypt(text, scheme)
                            let decrypted = try? key.decrypt(ciphertext ?? [], scheme)
                            if decrypted != text { failures += 1 }
                        }
                    }
                    return failures
                }
            }
            return await group.reduce(0, +)
        }
        #expect(failures == 0)
    }

    @Test(arguments: [.rsa2048, .p256, .p384, .secp256k1, .sm2] as [AsymmetricAlgorithm])
    func `A private key is parsed whole`(algorithm: AsymmetricAlgorithm) throws {
        let encoding = try AsymmetricKeyPair.generate(algorithm).privateKey.exposed
        #expect(try PrivateKey(pkcs8: KeyMaterial(encoding)).algorithm == algorithm)
        for wrong in [[], Array(encoding.dropLast()), encoding + [0], [0x31] + encoding.dropFirst()] {
            #expect(throws: CryptoError.malformed) { try PrivateKey(pkcs8: KeyMaterial(wrong)) }
        }
        // Any of the bytes up to the content: tags, lengths, versions, identifier.
        for position in 0..<20 {
            var changed = encoding
            changed[position] ^= 0x40
            #expect(throws: CryptoError.malformed, "byte \(position)") { try PrivateKey(pkcs8: KeyMaterial(changed)) }
        }
    }

    @Test func `Halves of different pairs are told apart by use`() throws {
        let one = try AsymmetricKeyPair.generate(.rsa2048).privateKey.exposed
        let other = try AsymmetricKeyPair.generate(.rsa2048).privateKey.exposed
        // Version, identifier and modulus stand in the same places; the rest comes from the other key.
        let mixed = try PrivateKey(pkcs8: KeyMaterial(other[..<30] + one[30..<290] + other[290...]))
        #expect(throws: CryptoError.failed) { try mixed.checkPairwise() }
    }

    @Test func `OpenSSL's memory and list of errors do not grow`() throws {
        let pair = try AsymmetricKeyPair.generate(.sm2)
        let before = CRYPTO_secure_used()
        for _ in 0..<500 {
            let key = try PrivateKey(pkcs8: pair.privateKey)
            #expect(throws: CryptoError.notAuthentic) { try key.decrypt([UInt8](repeating: 4, count: 100), .sm2Raw) }
            let signature = [UInt8](repeating: 0xFF, count: 64)
            #expect(!key.publicKey.verify(signature, digest: [UInt8](repeating: 1, count: 32), .sm2DSA, encoding: .raw))
            #expect(ERR_peek_error() == 0)
        }
        // Other tests use the memory at the same time; five hundred scalars that stay would show all the same.
        #expect(CRYPTO_secure_used() < before + 500 * 64)
    }

    @Test func `Another library verifies P-384 and reads its keys`() throws {
        let pair = try AsymmetricKeyPair.generate(.p384)
        let theirs = try P384.Signing.PrivateKey(derRepresentation: pair.privateKey.exposed)
        let key = try PrivateKey(pkcs8: KeyMaterial(theirs.derRepresentation))
        let message = Data("message".utf8)
        let digest = try key.publicKey.digest(of: Array(message), for: .ecdsaSHA384)
        let signature = try P384.Signing.ECDSASignature(
            derRepresentation: key.sign(digest: digest, .ecdsaSHA384))
        #expect(theirs.publicKey.isValidSignature(signature, for: message))
        let other = Array(try theirs.signature(for: message).derRepresentation)
        #expect(key.publicKey.verify(other, digest: digest, .ecdsaSHA384))
    }
}
