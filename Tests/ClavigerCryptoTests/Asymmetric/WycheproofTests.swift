import Foundation
import Testing

@testable import ClavigerCrypto

/// Wycheproof's vectors for asymmetric keys.
@Suite(.enabled(if: VectorFiles.wycheproof != nil, "CLAVIGER_VECTORS_WYCHEPROOF names no folder"))
struct WycheproofTests {
    private static func file(_ path: String) throws -> WycheproofFile {
        try WycheproofFile(try #require(VectorFiles.wycheproof).appending(path: path))
    }

    @Test(
        arguments: [
            ("rsa_signature_2048_sha256", .rsaPKCS1SHA256, .der, 259),
            ("rsa_signature_3072_sha256", .rsaPKCS1SHA256, .der, 259),
            ("rsa_signature_4096_sha256", .rsaPKCS1SHA256, .der, 258),
            ("rsa_pss_2048_sha256_mgf1_32", .rsaPSSSHA256, .der, 108),
            ("rsa_pss_3072_sha256_mgf1_32", .rsaPSSSHA256, .der, 108),
            ("rsa_pss_4096_sha256_mgf1_32", .rsaPSSSHA256, .der, 108),
            ("ecdsa_secp256r1_sha256", .ecdsaSHA256, .der, 484),
            ("ecdsa_secp256r1_sha256_p1363", .ecdsaSHA256, .raw, 262),
            ("ecdsa_secp384r1_sha384", .ecdsaSHA384, .der, 504),
            ("ecdsa_secp384r1_sha384_p1363", .ecdsaSHA384, .raw, 280),
        ] as [(String, SignatureScheme, SignatureEncoding, Int)])
    func `Exactly the valid signatures are accepted`(
        name: String, scheme: SignatureScheme, encoding: SignatureEncoding, count: Int
    ) throws {
        let file = try Self.file("Signature/wycheproof/\(name)_test.json")
        #expect(file.testGroups.map(\.tests.count).reduce(0, +) == count)
        try file.expectSignatures(scheme, encoding)
    }

    @Test(.enabled(if: VectorFiles.shared != nil, "CLAVIGER_VECTORS_SHARED names no folder"))
    func `Exactly the valid signatures of secp256k1 are accepted`() throws {
        let folder = try #require(VectorFiles.shared)
        let file = try WycheproofFile(folder.appending(path: "wycheproof/ecdsa_secp256k1_sha256_test.json"))
        #expect(file.testGroups.map(\.tests.count).reduce(0, +) == 476)
        try file.expectSignatures(.ecdsaSHA256, .der)
    }

    @Test(arguments: [2048, 3072, 4096])
    func `PKCS1 signatures are the expected ones`(size: Int) throws {
        let file = try Self.file("Signature/wycheproof/rsa_pkcs1_\(size)_sig_gen_test.json")
        var signed = 0
        for group in file.testGroups where group.sha == "SHA-256" {
            let key = try PrivateKey(pkcs8: KeyMaterial([UInt8](hex: try #require(group.privateKeyPkcs8))))
            #expect(key.publicKey.spki == [UInt8](hex: try #require(group.keyDer)))
            for vector in group.tests {
                let message = [UInt8](hex: vector.msg)
                let digest = try key.publicKey.digest(of: message, for: .rsaPKCS1SHA256)
                let signature = try key.sign(digest: digest, .rsaPKCS1SHA256)
                #expect(signature == [UInt8](hex: try #require(vector.sig)), "tcId \(vector.tcId)")
                signed += 1
            }
        }
        #expect(signed > 0)
    }

    @Test(
        arguments: [
            ("rsa_oaep_2048_sha1_mgf1sha1", .rsaOAEPSHA1),
            ("rsa_oaep_2048_sha256_mgf1sha256", .rsaOAEPSHA256),
            ("rsa_oaep_3072_sha256_mgf1sha256", .rsaOAEPSHA256),
            ("rsa_oaep_4096_sha256_mgf1sha256", .rsaOAEPSHA256),
        ] as [(String, AsymmetricEncryptionScheme)])
    func `Exactly the valid OAEP ciphertexts are decrypted`(name: String, scheme: AsymmetricEncryptionScheme) throws {
        let file = try Self.file("Cipher/wycheproof/\(name)_test.json")
        var refused = 0
        for group in file.testGroups {
            let key = try PrivateKey(pkcs8: KeyMaterial([UInt8](hex: try #require(group.privateKeyPkcs8))))
            // Here the label is always empty.
            for vector in group.tests where vector.label == "" {
                let ciphertext = [UInt8](hex: try #require(vector.ct))
                let message = [UInt8](hex: vector.msg)
                if vector.result == .valid {
                    #expect(try key.decrypt(ciphertext, scheme).exposed == message, "tcId \(vector.tcId)")
                } else {
                    refused += 1
                    #expect(throws: CryptoError.notAuthentic, "tcId \(vector.tcId)") {
                        try key.decrypt(ciphertext, scheme)
                    }
                }
            }
        }
        #expect(refused > 10)
    }

    @Test(arguments: [2048, 3072, 4096])
    func `PKCS1 ciphertexts with wrong padding do not give their message`(size: Int) throws {
        let file = try Self.file("Cipher/wycheproof/rsa_pkcs1_\(size)_test.json")
        var counts = (valid: 0, invalid: 0)
        for group in file.testGroups {
            let key = try PrivateKey(pkcs8: KeyMaterial([UInt8](hex: try #require(group.privateKeyPkcs8))))
            for vector in group.tests {
                let ciphertext = [UInt8](hex: try #require(vector.ct))
                let message = [UInt8](hex: vector.msg)
                if vector.result == .valid {
                    counts.valid += 1
                    #expect(try key.decrypt(ciphertext, .rsaPKCS1).exposed == message, "tcId \(vector.tcId)")
                    guard !message.isEmpty else { continue }
                    let sized = try key.decryptFixedSize(ciphertext, .rsaPKCS1, count: message.count)
                    #expect(sized.exposed == message, "tcId \(vector.tcId)")
                } else {
                    counts.invalid += 1
                    let decrypted = try? key.decrypt(ciphertext, .rsaPKCS1)
                    let isInRange =
                        ciphertext.count == size / 8 && ciphertext.lexicographicallyPrecedes(key.publicKey.modulus)
                    #expect((decrypted != nil) == isInRange, "tcId \(vector.tcId)")
                    #expect(decrypted?.exposed != message, "tcId \(vector.tcId)")
                    #expect(throws: CryptoError.notAuthentic, "tcId \(vector.tcId)") {
                        try key.decryptFixedSize(ciphertext, .rsaPKCS1, count: max(1, message.count))
                    }
                }
            }
        }
        #expect(counts.valid > 10 && counts.invalid > 10)
    }
}

extension WycheproofFile {
    fileprivate func expectSignatures(_ scheme: SignatureScheme, _ encoding: SignatureEncoding) throws {
        for group in testGroups {
            let key = try PublicKey(spki: [UInt8](hex: try #require(group.publicKeyDer)))
            #expect(try PublicKey(pem: try #require(group.publicKeyPem).utf8).spki == key.spki)
            for vector in group.tests {
                let digest = try key.digest(of: [UInt8](hex: vector.msg), for: scheme)
                let signature = [UInt8](hex: try #require(vector.sig))
                let accepted = key.verify(signature, digest: digest, scheme, encoding: encoding)
                // What they call acceptable is not strict.
                #expect(accepted == (vector.result == .valid), "tcId \(vector.tcId): \(vector.comment)")
            }
        }
    }
}
