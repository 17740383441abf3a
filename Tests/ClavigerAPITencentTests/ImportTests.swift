import ClavigerCore
import ClavigerCrypto
import ClavigerTesting
import Testing

@testable import ClavigerAPITencent

/// Material from outside: the contract's part A6, "Imported material". No background worker runs here.
@Suite struct ImportTests {
    private static let algorithms = ["RSAES_PKCS1_V1_5", "RSAES_OAEP_SHA_1", "RSAES_OAEP_SHA_256"]
    private static let guomi = "ap-shenzhen-fsi"
    private static let tokenExpired = "ResourceUnavailable.TokenExpired"
    private static let notDecrypted = "InvalidParameter.DecryptMaterialError"
    private static let notMatching = "InvalidParameterValue.MaterialNotMatch"
    private static let wrongState = "ResourceUnavailable.CmkStateNotSupport"
    private static let inUse = "FailedOperation.CmkUsedByCloudProduct"

    private let fixture: TencentFixture
    private var now: Int64 { fixture.clock.now.seconds }

    init() async throws { fixture = try await TencentFixture() }

    /// What a client gets and needs for an import.
    private struct Invitation {
        let algorithm: String
        let token: String
        let publicKey: PublicKey
        let expiry: Int64

        func wrap(_ material: [UInt8]) throws -> String { try publicKey.encrypted(material, by: algorithm) }
    }

