import ClavigerCrypto
import Crypto
import CryptoExtras
import Foundation
import Testing

@testable import ClavigerAPIHuawei

/// Signatures, verified by other code than the server's where there is some.
@Suite struct SigningTests {
    private let fixture: HuaweiFixture

    init() async throws { fixture = try await HuaweiFixture() }

    private static func sample(_ count: Int, start: Int = 1) -> [UInt8] {
        (0..<count).map { UInt8(truncatingIfNeeded: 7 * $0 + start) }
    }

    private func createKey(_ spec: String, alias: String = "app") async throws -> String {
        try await fixture.createKey(alias, #","key_spec":"\#(spec)","key_usage":"SIGN_VERIFY""#)
    }

    private func request(_ key: String, _ algorithm: String, _ message: [UInt8], _ members: String) -> String {
        """
        {"key_id":"\(key)","message":"\(Base64.string(message))","signing_algorithm":"\(algorithm)"\(members)}
        """
    }

    private func sign(
        _ key: String, _ algorithm: String, _ message: [UInt8], type: String = "RAW"
    ) async throws -> [UInt8] {
        let answer = try await fixture.call("sign", request(key, algorithm, message, #","message_type":"\#(type)""#))
        return try Base64.decode(Array(try #require(answer["signature"]?.text).utf8))
    }

    private func verify(
        _ key: String, _ algorithm: String, _ signature: [UInt8], of message: [UInt8], type: String = "RAW"
    ) async throws -> Bool {
        let members = #","message_type":"\#(type)","signature":"\#(Base64.string(signature))""#
        let answer = try await fixture.call("verify", request(key, algorithm, message, members))
        #expect(answer["key_id"]?.text == key)
        let verdict = try #require(answer["signature_valid"]?.text)
        #expect(["true", "false"].contains(verdict))
        return verdict == "true"
    }

    private func pem(of key: String) async throws -> String {
        try #require(try await fixture.call("get-publickey", #"{"key_id":"\#(key)"}"#)["public_key"]?.text)
    }

    @Test(arguments: [1, 16, 4096])
    func `A signature by ECDSA_SHA_256 is one of P-256`(count: Int) async throws {
        let key = try await createKey("EC_P256")
        let publicKey = try P256.Signing.PublicKey(pemRepresentation: try await pem(of: key))
        let message = Self.sample(count)
        let digest = Array(SHA256.hash(data: message))
        for signature in [
            try await sign(key, "ECDSA_SHA_256", message),
            try await sign(key, "ECDSA_SHA_256", digest, type: "DIGEST"),
        ] {
            let parsed = try P256.Signing.ECDSASignature(derRepresentation: signature)
            #expect(publicKey.isValidSignature(parsed, for: message))
            #expect(!publicKey.isValidSignature(parsed, for: message + [0]))
            #expect(Array(parsed.derRepresentation) == signature)
        }
    }

    @Test(arguments: [1, 16, 4096])
    func `A signature by ECDSA_SHA_384 is one of P-384`(count: Int) async throws {
        let key = try await createKey("EC_P384")
        let publicKey = try P384.Signing.PublicKey(pemRepresentation: try await pem(of: key))
        let message = Self.sample(count)
        let digest = Array(SHA384.hash(data: message))
        for signature in [
            try await sign(key, "ECDSA_SHA_384", message),
            try await sign(key, "ECDSA_SHA_384", digest, type: "DIGEST"),
        ] {
            let parsed = try P384.Signing.ECDSASignature(derRepresentation: signature)
            #expect(publicKey.isValidSignature(parsed, for: message))
            #expect(!publicKey.isValidSignature(parsed, for: message + [0]))
            #expect(Array(parsed.derRepresentation) == signature)
        }
    }

    @Test(
        arguments: ["RSA_2048", "RSA_3072", "RSA_4096"],
        ["PSS_SHA_256", "PSS_SHA_384", "PSS_SHA_512", "PKCS1_V1_5_SHA_256", "PKCS1_V1_5_SHA_384", "PKCS1_V1_5_SHA_512"])
    func `A signature by RSA is one by the standard`(spec: String, algorithm: String) async throws {
        let key = try await createKey(spec)
        let publicKey = try _RSA.Signing.PublicKey(pemRepresentation: try await pem(of: key))
        #expect("RSA_\(publicKey.keySizeInBits)" == spec)
        switch algorithm.suffix(3) {
        case "256": try await checkRSA(key, publicKey, algorithm, SHA256.self)
        case "384": try await checkRSA(key, publicKey, algorithm, SHA384.self)
        default: try await checkRSA(key, publicKey, algorithm, SHA512.self)
        }
    }

    private func checkRSA<Hash: HashFunction>(
        _ key: String, _ publicKey: _RSA.Signing.PublicKey, _ algorithm: String, _: Hash.Type
    ) async throws {
        // swift-crypto's PSS takes the salt to be as long as the digest.
        let isPSS = algorithm.hasPrefix("PSS")
        let padding = isPSS ? _RSA.Signing.Padding.PSS : .insecurePKCS1v1_5
        let other = isPSS ? _RSA.Signing.Padding.insecurePKCS1v1_5 : .PSS
        let message = Self.sample(100)
        let digest = Hash.hash(data: message)
        for (content, type) in [(message, "RAW"), (Array(digest), "DIGEST")] {
            let signature = try await sign(key, "RSASSA_\(algorithm)", content, type: type)
            let parsed = _RSA.Signing.RSASignature(rawRepresentation: signature)
            #expect(publicKey.isValidSignature(parsed, for: digest, padding: padding), "\(type)")
            #expect(!publicKey.isValidSignature(parsed, for: digest, padding: other), "\(type)")
            #expect(!publicKey.isValidSignature(parsed, for: Hash.hash(data: [0]), padding: padding), "\(type)")
        }
    }

    @Test func `A signature by others is taken`() async throws {
        let key = try await createKey("EC_P256")
        let stranger = P256.Signing.PrivateKey()
        let message = Self.sample(50)
        let foreign = Array(try stranger.signature(for: message).derRepresentation)
        #expect(!(try await verify(key, "ECDSA_SHA_256", foreign, of: message)))
        let own = try await sign(key, "ECDSA_SHA_256", message)
        #expect(try await verify(key, "ECDSA_SHA_256", own, of: message))
        // The form with r and s side by side is not the dialect's.
        let raw = Array(try P256.Signing.ECDSASignature(derRepresentation: own).rawRepresentation)
        #expect(!(try await verify(key, "ECDSA_SHA_256", raw, of: message)))
    }

    /// OpenSSL's own program, where the system has it; it knows all curves, and the identity that SM2's digest begins with.
    private static let openSSL = ["/usr/bin/openssl", "/usr/local/bin/openssl"].first {
        FileManager.default.isExecutableFile(atPath: $0)
    }

    @Test(
        .enabled(if: openSSL != nil),
        arguments: [
            ("SM2", "SM2DSA_SM3", ["-sm3", "-sigopt", "distid:1234567812345678"]),
            ("SECP256K1", "ECDSA_SHA_256", ["-sha256"]), ("EC_P384", "ECDSA_SHA_384", ["-sha384"]),
            ("RSA_2048", "RSASSA_PKCS1_V1_5_SHA_512", ["-sha512"]),
        ])
    func `OpenSSL's program verifies a signature`(spec: String, algorithm: String, options: [String]) async throws {
        let key = try await createKey(spec)
        let message = Self.sample(77)
        let folder = FileManager.default.temporaryDirectory.appending(path: "signing-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(at: folder) }
        let (keyFile, messageFile, signatureFile) = (
            folder.appending(path: "key"), folder.appending(path: "message"), folder.appending(path: "signature")
        )
        try Data((try await pem(of: key)).utf8).write(to: keyFile)
        try Data(try await sign(key, algorithm, message)).write(to: signatureFile)
        for (content, isValid) in [(message, true), (message + [0], false)] {
            try Data(content).write(to: messageFile)
            let process = Process()
            process.executableURL = URL(filePath: try #require(Self.openSSL))
            process.arguments =
                ["dgst"] + options + ["-verify", keyFile.path, "-signature", signatureFile.path, messageFile.path]
            process.standardOutput = FileHandle.nullDevice
            process.standardError = FileHandle.nullDevice
            try process.run()
            process.waitUntilExit()
            #expect((process.terminationStatus == 0) == isValid)
        }
    }

    @Test(arguments: [
        ("SM2", "SM2DSA_SM3"), ("EC_P256", "ECDSA_SHA_256"), ("EC_P384", "ECDSA_SHA_384"),
        ("SECP256K1", "ECDSA_SHA_256"), ("RSA_2048", "RSASSA_PSS_SHA_256"),
    ])
    func `No two signatures are the same, and each is one`(spec: String, algorithm: String) async throws {
        let key = try await createKey(spec)
        let message = Self.sample(20)
        let (first, second) = (try await sign(key, algorithm, message), try await sign(key, algorithm, message))
        #expect(first != second)
        for signature in [first, second] {
            #expect(try await verify(key, algorithm, signature, of: message))
            #expect(!(try await verify(key, algorithm, signature, of: message + [0])))
            for wrong in [signature + [0], signature.dropLast(), [0] + signature, Self.sample(64)] {
                #expect(!(try await verify(key, algorithm, wrong, of: message)))
            }
        }
    }

    @Test(arguments: [("SM2", "SM2DSA_SM3"), ("EC_P256", "ECDSA_SHA_256"), ("RSA_2048", "RSASSA_PSS_SHA_256")])
    func `Many signatures at once are all right`(spec: String, algorithm: String) async throws {
        let key = try await createKey(spec)
        try await withThrowingTaskGroup(of: Bool.self) { group in
            for number in 0..<50 {
                group.addTask {
                    let message = Self.sample(30, start: number)
                    return try await verify(key, algorithm, try await sign(key, algorithm, message), of: message)
                }
            }
            for try await isValid in group { #expect(isValid) }
        }
    }

    @Test(arguments: [("SM2", "SM2DSA_SM3"), ("EC_P256", "ECDSA_SHA_256"), ("RSA_2048", "RSASSA_PSS_SHA_256")])
    func `A key signs while it is enabled alone`(spec: String, algorithm: String) async throws {
        let key = try await createKey(spec)
        let signature = Base64.string(try await sign(key, algorithm, Self.sample(20)))
        func outcomes() async throws -> Set<String> {
            let members = #","message_type":"RAW","signature":"\#(signature)""#
            let json = request(key, algorithm, Self.sample(20), members)
            var outcomes: Set<String> = []
            for action in ["sign", "verify", "get-publickey"] {
                outcomes.insert(try await fixture.outcome(action, json))
            }
            return outcomes
        }
        #expect(try await outcomes() == ["ok"])
        try await fixture.call("disable-key", #"{"key_id":"\#(key)"}"#)
        #expect(try await outcomes() == ["KMS.0209"])
        try await fixture.call("schedule-key-deletion", #"{"key_id":"\#(key)","pending_days":"7"}"#)
        #expect(try await outcomes() == ["KMS.0210"])
        try await fixture.call("cancel-key-deletion", #"{"key_id":"\#(key)"}"#)
        #expect(try await outcomes() == ["KMS.0209"])
        try await fixture.call("enable-key", #"{"key_id":"\#(key)"}"#)
        #expect(try await outcomes() == ["ok"])
    }

    @Test(arguments: [
        ("sign", "kms:cmk:sign"), ("verify", "kms:cmk:verify"), ("get-publickey", "kms:cmk:getPublicKey"),
    ])
    func `A user needs the right to each call`(action: String, permission: String) async throws {
        let key = try await createKey("EC_P256")
        let json = request(key, "ECDSA_SHA_256", Self.sample(32), #","signature":"YQ==""#)
        let allowed = try await fixture.user("allowed", under: [HuaweiFixture.allowing([permission])])
        let refused = try await fixture.user(
            "refused", number: 200_000_000_002, under: [HuaweiFixture.allowing(["kms:cmk:crypto"])])
        #expect(try await fixture.outcome(action, json, client: allowed.client) == "ok")
        #expect(try await fixture.outcome(action, json, client: refused.client) == "KMS.0307")
    }
}
