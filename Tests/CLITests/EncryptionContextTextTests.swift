import ArgumentParser
import ClavigerCrypto
import Testing

@testable import claviger

@Suite struct EncryptionContextTextTests {
    private static func pairs(_ texts: String...) throws -> [KeyValue] {
        try texts.map { try #require(KeyValue(argument: $0)) }
    }

    @Test func `Pairs become a JSON object`() throws {
        let pairs = try Self.pairs("tenant=7", #"a"b=c=\d"#, "empty=")
        #expect(
            try EncryptionContextText.make(pairs: pairs, json: nil, flag: "context")
                == #"{"tenant":"7","a\"b":"c=\\d","empty":""}"#)
    }

    @Test func `Without a context nothing is sent`() throws {
        #expect(try EncryptionContextText.make(pairs: [], json: nil, flag: "context") == nil)
    }

    @Test(arguments: ["", "[]", "7", "{\"a\":1,\"a\":2}", "{"])
    func `JSON that is no object is refused`(json: String) {
        #expect(throws: ValidationError.self) { try EncryptionContextText.make(pairs: [], json: json, flag: "context") }
    }

    @Test func `A name given twice is refused`() throws {
        let pairs = try Self.pairs("a=1", "a=2")
        #expect(throws: ValidationError.self) {
            try EncryptionContextText.make(pairs: pairs, json: nil, flag: "context")
        }
    }

    @Test(arguments: ["", "a", "=b"])
    func `A pair has a name and an equals sign`(text: String) {
        #expect(KeyValue(argument: text) == nil)
    }
}
