import Foundation
import Testing

@testable import ClavigerCrypto

/// `Tests/Vectors/sm2.json`, made by `make_sm2_vectors.py`; the examples of GB/T 32918.5-2017 are among them.
@Suite struct SM2VectorTests {
    private static let vectors = SM2Vectors.read()

    @Test(arguments: vectors.signatures)
    func `Exactly the valid signatures are accepted`(vector: SM2Vectors.Signature) throws {
        let key = try PublicKey(spki: [UInt8](hex: vector.spki))
        let encoding: SignatureEncoding = vector.encoding == "der" ? .der : .raw
        let user = [UInt8](hex: vector.user)
        let digest = try key.digest(of: [UInt8](hex: vector.message), for: .sm2DSA, userID: user)
        #expect(key.verify([UInt8](hex: vector.signature), digest: digest, .sm2DSA, encoding: encoding) == vector.valid)
        // Another digest is never that of the signature.
        let other = digest.flipping(bit: 255)
        #expect(!key.verify([UInt8](hex: vector.signature), digest: other, .sm2DSA, encoding: encoding))
    }

    @Test(arguments: vectors.publicKeys)
    func `Exactly the canonical public keys are accepted`(vector: SM2Vectors.PublicKeyInfo) throws {
        let spki = [UInt8](hex: vector.spki)
        if vector.valid {
            let key = try PublicKey(spki: spki)
            #expect(key.spki == spki)
            #expect(key.algorithm == .sm2)
        } else {
            #expect(throws: CryptoError.malformed) { try PublicKey(spki: spki) }
        }
    }

    @Test(arguments: vectors.ciphertexts, [.sm2ASN1, .sm2Raw] as [AsymmetricEncryptionScheme])
    func `Exactly the right ciphertexts are decrypted, in any form`(
        vector: SM2Vectors.Ciphertext, scheme: AsymmetricEncryptionScheme
    ) throws {
        let key = try PrivateKey(pkcs8: KeyMaterial([UInt8](hex: Self.vectors.privateKey)))
        let ciphertext = [UInt8](hex: vector.ciphertext)
        if let plaintext = vector.plaintext.map({ [UInt8](hex: $0) }) {
            #expect(try key.decrypt(ciphertext, scheme).exposed == plaintext)
            #expect(try key.decryptFixedSize(ciphertext, scheme, count: plaintext.count).exposed == plaintext)
            #expect(throws: CryptoError.notAuthentic) {
                try key.decryptFixedSize(ciphertext, scheme, count: plaintext.count + 1)
            }
        } else {
            #expect(throws: CryptoError.notAuthentic) { try key.decrypt(ciphertext, scheme) }
        }
    }

    @Test(arguments: vectors.privateKeys)
    func `Exactly the private keys in range are accepted`(vector: SM2Vectors.PrivateKeyInfo) throws {
        let pkcs8 = KeyMaterial([UInt8](hex: vector.pkcs8))
        if let spki = vector.spki {
            let key = try PrivateKey(pkcs8: pkcs8)
            #expect(key.publicKey.spki == [UInt8](hex: spki))
            try key.checkPairwise()
        } else {
            #expect(throws: CryptoError.malformed) { try PrivateKey(pkcs8: pkcs8) }
        }
    }

    /// GB/T 32918.5-2017, annex A.2: the digest that is signed, and with it the Z of user and key.
    @Test func `The digest is the standard's`() throws {
        let example = try #require(Self.vectors.signatures.first)
        let key = try PublicKey(spki: [UInt8](hex: example.spki))
        let digest = try key.digest(of: Array("message digest".utf8), for: .sm2DSA)
        #expect(Hex.string(digest) == "f0b43e94ba45accaace692ed534382eb17e6ab5a19ce7b31f4486fdfc0d28640")
    }
}

/// The file's content.
struct SM2Vectors: Decodable {
    struct Signature: Decodable, Sendable, CustomTestStringConvertible {
        let name, spki, user, message, encoding, signature: String
        let valid: Bool
        var testDescription: String { "\(name) (\(encoding))" }
    }

    struct PublicKeyInfo: Decodable, Sendable, CustomTestStringConvertible {
        let name, spki: String
        let valid: Bool
        var testDescription: String { name }
    }

    struct Ciphertext: Decodable, Sendable, CustomTestStringConvertible {
        let name, ciphertext: String
        let plaintext: String?
        var testDescription: String { name }
    }

    struct PrivateKeyInfo: Decodable, Sendable, CustomTestStringConvertible {
        let name, pkcs8: String
        let spki: String?
        var testDescription: String { name }
    }

    let privateKey: String
    let signatures: [Signature]
    let publicKeys: [PublicKeyInfo]
    let ciphertexts: [Ciphertext]
    let privateKeys: [PrivateKeyInfo]

    static func read() -> SM2Vectors {
        let url = VectorFiles.own.appending(path: "sm2.json")
        do {
            return try JSONDecoder().decode(SM2Vectors.self, from: Data(contentsOf: url))
        } catch {
            preconditionFailure("the project's own vectors cannot be read: \(error)")
        }
    }
}