    private func externalKey(_ alias: String = "app", region: String = "ap-guangzhou") async throws -> String {
        try #require(
            try await fixture.call("CreateKey", ["Alias": alias, "Type": 2], region: region)["KeyId"]?.text)
    }

    private func invite(
        _ key: String, _ algorithm: String = "RSAES_OAEP_SHA_256", region: String = "ap-guangzhou"
    ) async throws -> Invitation {
        let response = try await fixture.call(
            "GetParametersForImport",
            ["KeyId": key, "WrappingAlgorithm": algorithm, "WrappingKeySpec": "RSA_2048"], region: region)
        return Invitation(
            algorithm: algorithm,
            token: try #require(response["ImportToken"]?.text),
            publicKey: try PublicKey(base64: try #require(response["PublicKey"]?.text)),
            expiry: try #require(response["ParametersValidTo"]?.integer))
    }

    /// The outcome of an import.
    private func importing(
        _ wrapped: String, _ token: String, into key: String, validTo: Int64? = nil, region: String = "ap-guangzhou"
    ) async throws -> String {
        var parameters: [String: any ParameterText] = [
            "KeyId": key, "EncryptedKeyMaterial": wrapped, "ImportToken": token,
        ]
        parameters["ValidTo"] = validTo
        return try await fixture.outcome("ImportKeyMaterial", parameters, region: region)
    }

    private func importing(
        _ material: [UInt8], by invitation: Invitation, into key: String, validTo: Int64? = nil,
        region: String = "ap-guangzhou"
    ) async throws -> String {
        try await importing(
            try invitation.wrap(material), invitation.token, into: key, validTo: validTo, region: region)
    }

    /// A key with the material `SampleBytes.make(32)`, and the invitation that brought it.
    private func importedKey(
        _ alias: String = "app", validTo: Int64? = nil
    ) async throws -> (key: String, invitation: Invitation) {
        let key = try await externalKey(alias)
        let invitation = try await invite(key)
        try #require(
            try await importing(SampleBytes.make(32), by: invitation, into: key, validTo: validTo) == "ok")
        return (key, invitation)
    }

    private func encrypt(_ key: String) async throws -> String {
        let response = try await fixture.call("Encrypt", ["KeyId": key, "Plaintext": SampleBytes.base64(16)])
        return try #require(response["CiphertextBlob"]?.text)
    }

    private func decrypt(_ blob: String) async throws -> String {
        try await fixture.outcome("Decrypt", ["CiphertextBlob": blob])
    }

    private func outcome(_ action: String, _ key: String) async throws -> String {
        try await fixture.outcome(action, ["KeyId": key])
    }

    // MARK: tokens

    @Test func `A newer invitation supersedes the earlier ones, whatever their algorithm`() async throws {
        let key = try await externalKey()
        var invitations: [Invitation] = []
        for algorithm in Self.algorithms { invitations.append(try await invite(key, algorithm)) }
        for old in invitations.dropLast() {
            #expect(try await importing(SampleBytes.make(32), by: old, into: key) == Self.tokenExpired)
        }
        #expect(try await fixture.state(of: key) == "PendingImport")
        #expect(try await importing(SampleBytes.make(32), by: try #require(invitations.last), into: key) == "ok")
    }

    @Test func `A newer invitation does not reach other keys`() async throws {
        let (first, second) = (try await externalKey("a"), try await externalKey("b"))
        let invitation = try await invite(first)
        _ = try await invite(second)
        #expect(try await importing(SampleBytes.make(32), by: invitation, into: first) == "ok")
    }

    @Test func `Each invitation has a key and a token of its own`() async throws {
        let key = try await externalKey()
        let (first, second) = (try await invite(key), try await invite(key))
        #expect(first.token != second.token)
        #expect(first.publicKey.spki != second.publicKey.spki)
        #expect(first.publicKey.algorithm == .rsa2048)
    }

    @Test(arguments: [(86_399, "ok"), (86_400, tokenExpired), (86_401, tokenExpired), (864_000, tokenExpired)])
    func `A token is good for a day`(seconds: Int, outcome: String) async throws {
        let key = try await externalKey()
        let invitation = try await invite(key)
        #expect(invitation.expiry == now + 86_400)
        fixture.clock.advance(by: .seconds(seconds))
        #expect(try await importing(SampleBytes.make(32), by: invitation, into: key) == outcome)
        #expect(try await fixture.state(of: key) == (outcome == "ok" ? "Enabled" : "PendingImport"))
    }

    @Test func `Using a token does not make it good for longer`() async throws {
        let (key, invitation) = try await importedKey()
        fixture.clock.advance(by: .seconds(86_399))
        #expect(try await importing(SampleBytes.make(32), by: invitation, into: key) == "ok")
        fixture.clock.advance(by: .seconds(1))
        #expect(try await importing(SampleBytes.make(32), by: invitation, into: key) == Self.tokenExpired)
    }

    @Test func `A token of another key is refused, and stays good for its own`() async throws {
        let (first, second) = (try await externalKey("a"), try await externalKey("b"))
        let (ofFirst, ofSecond) = (try await invite(first), try await invite(second))
        #expect(try await importing(SampleBytes.make(32), by: ofFirst, into: second) == Self.tokenExpired)
        // The other key's token with the own wrapping key, and the other way round.
        let wrapped = try ofSecond.wrap(SampleBytes.make(32))
        #expect(try await importing(wrapped, ofFirst.token, into: second) == Self.tokenExpired)
        #expect(
            try await importing(try ofFirst.wrap(SampleBytes.make(32)), ofSecond.token, into: second)
                == Self.notDecrypted)
        #expect(try await importing(SampleBytes.make(32), by: ofFirst, into: first) == "ok")
        #expect(try await importing(SampleBytes.make(32), by: ofSecond, into: second) == "ok")
    }

    @Test func `A token with any bit changed, a byte more or less is refused`() async throws {
        let key = try await externalKey()
        let invitation = try await invite(key)
        let wrapped = try invitation.wrap(SampleBytes.make(32))
        let token = try Base64.decode(Array(invitation.token.utf8))
        var damaged: [[UInt8]] = [token + [0], token.dropLast(), Array(token.dropFirst()), [0] + token]
        for bit in 0..<8 * token.count {
            var changed = token
            changed[bit / 8] ^= 1 << (bit % 8)
            damaged.append(changed)
        }
        for token in damaged {
            #expect(try await importing(wrapped, Base64.string(token), into: key) == Self.tokenExpired)
        }
        #expect(try await importing(wrapped, invitation.token + "A", into: key) == Self.tokenExpired)
        #expect(try await importing(wrapped, invitation.token, into: key) == "ok")
    }

    @Test func `A token works as often as it is used`() async throws {
        let (key, invitation) = try await importedKey()
        for _ in 0..<3 {
            #expect(try await importing(SampleBytes.make(32), by: invitation, into: key) == "ok")
            try await fixture.call("DeleteImportedKeyMaterial", ["KeyId": key])
        }
        #expect(try await importing(SampleBytes.make(32), by: invitation, into: key) == "ok")
    }

    // MARK: sizes and algorithms

    @Test(arguments: algorithms, [15, 16, 17, 31, 32, 33])
    func `Material has 32 bytes`(algorithm: String, count: Int) async throws {
        let key = try await externalKey()
        let outcome = try await importing(SampleBytes.make(count), by: try await invite(key, algorithm), into: key)
        #expect(outcome == (count == 32 ? "ok" : Self.notDecrypted))
        #expect(try await fixture.state(of: key) == (count == 32 ? "Enabled" : "PendingImport"))
    }

    @Test(arguments: algorithms, [15, 16, 17, 31, 32, 33])
    func `Material of the SM edition has 16 bytes`(algorithm: String, count: Int) async throws {
        let key = try await externalKey(region: Self.guomi)
        let invitation = try await invite(key, algorithm, region: Self.guomi)
        let outcome = try await importing(SampleBytes.make(count), by: invitation, into: key, region: Self.guomi)
        #expect(outcome == (count == 16 ? "ok" : Self.notDecrypted))
        let state = try await fixture.state(of: key, region: Self.guomi)
        #expect(state == (count == 16 ? "Enabled" : "PendingImport"))
    }

    @Test(arguments: algorithms, algorithms)
    func `A token is for its own algorithm`(invited: String, used: String) async throws {
        let key = try await externalKey()
        let invitation = try await invite(key, invited)
        let wrapped = try invitation.publicKey.encrypted(SampleBytes.make(32), by: used)
        #expect(
            try await importing(wrapped, invitation.token, into: key) == (invited == used ? "ok" : Self.notDecrypted))
    }

    @Test func `Garbage under PKCS#1 v1.5 is refused and never imported`() async throws {
        let key = try await externalKey()
        let invitation = try await invite(key, "RSAES_PKCS1_V1_5")
        // OpenSSL answers wrong padding with a made-up text of made-up length, one of which has 32 bytes now and then.
        for start in 0..<90 {
            let garbage = SampleBytes.base64(256, start: start)
            #expect(try await importing(garbage, invitation.token, into: key) == Self.notDecrypted)
        }
        #expect(try await fixture.state(of: key) == "PendingImport")
        #expect(try await importing(SampleBytes.make(32), by: invitation, into: key) == "ok")
    }

    @Test(arguments: ["RSAES_PKCS1_V1_5", "RSAES_OAEP_SHA_256"])
    func `A token that failed a hundred times is dead`(algorithm: String) async throws {
        let key = try await externalKey()
        let invitation = try await invite(key, algorithm)
        let garbage = SampleBytes.base64(256)
        for _ in 0..<100 {
            #expect(try await importing(garbage, invitation.token, into: key) == Self.notDecrypted)
        }
        #expect(try await importing(garbage, invitation.token, into: key) == Self.tokenExpired)
        #expect(try await importing(SampleBytes.make(32), by: invitation, into: key) == Self.tokenExpired)
        #expect(try await fixture.state(of: key) == "PendingImport")
        // A new one begins again.
        #expect(try await importing(SampleBytes.make(32), by: try await invite(key, algorithm), into: key) == "ok")
    }

    @Test func `Failures that no padding is behind do not count`() async throws {
        let (key, invitation) = try await importedKey()
        let other = try invitation.wrap(SampleBytes.make(32, start: 2))
        for _ in 0..<101 {
            #expect(try await importing(other, invitation.token, into: key) == Self.notMatching)
        }
        #expect(try await importing(SampleBytes.make(32), by: invitation, into: key) == "ok")
    }

    // MARK: the first material is the only one

    enum Loss: CaseIterable {
        case none, deletion, deletionWhileDisabled, expiry, removalAfterExpiry
    }

    @Test(arguments: Loss.allCases)
    func `Another material never takes the place of the first`(loss: Loss) async throws {
        let (key, invitation) = try await importedKey(validTo: now + 600)
        let blob = try await encrypt(key)
        switch loss {
        case .none: break
        case .deletion: try await fixture.call("DeleteImportedKeyMaterial", ["KeyId": key])
        case .deletionWhileDisabled:
            try await fixture.call("DisableKey", ["KeyId": key])
            try await fixture.call("DeleteImportedKeyMaterial", ["KeyId": key])
        case .expiry: fixture.clock.advance(by: .seconds(600))
        case .removalAfterExpiry:
            fixture.clock.advance(by: .seconds(600))
            #expect(try await fixture.kms.carryOut(.materialExpiry).done.count == 1)
        }
        var changed = SampleBytes.make(32)
        changed[31] ^= 1
        #expect(try await importing(changed, by: invitation, into: key) == Self.notMatching)
        #expect(try await importing(changed, by: try await invite(key), into: key) == Self.notMatching)
        #expect(try await fixture.state(of: key) == (loss == .none ? "Enabled" : "PendingImport"))
        #expect(try await importing(SampleBytes.make(32), by: try await invite(key), into: key) == "ok")
        #expect(try await decrypt(blob) == "ok")
    }

    // MARK: ValidTo

    @Test(arguments: ["Enabled", "Disabled"])
    func `Material is gone at the second of ValidTo, by the clock alone`(state: String) async throws {
        let (key, invitation) = try await importedKey(validTo: now + 600)
        let blob = try await encrypt(key)
        if state == "Disabled" { try await fixture.call("DisableKey", ["KeyId": key]) }
        fixture.clock.advance(by: .seconds(599))
        #expect(try await fixture.state(of: key) == state)
        #expect(try await decrypt(blob) == (state == "Enabled" ? "ok" : "ResourceUnavailable.CmkDisabled"))
        fixture.clock.advance(by: .seconds(1))
        let metadata = try await fixture.metadata(of: key)
        #expect(metadata["KeyState"]?.text == "PendingImport")
        #expect(metadata["ValidTo"]?.integer == 0)
        #expect(try await decrypt(blob) == Self.wrongState)
        let plaintext = SampleBytes.base64(16)
        #expect(try await fixture.outcome("Encrypt", ["KeyId": key, "Plaintext": plaintext]) == Self.wrongState)
        #expect(try await fixture.outcome("GenerateDataKey", ["KeyId": key, "NumberOfBytes": 1]) == Self.wrongState)
        #expect(try await fixture.outcome("ReEncrypt", ["CiphertextBlob": blob]) == Self.wrongState)
        let pair = ["KeyId": key, "KeySpec": "SM2"]
        #expect(try await fixture.outcome("GenerateAsymmetricKeyValuePair", pair) == Self.wrongState)
        for action in ["EnableKey", "DisableKey", "ArchiveKey", "DeleteImportedKeyMaterial"] {
            #expect(try await outcome(action, key) == Self.wrongState, "\(action)")
        }
        #expect(
            try await fixture.outcome("BindCloudResource", ["KeyId": key, "ProductId": "cos", "ResourceId": "x"])
                == Self.wrongState)
        #expect(try await importing(SampleBytes.make(32), by: invitation, into: key) == "ok")
        #expect(try await fixture.state(of: key) == "Enabled")
        #expect(try await decrypt(blob) == "ok")
    }

    @Test func `Importing again sets another ValidTo`() async throws {
        let (key, invitation) = try await importedKey(validTo: now + 600)
        for (given, shown) in [(now + 60, now + 60), (now + 6000, now + 6000), (0, 0), (now + 7, now + 7)] {
            #expect(try await importing(SampleBytes.make(32), by: invitation, into: key, validTo: given) == "ok")
            #expect(try await fixture.metadata(of: key)["ValidTo"]?.integer == shown)
        }
        fixture.clock.advance(by: .seconds(6))
        #expect(try await fixture.state(of: key) == "Enabled")
        fixture.clock.advance(by: .seconds(1))
        #expect(try await fixture.state(of: key) == "PendingImport")
    }

    @Test func `A key whose deletion is pending stays so when its material expires`() async throws {
        let (key, _) = try await importedKey(validTo: now + 600)
        try await fixture.call("DisableKey", ["KeyId": key])
        try await fixture.call("ScheduleKeyDeletion", ["KeyId": key, "PendingWindowInDays": 7])
        fixture.clock.advance(by: .seconds(600))
        #expect(try await fixture.state(of: key) == "PendingDelete")
        try await fixture.call("CancelKeyDeletion", ["KeyId": key])
        #expect(try await fixture.state(of: key) == "PendingImport")
    }

    @Test func `Binding lets material be valid for ever`() async throws {
        let (key, _) = try await importedKey(validTo: now + 600)
        let blob = try await encrypt(key)
        let binding = ["KeyId": key, "ProductId": "cos", "ResourceId": "bucket"]
        try await fixture.call("BindCloudResource", binding)
        #expect(try await fixture.metadata(of: key)["ValidTo"]?.integer == 0)
        fixture.clock.advance(by: .seconds(600))
        #expect(try await fixture.kms.carryOut(.materialExpiry).done.isEmpty)
        #expect(try await decrypt(blob) == "ok")
        // Unbinding does not bring the time back.
        try await fixture.call("UnbindCloudResource", binding)
        #expect(try await fixture.metadata(of: key)["ValidTo"]?.integer == 0)
        #expect(try await decrypt(blob) == "ok")
    }

    // MARK: isolation

    @Test func `Equal material in two keys does not make their ciphertexts interchangeable`() async throws {
        let (first, _) = try await importedKey("a")
        let (second, _) = try await importedKey("b")
        let blob = try await encrypt(first)
        let ciphertext = try Base64.decode(Array(blob.utf8))
        // The ciphertext of one with the other's id in it, at every place where the own one stands.
        let own = UUIDText.bytes(first)
        let foreign = UUIDText.bytes(second)
        var forged = ciphertext
        var places = 0
        for start in 0...(ciphertext.count - own.count) where ciphertext[start..<start + own.count].elementsEqual(own) {
            forged.replaceSubrange(start..<start + own.count, with: foreign)
            places += 1
        }
        #expect(places > 0)
        #expect(try await decrypt(Base64.string(forged)) == "InvalidParameterValue.InvalidCiphertext")
        try await fixture.call("DeleteImportedKeyMaterial", ["KeyId": first])
        #expect(try await decrypt(blob) == Self.wrongState)
    }

    @Test(arguments: [false, true])
    func `A failed import changes nothing`(isImported: Bool) async throws {
        let key = try await externalKey()
        let invitation = try await invite(key)
        if isImported {
            #expect(
                try await importing(SampleBytes.make(32), by: invitation, into: key, validTo: now + 600) == "ok")
        }
        let before = try await fixture.metadata(of: key)
        fixture.clock.advance(by: .seconds(5))
        let later = now + 6000
        let wrapped = try invitation.wrap(SampleBytes.make(32))
        #expect(try await importing(SampleBytes.make(31), by: invitation, into: key, validTo: later) != "ok")
        #expect(try await importing(SampleBytes.base64(256), invitation.token, into: key, validTo: later) != "ok")
        #expect(try await importing(wrapped, SampleBytes.base64(32), into: key, validTo: later) != "ok")
        #expect(try await importing(wrapped, invitation.token, into: key, validTo: now) != "ok")
        #expect(try await importing(wrapped, invitation.token, into: key, validTo: 2_147_443_201) != "ok")
        if isImported {
            let other = SampleBytes.make(32, start: 2)
            #expect(try await importing(other, by: invitation, into: key, validTo: later) == Self.notMatching)
        }
        #expect(try await fixture.metadata(of: key) == before)
        #expect(try await importing(wrapped, invitation.token, into: key, validTo: later) == "ok")
        #expect(try await fixture.metadata(of: key)["ValidTo"]?.integer == later)
    }

    @Test func `Neither material nor token is in the audit log`() async throws {
        let key = try await externalKey()
        let invitation = try await invite(key)
        let wrapped = try invitation.wrap(SampleBytes.make(32))
        #expect(try await importing(wrapped, invitation.token, into: key) == "ok")
        #expect(try await importing(SampleBytes.base64(256), invitation.token, into: key) == Self.notDecrypted)
        let text = try fixture.auditText()
        #expect(text.contains("ImportKeyMaterial"))
        #expect(text.contains(Self.notDecrypted))
        for secret in [wrapped, invitation.token, SampleBytes.base64(32), Hex.string(SampleBytes.make(32))] {
            #expect(!text.contains(secret))
        }
    }

    @Test func `A bound key cannot be taken away`() async throws {
        let (key, _) = try await importedKey()
        let binding = ["KeyId": key, "ProductId": "cos", "ResourceId": "bucket"]
        try await fixture.call("BindCloudResource", binding)
        let before = try await fixture.metadata(of: key)
        for action in ["DisableKey", "ArchiveKey", "DeleteImportedKeyMaterial"] {
            #expect(try await outcome(action, key) == Self.inUse, "\(action)")
        }
        let schedule: [String: any ParameterText] = ["KeyId": key, "PendingWindowInDays": 7]
        #expect(try await fixture.outcome("ScheduleKeyDeletion", schedule) == Self.inUse)
        #expect(try await fixture.metadata(of: key) == before)
        #expect(try await decrypt(try await encrypt(key)) == "ok")
        try await fixture.call("UnbindCloudResource", binding)
        #expect(try await outcome("DeleteImportedKeyMaterial", key) == "ok")
    }

    @Test func `A product's key cannot be taken away`() async throws {
        let made = try await fixture.call("Claviger.CreateProductKey", ["Product": "cos"])
        let key = try #require(made["KeyId"]?.text)
        let before = try await fixture.metadata(of: key)
        #expect(try await outcome("DisableKey", key) == Self.inUse)
        #expect(try await outcome("ArchiveKey", key) == "UnsupportedOperation.NotUserCreatedCmk")
        let schedule: [String: any ParameterText] = ["KeyId": key, "PendingWindowInDays": 7]
        #expect(try await fixture.outcome("ScheduleKeyDeletion", schedule) == Self.inUse)
        #expect(try await outcome("DeleteImportedKeyMaterial", key) == "UnsupportedOperation.NotExternalCmk")
        #expect(try await fixture.metadata(of: key) == before)
        #expect(try await decrypt(try await encrypt(key)) == "ok")
    }
}

extension UUIDText {
    /// The 16 bytes of a UUID.
    fileprivate static func bytes(_ text: String) -> [UInt8] {
        let value = parse(text.utf8) ?? 0
        return (0..<16).map { UInt8(truncatingIfNeeded: value >> (8 * UInt128(15 - $0))) }
    }
}
