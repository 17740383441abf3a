import ClavigerCrypto
import ClavigerTesting
import Crypto
import CryptoExtras
import Foundation
import Testing

@testable import ClavigerAPITencent

/// Signatures, verified by other code than the server's where there is some.
@Suite struct SigningTests {
    private static let signSM2 = "ASYMMETRIC_SIGN_VERIFY_SM2"
    private static let signRSA = "ASYMMETRIC_SIGN_VERIFY_RSA_2048"
    private static let signECC = "ASYMMETRIC_SIGN_VERIFY_ECC"

    private let fixture: TencentFixture

    init() async throws { fixture = try await TencentFixture() }

    private func sign(
        _ key: String, _ algorithm: String, _ message: [UInt8], type: String? = nil
    ) async throws -> [UInt8] {
        var parameters: [String: any ParameterText] = [
            "KeyId": key, "Algorithm": algorithm, "Message": Base64.string(message),
        ]
        parameters["MessageType"] = type
        return try #require(try await fixture.call("SignByAsymmetricKey", parameters)["Signature"]?.bytes)
    }

    private func verify(
        _ key: String, _ algorithm: String, _ signature: [UInt8], of message: [UInt8], type: String = "RAW"
    ) async throws -> Bool {
        let response = try await fixture.call(
            "VerifyByAsymmetricKey",
            [
                "KeyId": key, "Algorithm": algorithm, "Message": Base64.string(message), "MessageType": type,
                "SignatureValue": Base64.string(signature),
            ])
        return response["SignatureValid"] == .bool(true)
    }

    private func pem(of key: String) async throws -> String {
        try #require(try await fixture.call("GetPublicKey", ["KeyId": key])["PublicKeyPem"]?.text)
    }

