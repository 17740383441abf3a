import ClavigerCrypto
import ClavigerTesting
import Crypto
import Testing

@testable import ClavigerAPIHuawei

/// Data keys, with digests by other code than the server's.
@Suite struct DataKeyTests {
    /// The key that the reference prints for encrypt-datakey, and its digest.
    private static let printedKey =
        "7549d9aea901767bf3c0b3e14b10722eaf6f59053bbd82045d04e075e809a0fe"
        + "6ccab48f8e5efe74e4b18ff0512525e527b10331100f357bf42125d8d5ced94f"
    private static let printedDigest = "fbc8ac72b0785ca7fe33eb6776ce3990b11e32b299d9c0a9ee0305fb9540f797"

    private let fixture: HuaweiFixture

    init() async throws { fixture = try await HuaweiFixture() }

    private static func sample(_ count: Int, start: Int = 1) -> [UInt8] {
        (0..<count).map { UInt8(truncatingIfNeeded: 7 * $0 + start) }
    }

    private static func capitals(_ bytes: some Sequence<UInt8>) -> String { Hex.string(bytes).uppercased() }

    private static func withDigest(_ key: [UInt8]) -> String { capitals(key + Array(SHA256.hash(data: key))) }

    private func encrypt(_ key: String, _ dataKey: [UInt8], _ members: String = "") async throws -> String {
        let answer = try await fixture.call(
            "encrypt-datakey",
            """
            {"key_id":"\(key)","plain_text":"\(Self.withDigest(dataKey))","datakey_plain_length":"\(dataKey.count)"\
            \(members)}
            """)
        #expect(answer["datakey_length"]?.text == String(dataKey.count))
        return try #require(answer["cipher_text"]?.text)
    }

    private func request(_ key: String, _ blob: String, _ count: Int, _ members: String = "") -> String {
        #"{"key_id":"\#(key)","cipher_text":"\#(blob)","datakey_cipher_length":"\#(count)"\#(members)}"#
    }

    /// Decrypts, and checks everything that the answer says of the key.
    private func decrypt(_ key: String, _ blob: String, _ count: Int, _ members: String = "") async throws -> String {
        let answer = try await fixture.call("decrypt-datakey", request(key, blob, count, members))
        let text = try #require(answer["data_key"]?.text)
        let bytes = try #require(Hex.decode(Array(text.utf8)))
        #expect(bytes.count == count)
        #expect(answer["datakey_length"]?.text == String(count))
        let digest = Self.capitals(SHA256.hash(data: bytes))
        #expect(answer["datakey_digest"]?.text == digest)
        #expect(answer["datakey_dgst"]?.text == digest)
        return text
    }

    private func refusal(_ key: String, _ blob: String, _ count: Int, _ members: String = "") async throws -> String {
        try await fixture.outcome("decrypt-datakey", request(key, blob, count, members))
    }

