import ClavigerCore
import ClavigerCrypto
import ClavigerTesting
import Testing

/// Imported material over time.
@Suite struct ImportTests {
    private static let day = 86400

    /// The body of import-key-material for these bytes.
    private func body(
        _ fixture: HuaweiFixture, _ key: String, _ material: [UInt8], expiry: Int64? = nil,
        algorithm: WrappingAlgorithm = .rsaOAEPSHA256
    ) async throws -> String {
        let parameters = try await fixture.call(
            "get-parameters-for-import",
            "{\"key_id\":\"\(key)\",\"wrapping_algorithm\":\"\(algorithm.rawValue)\"}")
        let publicKey = try PublicKey(spki: try Base64.decode(Array(try #require(parameters["public_key"]?.text).utf8)))
        let encrypted = Base64.string(try publicKey.encrypt(KeyMaterial(material), algorithm.scheme))
        let token = try #require(parameters["import_token"]?.text)
        let end = expiry.map { ",\"expiration_time\":\($0)" } ?? ""
        return """
            {"key_id":"\(key)","import_token":"\(token)","encrypted_key_material":"\(encrypted)"\(end)}
            """
    }

    private func externalKey(_ fixture: HuaweiFixture) async throws -> String {
        try await fixture.createKey("byok", ",\"origin\":\"external\"")
    }

    private let material = [UInt8](repeating: 5, count: 32)

    @Test func `The same material opens old ciphertexts again after it was deleted`() async throws {
        let fixture = try await HuaweiFixture()
        let key = try await externalKey(fixture)
        try await fixture.call("import-key-material", try await body(fixture, key, material))
        let encrypt = "{\"key_id\":\"\(key)\",\"plain_text\":\"survives\"}"
        let sealed = try #require(try await fixture.call("encrypt-data", encrypt)["cipher_text"]?.text)
        let decrypt = "{\"cipher_text\":\"\(sealed)\"}"
        try await fixture.call("delete-imported-key-material", "{\"key_id\":\"\(key)\"}")
        #expect(try await fixture.info(of: key)["key_state"]?.text == "5")
        #expect(try await fixture.outcome("decrypt-data", decrypt) == "KMS.1301")
        try await fixture.call(
            "import-key-material", try await body(fixture, key, material, algorithm: .rsaOAEPSHA1))
        #expect(try await fixture.info(of: key)["key_state"]?.text == "2")
        #expect(try await fixture.call("decrypt-data", decrypt)["plain_text"]?.text == "survives")
    }

    @Test func `Material is not used from its last moment on, whether or not somebody has removed it`() async throws {
        let fixture = try await HuaweiFixture()
        let key = try await externalKey(fixture)
        let end = fixture.clock.now.seconds + 3600
        try await fixture.call("import-key-material", try await body(fixture, key, material, expiry: end))
        let encrypt = "{\"key_id\":\"\(key)\",\"plain_text\":\"x\"}"
        fixture.clock.advance(by: .seconds(3599))
        let sealed = try #require(try await fixture.call("encrypt-data", encrypt)["cipher_text"]?.text)
        fixture.clock.advance(by: .seconds(1))
        for isRemoved in [false, true] {
            if isRemoved { _ = try await fixture.kms.carryOut(.materialExpiry) }
            #expect(try await fixture.outcome("encrypt-data", encrypt) == "KMS.1301")
            #expect(try await fixture.outcome("decrypt-data", "{\"cipher_text\":\"\(sealed)\"}") == "KMS.1301")
            let info = try await fixture.info(of: key)
            #expect(info["key_state"]?.text == "5")
            #expect(info["expiration_time"]?.text == "")
        }
        let other = try await body(fixture, key, [UInt8](repeating: 6, count: 32))
        #expect(try await fixture.outcome("import-key-material", other) == "KMS.2606")
        try await fixture.call("import-key-material", try await body(fixture, key, material))
        #expect(try await fixture.call("decrypt-data", "{\"cipher_text\":\"\(sealed)\"}")["plain_text"]?.text == "x")
    }

    @Test func `A token counts for a day, and is told to have expired for ever after`() async throws {
        let fixture = try await HuaweiFixture()
        let key = try await externalKey(fixture)
        let body = try await body(fixture, key, material)
        fixture.clock.advance(by: .seconds(Self.day))
        #expect(try await fixture.outcome("import-key-material", body) == "KMS.2601")
        try await fixture.kms.deleteExpiredImportParameters()
        #expect(try await fixture.outcome("import-key-material", body) == "KMS.2601")
        fixture.clock.advance(by: .seconds(400 * Self.day))
        #expect(try await fixture.outcome("import-key-material", body) == "KMS.2601")
        #expect(try await fixture.info(of: key)["key_state"]?.text == "5")
    }

    @Test func `An import that fails changes nothing and binds the key to nothing`() async throws {
        let fixture = try await HuaweiFixture()
        let key = try await externalKey(fixture)
        let good = try await body(fixture, key, material)
        let short = try await body(fixture, key, [UInt8](repeating: 6, count: 31))
        #expect(try await fixture.outcome("import-key-material", short) == "KMS.2604")
        let info = try await fixture.info(of: key)
        #expect(info["key_state"]?.text == "5")
        #expect(info["expiration_time"]?.text == "")
        #expect(try await fixture.outcome("import-key-material", good) == "ok")
    }

    @Test func `Bad padding and a bad length are told alike where telling would help to decrypt`() async throws {
        let fixture = try await HuaweiFixture()
        let key = try await externalKey(fixture)
        for count in [1, 16, 31, 33] {
            let body = try await body(fixture, key, [UInt8](repeating: 6, count: count), algorithm: .rsaPKCS1)
            #expect(try await fixture.outcome("import-key-material", body) == "KMS.0311")
        }
    }

    @Test func `Every call gives another token, and each of them counts`() async throws {
        let fixture = try await HuaweiFixture()
        let key = try await externalKey(fixture)
        let first = try await body(fixture, key, material)
        let second = try await body(fixture, key, material)
        #expect(first != second)
        #expect(try await fixture.outcome("import-key-material", first) == "ok")
        try await fixture.call("delete-imported-key-material", "{\"key_id\":\"\(key)\"}")
        #expect(try await fixture.outcome("import-key-material", second) == "ok")
    }
}