    @Test(arguments: [1, 16, 4096])
    func `A signature by ECC_P256_R1 is one by ECDSA with SHA-256`(count: Int) async throws {
        let key = try await fixture.createKey(usage: Self.signECC)
        let publicKey = try P256.Signing.PublicKey(pemRepresentation: try await pem(of: key))
        let message = SampleBytes.make(count)
        let signature = try await sign(key, "ECC_P256_R1", message)
        let parsed = try P256.Signing.ECDSASignature(derRepresentation: signature)
        #expect(publicKey.isValidSignature(parsed, for: message))
        #expect(!publicKey.isValidSignature(parsed, for: message + [0]))
        #expect(Array(parsed.derRepresentation) == signature)
        let digest = Array(SHA256.hash(data: message))
        let ofDigest = try await sign(key, "ECC_P256_R1", digest, type: "DIGEST")
        #expect(
            publicKey.isValidSignature(try P256.Signing.ECDSASignature(derRepresentation: ofDigest), for: message))
    }

    @Test(arguments: [("RSA_PSS_SHA_256", true), ("RSA_PKCS1_SHA_256", false)])
    func `A signature by RSA is one by the standard`(algorithm: String, isPSS: Bool) async throws {
        let key = try await fixture.createKey(usage: Self.signRSA)
        let publicKey = try _RSA.Signing.PublicKey(pemRepresentation: try await pem(of: key))
        // swift-crypto's PSS takes the salt to be as long as the digest, 32 bytes, as the contract has it.
        let padding = isPSS ? _RSA.Signing.Padding.PSS : .insecurePKCS1v1_5
        let other = isPSS ? _RSA.Signing.Padding.insecurePKCS1v1_5 : .PSS
        let message = SampleBytes.make(100)
        let digest = SHA256.hash(data: message)
        for (content, type) in [(message, "RAW"), (Array(digest), "DIGEST")] {
            let signature = try await sign(key, algorithm, content, type: type)
            let parsed = _RSA.Signing.RSASignature(rawRepresentation: signature)
            #expect(publicKey.isValidSignature(parsed, for: digest, padding: padding), "\(type)")
            #expect(!publicKey.isValidSignature(parsed, for: digest, padding: other), "\(type)")
            #expect(!publicKey.isValidSignature(parsed, for: SHA256.hash(data: [0]), padding: padding), "\(type)")
        }
        let first = try await sign(key, algorithm, message)
        // PKCS#1 v1.5 knows no salt.
        #expect((try await sign(key, algorithm, message) == first) == !isPSS)
    }

    @Test(arguments: [
        (signSM2, "SM2DSA"), (signSM2, "SM2DSA_ASN1"), (signSM2, "SM2DSA ASN1"), (signSM2, "SM2DSA_RAW"),
        (signECC, "ECC_P256_R1"), (signRSA, "RSA_PSS_SHA_256"), (signRSA, "RSA_PKCS1_SHA_256"),
    ])
    func `A message and its digest are signed alike`(usage: String, algorithm: String) async throws {
        let key = try await fixture.createKey(usage: usage)
        let message = SampleBytes.make(77)
        let digest: [UInt8]
        if usage == Self.signSM2 {
            let point = try #require(PEMText(try await pem(of: key))?.content.suffix(64))
            digest = try SM2Digest.make(message, publicKey: Array(point))
        } else {
            digest = Array(SHA256.hash(data: message))
        }
        let ofMessage = try await sign(key, algorithm, message)
        let ofDigest = try await sign(key, algorithm, digest, type: "DIGEST")
        for signature in [ofMessage, ofDigest] {
            #expect(try await verify(key, algorithm, signature, of: message))
            #expect(try await verify(key, algorithm, signature, of: digest, type: "DIGEST"))
            #expect(!(try await verify(key, algorithm, signature, of: digest)))
            #expect(!(try await verify(key, algorithm, signature, of: message + [0])))
        }
    }

    @Test func `The digest of SM2 is that of the standard's example`() throws {
        // GB/T 32918.5-2017 annex A: the signer's public key, "message digest" and the default id.
        let point = try SM2Digest.decoded(
            "09f9df311e5421a150dd7d161e4bc5c672179fad1833fc076bb08ff356f35020"
                + "ccea490ce26775a52dc6ea718cc1aa600aed05fbf35e084a6632f6072da9ad13")
        #expect(
            Hex.string(try SM2Digest.identity(publicKey: point))
                == "b2e14c5c79c6df5b85f4fe7ed8db7a262b9da7e07ccb0ea9f4747b8ccda8a4f3")
        #expect(
            Hex.string(try SM2Digest.make(Array("message digest".utf8), publicKey: point))
                == "f0b43e94ba45accaace692ed534382eb17e6ab5a19ce7b31f4486fdfc0d28640")
    }

    @Test func `The raw form of SM2 is r and s of 32 bytes each`() async throws {
        let key = try await fixture.createKey(usage: Self.signSM2)
        let message = SampleBytes.make(20)
        for _ in 0..<8 {
            let raw = try await sign(key, "SM2DSA_RAW", message)
            #expect(raw.count == 64)
            // The form of ECDSA's signatures on a curve of this size is the same.
            let der = Array(try P256.Signing.ECDSASignature(rawRepresentation: raw).derRepresentation)
            #expect(try await verify(key, "SM2DSA", der, of: message))
            let signature = try await sign(key, "SM2DSA", message)
            let parsed = try P256.Signing.ECDSASignature(derRepresentation: signature)
            #expect(Array(parsed.derRepresentation) == signature)
            #expect(try await verify(key, "SM2DSA_RAW", Array(parsed.rawRepresentation), of: message))
        }
    }

    @Test(arguments: [(signSM2, "SM2DSA"), (signECC, "ECC_P256_R1")])
    func `No two signatures are the same`(usage: String, algorithm: String) async throws {
        let key = try await fixture.createKey(usage: usage)
        let message = SampleBytes.make(20)
        let first = try await sign(key, algorithm, message)
        #expect(try await sign(key, algorithm, message) != first)
    }

    @Test(arguments: [(signSM2, "SM2DSA"), (signECC, "ECC_P256_R1"), (signRSA, "RSA_PSS_SHA_256")])
    func `Many signatures at once are all right`(usage: String, algorithm: String) async throws {
        let key = try await fixture.createKey(usage: usage)
        try await withThrowingTaskGroup(of: Bool.self) { group in
            for number in 0..<50 {
                group.addTask {
                    let message = SampleBytes.make(30, start: number)
                    return try await verify(key, algorithm, try await sign(key, algorithm, message), of: message)
                }
            }
            for try await isValid in group { #expect(isValid) }
        }
    }

    @Test func `A signature with bytes after it is none`() async throws {
        let key = try await fixture.createKey(usage: Self.signECC)
        let message = SampleBytes.make(20)
        let signature = try await sign(key, "ECC_P256_R1", message)
        #expect(try await verify(key, "ECC_P256_R1", signature, of: message))
        for wrong in [signature + [0], signature.dropLast(), [0] + signature, [UInt8](repeating: 0, count: 64)] {
            #expect(!(try await verify(key, "ECC_P256_R1", wrong, of: message)))
        }
    }

    @Test(arguments: [(signSM2, "SM2DSA"), (signECC, "ECC_P256_R1"), (signRSA, "RSA_PSS_SHA_256")])
    func `A key signs in the state Enabled alone`(usage: String, algorithm: String) async throws {
        let key = try await fixture.createKey(usage: usage)
        let message = SampleBytes.make(20)
        let signature = try await sign(key, algorithm, message)
        let request = ["KeyId": key, "Algorithm": algorithm, "Message": Base64.string(message)]
        func outcomes() async throws -> [String] {
            [
                try await fixture.outcome("SignByAsymmetricKey", request),
                try await fixture.outcome(
                    "VerifyByAsymmetricKey",
                    request.merging(["SignatureValue": Base64.string(signature)]) { first, _ in first }),
                try await fixture.outcome("GetPublicKey", ["KeyId": key]),
            ]
        }
        let refused = [String](repeating: "ResourceUnavailable.CmkStateNotSupport", count: 3)
        let allowed = [String](repeating: "ok", count: 3)
        #expect(try await outcomes() == allowed)
        try await fixture.call("DisableKey", ["KeyId": key])
        #expect(try await outcomes() == refused)
        try await fixture.call("ArchiveKey", ["KeyId": key])
        #expect(try await outcomes() == refused)
        try await fixture.call("ScheduleKeyDeletion", ["KeyId": key, "PendingWindowInDays": 7])
        #expect(try await outcomes() == refused)
        try await fixture.call("CancelKeyDeletion", ["KeyId": key])
        #expect(try await outcomes() == refused)
        try await fixture.call("EnableKey", ["KeyId": key])
        #expect(try await outcomes() == allowed)
        #expect(try await verify(key, algorithm, signature, of: message))
    }
}
