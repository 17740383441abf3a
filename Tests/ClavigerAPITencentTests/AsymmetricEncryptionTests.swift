import ClavigerCrypto
import ClavigerTesting
import CryptoExtras
import Foundation
import Testing

@testable import ClavigerAPITencent

/// Decryption with private keys of what clients encrypt, and key pairs made for clients.
@Suite struct AsymmetricEncryptionTests {
    private static let decryptRSA = "ASYMMETRIC_DECRYPT_RSA_2048"
    private static let decryptSM2 = "ASYMMETRIC_DECRYPT_SM2"
    private static let failed = "FailedOperation.DecryptError"

    private let fixture: TencentFixture

    init() async throws { fixture = try await TencentFixture() }

    private func publicKey(of key: String) async throws -> PublicKey {
        let response = try await fixture.call("GetPublicKey", ["KeyId": key])
        return try PublicKey(base64: try #require(response["PublicKey"]?.text))
    }

    private func pem(of key: String) async throws -> String {
        try #require(try await fixture.call("GetPublicKey", ["KeyId": key])["PublicKeyPem"]?.text)
    }

    // MARK: RSA

    @Test(arguments: ["RSAES_PKCS1_V1_5", "RSAES_OAEP_SHA_1", "RSAES_OAEP_SHA_256"])
    func `What another implementation encrypts under the PEM is decrypted`(algorithm: String) async throws {
        let key = try await fixture.createKey(usage: Self.decryptRSA)
        let publicKey = try _RSA.Encryption.PublicKey(pemRepresentation: try await pem(of: key))
        let plaintext = SampleBytes.make(100)
        let ciphertext = try publicKey.encrypt(plaintext, padding: Self.padding(algorithm))
        let response = try await fixture.call(
            "AsymmetricRsaDecrypt",
            ["KeyId": key, "Ciphertext": Base64.string(Array(ciphertext)), "Algorithm": algorithm])
        #expect(response["Plaintext"]?.bytes == plaintext)
    }

    private static func padding(_ algorithm: String) -> _RSA.Encryption.Padding {
        switch algorithm {
        case "RSAES_PKCS1_V1_5": ._WEAK_AND_INSECURE_PKCS_V1_5
        case "RSAES_OAEP_SHA_1": .PKCS1_OAEP
        default: .PKCS1_OAEP_SHA256
        }
    }

    @Test func `Garbage under PKCS#1 v1.5 does not tell by its outcome what is wrong with it`() async throws {
        let key = try await fixture.createKey(usage: Self.decryptRSA)
        var plaintexts: Set<[UInt8]> = []
        for start in 0..<20 {
            let request = [
                "KeyId": key, "Ciphertext": SampleBytes.base64(256, start: start), "Algorithm": "RSAES_PKCS1_V1_5",
            ]
            let response = try await fixture.call("AsymmetricRsaDecrypt", request)
            plaintexts.insert(try #require(response["Plaintext"]?.bytes))
            // The made-up text belongs to the ciphertext; another each time would tell.
            #expect(try await fixture.call("AsymmetricRsaDecrypt", request) == response)
        }
        // The made-up texts have made-up lengths: now and then two are empty, or the same byte.
        #expect(plaintexts.count > 15)
    }

    // MARK: SM2

    @Test(arguments: ["SM2_C1C3C2_ASN1", "SM2", "SM2_WITHOUT_04"])
    func `Any bit that is changed in an SM2 ciphertext is noticed`(form: String) async throws {
        let key = try await fixture.createKey(usage: Self.decryptSM2)
        let plaintext = SampleBytes.make(9)
        let ciphertext = try Base64.decode(
            Array(try await publicKey(of: key).encrypted(plaintext, by: form).utf8))
        func outcome(_ ciphertext: [UInt8]) async throws -> String {
            try await fixture.outcome(
                "AsymmetricSm2Decrypt", ["KeyId": key, "Ciphertext": Base64.string(ciphertext)])
        }
        #expect(try await outcome(ciphertext) == "ok")
        for index in ciphertext.indices {
            var changed = ciphertext
            changed[index] ^= 1 << (index % 8)
            #expect(try await outcome(changed) == Self.failed, "byte \(index)")
        }
        for wrong in [ciphertext + [0], ciphertext.dropLast(), Array(ciphertext.dropFirst(2))] {
            #expect(try await outcome(wrong) == Self.failed)
        }
    }

    @Test(arguments: [1, 16, 255, 1024])
    func `What AsymmetricSm2Encrypt makes is in ASN.1 and decrypts`(count: Int) async throws {
        let key = try await fixture.createKey(usage: Self.decryptSM2)
        let plaintext = SampleBytes.make(count)
        let request = ["KeyId": key, "Plaintext": Base64.string(plaintext)]
        let first = try #require(try await fixture.call("AsymmetricSm2Encrypt", request)["Ciphertext"]?.bytes)
        let second = try #require(try await fixture.call("AsymmetricSm2Encrypt", request)["Ciphertext"]?.bytes)
        #expect(first[0] == 0x30)
        #expect(first != second)
        for ciphertext in [first, second] {
            let response = try await fixture.call(
                "AsymmetricSm2Decrypt", ["KeyId": key, "Ciphertext": Base64.string(ciphertext)])
            #expect(response["Plaintext"]?.bytes == plaintext)
            #expect(response["KeyId"]?.text == key)
        }
    }

    // MARK: key pairs

    /// The private key's parts in the answer, decrypted with the customer master key as well.
    private func pair(
        _ parameters: [String: any ParameterText], _ action: String = "GenerateAsymmetricKeyValuePair"
    ) async throws -> (plaintext: String, decrypted: String, publicPEM: String) {
        let response = try await fixture.call(action, parameters.merging(["KeySpec": "SM2"]) { first, _ in first })
        let blob = try #require(response["PrivateKeyCiphertextBlob"]?.text)
        let decrypted = try #require(
            try await fixture.call("Decrypt", ["CiphertextBlob": blob])["Plaintext"]?.bytes)
        return (
            try #require(response["PrivateKeyPlaintext"]?.text), String(decoding: decrypted, as: UTF8.self),
            try #require(response["PublicKeyPlaintext"]?.text)
        )
    }

    private func expectPair(_ privatePEM: String, _ publicPEM: String) throws {
        let content = try #require(PEMText(privatePEM))
        #expect(content.label == "PRIVATE KEY")
        let privateKey = try PrivateKey(pkcs8: KeyMaterial(content.content))
        let publicContent = try #require(PEMText(publicPEM))
        #expect(publicContent.label == "PUBLIC KEY")
        let publicKey = try PublicKey(spki: publicContent.content)
        #expect(publicKey.algorithm == .sm2)
        #expect(privateKey.publicKey.spki == publicKey.spki)
        let text = KeyMaterial(SampleBytes.make(40))
        #expect(try privateKey.decrypt(try publicKey.encrypt(text, .sm2Raw), .sm2Raw) == text)
        let digest = SampleBytes.make(32)
        #expect(publicKey.verify(try privateKey.sign(digest: digest, .sm2DSA, encoding: .der), digest: digest, .sm2DSA))
    }

    @Test(arguments: ["GenerateAsymmetricKeyValuePair", "GenerateAsymmetricKeyPair"])
    func `A key pair comes in the clear, and under the master key`(action: String) async throws {
        let key = try await fixture.createKey()
        let first = try await pair(["KeyId": key], action)
        try expectPair(first.plaintext, first.publicPEM)
        #expect(first.decrypted == first.plaintext)
        // Short enough for one block of RSA 2048 by OAEP with SHA-256.
        #expect(first.plaintext.utf8.count <= 190)
        #expect(try await pair(["KeyId": key], action).plaintext != first.plaintext)
    }

    @Test func `The private key is laid out without what is optional`() async throws {
        let key = try await fixture.createKey()
        let made = try await pair(["KeyId": key])
        let content = try #require(PEMText(made.plaintext)).content
        // RFC 5208 around RFC 5915: version 0; the algorithm (id-ecPublicKey, SM2's curve); ECPrivateKey of version 1 and a scalar, no more.
        let head = try SM2Digest.decoded("3041020100301306072a8648ce3d020106082a811ccf5501822d0427302502010104" + "20")
        #expect(content.count == head.count + 32)
        #expect(content.starts(with: head))
    }

    @Test(arguments: ["RSAES_PKCS1_V1_5", "RSAES_OAEP_SHA_1", "RSAES_OAEP_SHA_256"])
    func `A private key encrypted for RSA is decrypted by another implementation`(algorithm: String) async throws {
        let recipient = try _RSA.Encryption.PrivateKey(keySize: .bits2048)
        let key = try await fixture.createKey()
        let made = try await pair([
            "KeyId": key, "EncryptionPublicKey": recipient.publicKey.pemRepresentation,
            "EncryptionAlgorithm": algorithm,
        ])
        let ciphertext = try Base64.decode(Array(made.plaintext.utf8))
        let decrypted = try recipient.decrypt(ciphertext, padding: Self.padding(algorithm))
        #expect(String(decoding: decrypted, as: UTF8.self) == made.decrypted)
        try expectPair(made.decrypted, made.publicPEM)
    }

    @Test(arguments: [nil, "SM2", "SM2_C1C3C2_ASN1"])
    func `A private key encrypted for SM2 is decrypted`(algorithm: String?) async throws {
        let recipient = try await fixture.createKey(usage: Self.decryptSM2, alias: "recipient")
        let key = try await fixture.createKey()
        var parameters: [String: any ParameterText] = [
            "KeyId": key, "EncryptionPublicKey": try await pem(of: recipient),
        ]
        parameters["EncryptionAlgorithm"] = algorithm
        let made = try await pair(parameters)
        let ciphertext = try Base64.decode(Array(made.plaintext.utf8))
        #expect(ciphertext.first == (algorithm == "SM2_C1C3C2_ASN1" ? 0x30 : 0x04))
        let response = try await fixture.call(
            "AsymmetricSm2Decrypt", ["KeyId": recipient, "Ciphertext": made.plaintext])
        #expect(response["Plaintext"]?.bytes == Array(made.decrypted.utf8))
        try expectPair(made.decrypted, made.publicPEM)
    }

    @Test func `The private key under the master key is bound to no context`() async throws {
        let key = try await fixture.createKey()
        let response = try await fixture.call(
            "GenerateAsymmetricKeyValuePair", ["KeyId": key, "KeySpec": "SM2"])
        let blob = try #require(response["PrivateKeyCiphertextBlob"]?.text)
        #expect(
            try await fixture.outcome("Decrypt", ["CiphertextBlob": blob, "EncryptionContext": #"{"a":"1"}"#])
                == "InvalidParameterValue.InvalidCiphertext")
        try await fixture.call("DisableKey", ["KeyId": key])
        #expect(try await fixture.outcome("Decrypt", ["CiphertextBlob": blob]) == "ResourceUnavailable.CmkDisabled")
    }
}
