import ClavigerCrypto
import Testing

@testable import ClavigerAPIHuawei

/// What is bound to ciphertexts: `encryption_context` of the reference and `additional_authenticated_data` of the SDK.
@Suite struct ContextTests {
    /// How a secret is encrypted and decrypted, with members that say what is bound to it.
    enum Way: String, CaseIterable { case data, dataKey }

    private let fixture: HuaweiFixture

    init() async throws { fixture = try await HuaweiFixture() }

    private func encrypt(_ way: Way, _ key: String, _ members: String) async throws -> String {
        let bound = members.isEmpty ? "" : "," + members
        switch way {
        case .data:
            let answer = try await fixture.call(
                "encrypt-data", #"{"key_id":"\#(key)","plain_text":"bound"\#(bound)}"#)
            return try #require(answer["cipher_text"]?.text)
        case .dataKey:
            let answer = try await fixture.call(
                "create-datakey", #"{"key_id":"\#(key)","datakey_length":"256"\#(bound)}"#)
            return try #require(answer["cipher_text"]?.text)
        }
    }

    private func outcome(_ way: Way, _ key: String, _ blob: String, _ members: String) async throws -> String {
        let bound = members.isEmpty ? "" : "," + members
        switch way {
        case .data:
            return try await fixture.outcome("decrypt-data", #"{"cipher_text":"\#(blob)"\#(bound)}"#)
        case .dataKey:
            return try await fixture.outcome(
                "decrypt-datakey",
                #"{"key_id":"\#(key)","cipher_text":"\#(blob)","datakey_cipher_length":"32"\#(bound)}"#)
        }
    }

    /// Groups of texts; those of one group mean the same, and no two groups do.
    private static let meanings: [[String]] = [
        [
            "", #""encryption_context":{}"#, #""encryption_context":null"#, #""additional_authenticated_data":"""#,
            #""additional_authenticated_data":null,"encryption_context":{}"#,
        ],
        [#""encryption_context":{"a":"bc"}"#, #""encryption_context": { "\u0061" : "b\u0063" }"#],
        [#""encryption_context":{"ab":"c"}"#],
        [#""encryption_context":{"a":"b","c":""}"#, #""encryption_context":{"c":"","a":"b"}"#],
        [#""encryption_context":{"a":"b"}"#],
        [#""encryption_context":{"A":"b"}"#],
        [#""encryption_context":{"a":"b","c":"d"}"#, #""encryption_context":{"c":"d","a":"b"}"#],
        [#""encryption_context":{"a":"d","c":"b"}"#],
        [#""encryption_context":{"a":"b\",\"c\":\"d"}"#],
        [#""encryption_context":{"":""}"#],
        // One letter, and the letter with a combining accent: alike to Swift, different to everybody else.
        [#""encryption_context":{"a":"\u00e9"}"#, #""encryption_context":{"a":"é"}"#],
        [#""encryption_context":{"a":"e\u0301"}"#],
        [
            #""additional_authenticated_data":"a""#,
            #""encryption_context":{},"additional_authenticated_data":"\u0061""#,
        ],
        [#""additional_authenticated_data":"{\"a\":\"b\"}""#],
        [#""additional_authenticated_data":"a","encryption_context":{"a":"b"}"#],
        [#""additional_authenticated_data":"b","encryption_context":{"a":"b"}"#],
        [#""additional_authenticated_data":"a","encryption_context":{"a":"bc"}"#],
    ]

    @Test(arguments: Way.allCases)
    func `Texts that mean the same open each other's ciphertexts, and no others do`(way: Way) async throws {
        let key = try await fixture.createKey()
        for (index, meaning) in Self.meanings.enumerated() {
            for text in meaning {
                let blob = try await encrypt(way, key, text)
                for (otherIndex, others) in Self.meanings.enumerated() {
                    for other in others {
                        let expected = index == otherIndex ? "ok" : "KMS.2201"
                        #expect(try await outcome(way, key, blob, other) == expected, "\(text) and \(other)")
                    }
                }
            }
        }
    }

    @Test(arguments: Way.allCases)
    func `A context counts as compact JSON, up to 8192 characters`(way: Way) async throws {
        let key = try await fixture.createKey()
        // {"a":"…"} has 8 characters besides the value.
        for value in [
            String(repeating: "x", count: 8184), String(repeating: "密", count: 8184),
            String(repeating: "🔑", count: 8184), String(repeating: #"\""#, count: 4092),
            String(repeating: #"\n"#, count: 4092), String(repeating: #"\u0001"#, count: 1364),
            String(repeating: #"\u5bc6"#, count: 8184), String(repeating: #"\/"#, count: 8184),
        ] {
            let blank = String(repeating: " ", count: 100)
            let text = #""encryption_context":{\#(blank)"a":\#(blank)"\#(value)"}"#
            #expect(try await outcome(way, key, try await encrypt(way, key, text), text) == "ok", "\(value.prefix(6))")
            let long = #""encryption_context":{"a":"\#(value)x"}"#
            #expect(try await outcome(way, key, String(repeating: "A", count: 376), long) == "KMS.0208")
        }
    }

    @Test(arguments: Way.allCases)
    func `Additional data counts in bytes, up to 128`(way: Way) async throws {
        let key = try await fixture.createKey()
        for (value, fits) in [
            (String(repeating: "x", count: 128), true), (String(repeating: "x", count: 129), false),
            (String(repeating: "é", count: 64), true), (String(repeating: "é", count: 64) + "x", false),
            (String(repeating: "🔑", count: 32), true), (String(repeating: #"\u0000"#, count: 128), true),
        ] {
            let text = #""additional_authenticated_data":"\#(value)""#
            let created = try await fixture.outcome("create-datakey", #"{"key_id":"\#(key)",\#(text)}"#)
            #expect(created == (fits ? "ok" : "KMS.0308"), "\(value.prefix(6))")
            guard fits else { continue }
            #expect(try await outcome(way, key, try await encrypt(way, key, text), text) == "ok")
        }
    }

    @Test func `A name that is there twice is refused`() async throws {
        let key = try await fixture.createKey()
        let outcome = try await fixture.outcome(
            "encrypt-data", #"{"key_id":"\#(key)","plain_text":"x","encryption_context":{"a":"b","a":"b"}}"#)
        #expect(["KMS.0202", "KMS.0208"].contains(outcome))
    }

    @Test func `What is bound is not in the ciphertext`() async throws {
        let key = try await fixture.createKey()
        let blob = try await encrypt(.data, key, #""encryption_context":{"place":"somewhere"}"#)
        let bytes = String(decoding: try Base64.decode(Array(blob.utf8)), as: UTF8.self)
        #expect(!bytes.contains("somewhere") && !bytes.contains("bound"))
    }
}