    @Test(arguments: ["south", "guomi"])
    func `Data keys of every length come back with their digest`(realm: String) async throws {
        let key = try await fixture.createKey(realm: realm)
        for count in 1...1024 {
            let made = try await fixture.call(
                "create-datakey", #"{"key_id":"\#(key)","datakey_length":"\#(8 * count)"}"#, realm: realm)
            let (plaintext, blob) = (made["plain_text"]?.text ?? "", made["cipher_text"]?.text ?? "")
            #expect(plaintext.utf8.count == 2 * count)
            #expect(blob.utf8.count == 2 * (count + 140))
            #expect((plaintext + blob).utf8.allSatisfy { 48...57 ~= $0 || 65...70 ~= $0 })
            let answer = try await fixture.call("decrypt-datakey", request(key, blob, count), realm: realm)
            #expect(answer["data_key"]?.text == plaintext)
            let bytes = try #require(Hex.decode(Array(plaintext.utf8)))
            #expect(answer["datakey_digest"]?.text == Self.capitals(SHA256.hash(data: bytes)))
        }
    }

    @Test func `Data keys of the caller's of every length come back with their digest`() async throws {
        let key = try await fixture.createKey()
        for count in 1...1024 {
            let dataKey = Self.sample(count, start: count)
            #expect(try await decrypt(key, try await encrypt(key, dataKey), count) == Self.capitals(dataKey))
        }
    }

    @Test(arguments: [8, 128, 256, 8192])
    func `A data key without plaintext is of the wanted length`(bits: Int) async throws {
        let key = try await fixture.createKey()
        let made = try await fixture.call(
            "create-datakey-without-plaintext", #"{"key_id":"\#(key)","datakey_length":\#(bits)}"#)
        #expect(made["plain_text"] == nil)
        _ = try await decrypt(key, try #require(made["cipher_text"]?.text), bits / 8)
    }

    @Test func `The pair that the reference prints is taken and given back`() async throws {
        let key = try await fixture.createKey()
        let answer = try await fixture.call(
            "encrypt-datakey",
            """
            {"key_id":"\(key)","plain_text":"\(Self.printedKey)\(Self.printedDigest)","datakey_plain_length":"64"}
            """)
        let blob = try #require(answer["cipher_text"]?.text)
        #expect(try await decrypt(key, blob, 64) == Self.printedKey.uppercased())
        #expect(try await decrypt(key, blob.lowercased(), 64) == Self.printedKey.uppercased())
    }

    @Test func `No two data keys and no two ciphertexts are the same`() async throws {
        let key = try await fixture.createKey()
        var seen: Set<String> = []
        for _ in 0..<50 {
            let made = try await fixture.call("create-datakey", #"{"key_id":"\#(key)"}"#)
            let plaintext = try #require(made["plain_text"]?.text)
            let blob = try #require(made["cipher_text"]?.text)
            #expect(seen.insert(plaintext).inserted && seen.insert(blob).inserted)
            #expect(!blob.contains(plaintext))
        }
        let same = Self.sample(32)
        #expect(try await encrypt(key, same) != (try await encrypt(key, same)))
    }

    @Test func `A ciphertext with any byte changed is refused`() async throws {
        let key = try await fixture.createKey()
        let blob = try await encrypt(key, Self.sample(16))
        let bytes = try #require(Hex.decode(Array(blob.utf8)))
        for index in bytes.indices {
            var damaged = bytes
            damaged[index] ^= 0x10
            #expect(try await refusal(key, Self.capitals(damaged), 16) == "KMS.2201", "byte \(index)")
        }
        for count in [1, 4, 91, 92, 139, 140, 155] {
            #expect(try await refusal(key, Self.capitals(bytes.prefix(count)), 16) == "KMS.2201", "\(count) bytes")
        }
    }

    @Test func `Small data is no data key, and a data key no small data`() async throws {
        let key = try await fixture.createKey()
        let data = try await fixture.call(
            "encrypt-data", #"{"key_id":"\#(key)","plain_text":"sixteen letters."}"#)
        let ofData = try Base64.decode(Array(try #require(data["cipher_text"]?.text).utf8))
        #expect(try await refusal(key, Self.capitals(ofData), 16) == "KMS.2201")
        let ofKey = try #require(Hex.decode(Array(try await encrypt(key, Self.sample(16)).utf8)))
        #expect(
            try await fixture.outcome("decrypt-data", #"{"cipher_text":"\#(Base64.string(ofKey))"}"#) == "KMS.2201")
        // Not even if it claims to be the other: what it is has its part in the key that it is encrypted under.
        var (dataAsKey, keyAsData) = (ofData, ofKey)
        dataAsKey[5] = ofKey[5]
        keyAsData[5] = ofData[5]
        #expect(dataAsKey != ofData)
        #expect(try await refusal(key, Self.capitals(dataAsKey), 16) == "KMS.2201")
        #expect(
            try await fixture.outcome("decrypt-data", #"{"cipher_text":"\#(Base64.string(keyAsData))"}"#)
                == "KMS.2201")
    }

    @Test func `No key opens what another has encrypted, even with the same material`() async throws {
        let material = Self.sample(32)
        var keys: [String] = []
        for alias in ["a", "b"] {
            let key = try await fixture.createKey(alias, #","origin":"external""#)
            let parameters = try await fixture.call(
                "get-parameters-for-import", #"{"key_id":"\#(key)","wrapping_algorithm":"RSAES_OAEP_SHA_256"}"#)
            let publicKey = try PublicKey(
                spki: try Base64.decode(Array(try #require(parameters["public_key"]?.text).utf8)))
            let token = try #require(parameters["import_token"]?.text)
            let wrapped = Base64.string(try publicKey.encrypt(KeyMaterial(material), .rsaOAEPSHA256))
            try await fixture.call(
                "import-key-material",
                #"{"key_id":"\#(key)","import_token":"\#(token)","encrypted_key_material":"\#(wrapped)"}"#)
            keys.append(key)
        }
        keys.append(try await fixture.createKey("c"))
        for (index, key) in keys.enumerated() {
            let dataKey = Self.sample(32, start: index)
            let blob = try await encrypt(key, dataKey)
            for other in keys {
                if other == key {
                    #expect(try await decrypt(other, blob, 32) == Self.capitals(dataKey))
                } else {
                    #expect(try await refusal(other, blob, 32) == "KMS.2201")
                }
            }
        }
    }

    @Test func `The wrong length is reported only of what could be opened`() async throws {
        let key = try await fixture.createKey()
        let blob = try await encrypt(key, Self.sample(32))
        #expect(try await refusal(key, blob, 31) == "KMS.2202")
        #expect(try await refusal(key, blob, 33) == "KMS.2202")
        #expect(try await refusal(key, blob + "00", 33) == "KMS.2201")
        #expect(try await refusal(key, blob, 31, #","encryption_context":{"a":"b"}"#) == "KMS.2201")
    }

    @Test func `Neither data keys nor their digests are in the audit log`() async throws {
        let key = try await fixture.createKey()
        let dataKey = Self.sample(32)
        let blob = try await encrypt(key, dataKey)
        let text = try await decrypt(key, blob, 32)
        let made = try await fixture.call("create-datakey", #"{"key_id":"\#(key)"}"#)
        let log = try fixture.auditText().uppercased()
        #expect(log.contains(key.uppercased()))
        for secret in [text, Self.capitals(SHA256.hash(data: dataKey)), try #require(made["plain_text"]?.text)] {
            #expect(!log.contains(secret))
        }
    }

    @Test(arguments: ["create-datakey", "encrypt-datakey", "decrypt-datakey", "create-datakey-without-plaintext"])
    func `A call is recorded with its key`(action: String) async throws {
        let key = try await fixture.createKey()
        let blob = try await encrypt(key, Self.sample(32))
        try await fixture.call(
            action,
            """
            {"key_id":"\(key)","plain_text":"\(Self.withDigest(Self.sample(32)))","datakey_plain_length":"32",\
            "cipher_text":"\(blob)","datakey_cipher_length":"32"}
            """)
        let event = try #require(try fixture.events().last)
        #expect(event["action"]?.text == action)
        #expect(event["outcome"]?.text == "ok")
        #expect(String(decoding: event.jsonText, as: UTF8.self).contains(key))
    }
}
