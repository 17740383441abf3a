import Testing

@testable import ClavigerCrypto

@Suite struct EncryptionContextTests {
    private func context(_ text: String) throws -> EncryptionContext {
        try EncryptionContext(json: Array(text.utf8))
    }

    // MARK: published encodings

    @Test(arguments: CiphertextVectors.file.contexts)
    func `Texts that mean the same have the encoding of the vectors`(vector: CiphertextVectors.Context) throws {
        for text in vector.texts { #expect(try Hex.string(context(text).encoded) == vector.encoded, "\(text)") }
    }

    @Test(arguments: CiphertextVectors.file.additionalData)
    func `Additional data has the encoding of the vectors`(vector: CiphertextVectors.AdditionalData) {
        let context = EncryptionContext(additionalData: [UInt8](hex: vector.data))
        #expect(Hex.string(context.encoded) == vector.encoded)
    }

    @Test(arguments: CiphertextVectors.file.contextsWithData)
    func `A context with additional data has the encoding of the vectors`(
        vector: CiphertextVectors.ContextWithData
    ) throws {
        for text in vector.texts {
            let both = try EncryptionContext(context(text), additionalData: [UInt8](hex: vector.data))
            #expect(Hex.string(both.encoded) == vector.encoded, "\(text)")
        }
    }

    @Test(arguments: CiphertextVectors.file.refusedContexts)
    func `Texts that the vectors refuse are refused`(vector: CiphertextVectors.RefusedContext) {
        #expect(throws: CryptoError.malformed, "\(vector.name)") { try context(vector.text) }
    }

    // MARK: equality

    @Test(arguments: [
        [#"{"a":"1","b":"2"}"#, #"{"b":"2","a":"1"}"#, " {\n\"b\" :\t\"2\" ,\r\"a\": \"1\" } "],
        [#"{"a":"/"}"#, #"{"a":"\/"}"#, #"{"\u0061":"\u002f"}"#, #"{"a":"\u002F"}"#],
        [#"{"a":"😀"}"#, #"{"a":"\uD83D\uDE00"}"#, #"{"a":"\ud83d\uDe00"}"#],
        [#"{"a":"\n\t"}"#, #"{"a":"\u000a\u0009"}"#],
        [
            #"{"a":1}"#, #"{"a":1.0}"#, #"{"a":10e-1}"#, #"{"a":1E0}"#, #"{"a":1e+0}"#, #"{"a":0.1e1}"#, #"{"a":1e-0}"#,
            #"{"a":1e00}"#,
        ],
        [#"{"a":0}"#, #"{"a":-0}"#, #"{"a":0.0}"#, #"{"a":-0.00e5}"#, #"{"a":0e-5}"#],
        [#"{"a":100}"#, #"{"a":1e2}"#, #"{"a":1.00e2}"#, #"{"a":1000e-1}"#, #"{"a":0.001e5}"#],
        [#"{"a":-1.5}"#, #"{"a":-15e-1}"#, #"{"a":-0.15E+1}"#, #"{"a":-1.50}"#],
        [#"{"a":1e2147483647}"#, #"{"a":10e2147483646}"#, #"{"a":1.0e2147483647}"#],
        [#"{"a":{"b":1,"c":[{"d":1,"e":2}]}}"#, #"{"a":{"c":[{"e":2.0,"d":1}],"b":1e0}}"#],
        ["{}", " { } ", "\n{\t}\r"],
    ])
    func `Texts that mean the same are equal`(texts: [String]) throws {
        let contexts = try texts.map(context)
        #expect(Set(contexts).count == 1)
        #expect(Set(contexts.map(\.encoded)).count == 1)
    }

    /// No two of these mean the same.
    static let different = [
        "{}", #"{"a":""}"#, #"{"a":"1"}"#, #"{"a":1}"#, #"{"a":"1.0"}"#, #"{"a":10}"#, #"{"a":-1}"#, #"{"a":0.1}"#,
        #"{"a":1.0000000001}"#,
        #"{"a":0}"#, #"{"a":"0"}"#, #"{"a":1e400}"#, #"{"a":1e401}"#, #"{"a":1e-400}"#, #"{"a":9007199254740993}"#,
        #"{"a":9007199254740992}"#, #"{"A":"1"}"#, #"{"a":true}"#, #"{"a":"true"}"#, #"{"a":false}"#, #"{"a":null}"#,
        #"{"a":"null"}"#,
        #"{"a":{}}"#, #"{"a":[]}"#, #"{"a":"{}"}"#, #"{"a":["1"]}"#, #"{"a":[["1"]]}"#, #"{"a":[[],"1"]}"#,
        #"{"a":["1",[]]}"#,
        #"{"a":["1","2"]}"#, #"{"a":["2","1"]}"#, #"{"a":["12"]}"#, #"{"a":{"1":null}}"#, #"{"a":{"b":"1"}}"#,
        #"{"a":{},"b":"1"}"#,
        #"{"a":"1","b":"2"}"#, #"{"a":"2","b":"1"}"#, #"{"a":"1","b":null}"#, #"{"ab":"1"}"#, #"{"a":"b1"}"#,
        #"{"":"a1"}"#, #"{"a1":""}"#,
        #"{"a ":"1"}"#, #"{"a":" 1"}"#, #"{"a":"1\u0000"}"#, "{\"a\":\"\u{E9}\"}", "{\"a\":\"e\u{301}\"}",
        #"{"a":"\\u0031"}"#,
        #"{"a":"b","c":"d"}"#, #"{"a":"b\",\"c\":\"d"}"#,
    ]

    @Test func `Texts that mean something else are different`() throws {
        var seen: [[UInt8]: String] = [:]
        for text in Self.different {
            let before = seen.updateValue(text, forKey: try context(text).encoded)
            #expect(before == nil, "\(text) is \(before ?? "")")
        }
    }

    /// A code in which no word begins another can be cut into its parts in one way only.
    @Test func `No encoding is the beginning of another`() throws {
        let encodings = try Self.different.map { try context($0).encoded }
        for first in encodings {
            for second in encodings where first != second { #expect(!second.starts(with: first)) }
        }
    }

    @Test func `The empty object is no context`() throws {
        #expect(try context("{}") == .empty)
        #expect(EncryptionContext.empty.encoded == [0])
    }

    @Test(arguments: Self.different)
    func `Additional data is no context`(text: String) throws {
        let context = try context(text)
        #expect(EncryptionContext(additionalData: Array(text.utf8)) != context)
        #expect(EncryptionContext(additionalData: context.encoded) != context)
        #expect(EncryptionContext(additionalData: Array(context.encoded.dropFirst())) != context)
        #expect(EncryptionContext(additionalData: []) != context)
    }

    @Test func `Additional data counts byte for byte`() {
        #expect(EncryptionContext(additionalData: [1, 2]) == EncryptionContext(additionalData: [1, 2]))
        #expect(EncryptionContext(additionalData: [1, 2]) != EncryptionContext(additionalData: [1, 2, 0]))
        #expect(
            EncryptionContext(additionalData: Array("{\"a\":1}".utf8))
                != EncryptionContext(additionalData: Array("{\"a\": 1}".utf8)))
    }

    // MARK: a context and additional data

    @Test(arguments: Self.different)
    func `Beside nothing, a context and additional data are what they are alone`(text: String) throws {
        let context = try context(text)
        #expect(EncryptionContext(context, additionalData: []) == context)
        let data = Array(text.utf8)
        #expect(EncryptionContext(.empty, additionalData: data) == EncryptionContext(additionalData: data))
        #expect(
            try EncryptionContext(self.context(" { } "), additionalData: data)
                == EncryptionContext(additionalData: data))
    }

    @Test func `Nothing beside nothing is no context`() {
        #expect(EncryptionContext(.empty, additionalData: []) == .empty)
    }

    @Test func `Texts that mean the same are equal beside the same data`() throws {
        let both = try [#"{"a":1,"b":"\u0063"}"#, #" {"b":"c", "a":10e-1} "#].map {
            EncryptionContext(try context($0), additionalData: [1, 2])
        }
        #expect(both[0] == both[1])
        #expect(both[0].encoded == both[1].encoded)
    }

    /// Contexts and data of which some are the encodings of others, so that a boundary in a wrong place shows.
    static let combinations: [(context: String, data: [UInt8])] = {
        let contexts = ["{}", #"{"a":"bc"}"#, #"{"ab":"c"}"#, #"{"a":"b"}"#, #"{"a":"b","c":"d"}"#]
        let bytes = contexts.compactMap { try? EncryptionContext(json: Array($0.utf8)).encoded }
        let data =
            [[], [0], [1], [2], [3], Array("bc".utf8)] + contexts.map { Array($0.utf8) } + bytes.dropFirst()
            + bytes.map { EncryptionContext(additionalData: $0).encoded } + bytes.dropFirst().map { $0 + $0 }
        return contexts.flatMap { context in data.map { (context, $0) } }
    }()

    @Test func `Whatever differs in the context or in the data makes another whole`() throws {
        var seen: [[UInt8]: String] = [:]
        for (text, data) in Self.combinations {
            let both = try EncryptionContext(context(text), additionalData: data)
            let before = seen.updateValue("\(text) with \(data)", forKey: both.encoded)
            #expect(before == nil, "\(text) with \(data) is \(before ?? "")")
        }
        #expect(seen.count == Self.combinations.count)
        let encodings = Array(seen.keys)
        for first in encodings {
            for second in encodings where first != second { #expect(!second.starts(with: first)) }
        }
    }

    @Test func `A context and data do not change places`() throws {
        let (left, right) = (#"{"a":"b"}"#, #"{"c":"d"}"#)
        let both = EncryptionContext(try context(left), additionalData: Array(right.utf8))
        #expect(both != EncryptionContext(try context(right), additionalData: Array(left.utf8)))
        #expect(try both != context(left))
        #expect(try both != context(#"{"a":"b","c":"d"}"#))
        #expect(both != EncryptionContext(additionalData: Array(right.utf8)))
        #expect(both != EncryptionContext(additionalData: Array((left + right).utf8)))
    }

    // MARK: refusals

    @Test(arguments: [
        "", " ", "null", "true", "1", "\"a\"", "[]", "[{}]", "{", "{}}", "{\"a\"}", "{\"a\":1,}", "{\"a\":01}",
        "{\"a\":1.}", "{\"a\":+1}",
        "{\"a\":NaN}", "{a:1}", "\u{FEFF}{}", #"{"a":1,"a":1}"#, #"{"a":1,"\u0061":1}"#, #"{"a":{"b":1,"b":2}}"#,
        #"{"a":"\ud800"}"#,
        #"{"a":1e2147483648}"#, #"{"a":1e-2147483649}"#, #"{"a":0e2147483648}"#, #"{"a":1e99999999999999999999}"#,
    ])
    func `Text that is no JSON object with clear values is refused`(text: String) {
        #expect(throws: CryptoError.malformed) { try context(text) }
    }

    @Test func `Invalid UTF-8 is refused`() {
        #expect(throws: CryptoError.malformed) {
            try EncryptionContext(json: Array("{\"a\":\"".utf8) + [0xC0, 0x80] + Array("\"}".utf8))
        }
    }

    @Test func `A number's digits are not limited`() throws {
        let digits = String(repeating: "1234567890", count: 1000)
        #expect(try context("{\"a\":\(digits)}") == context("{\"a\":\(digits)000e-3}"))
        #expect(try context("{\"a\":\(digits)}") != context("{\"a\":\(digits)1}"))
    }

    @Test(arguments: [JSONValue.null, .bool(true), .text("{}"), .digits("1"), .array([])])
    func `A value that is no object is refused`(value: JSONValue) {
        #expect(throws: CryptoError.malformed) { try EncryptionContext(value) }
    }

    @Test func `A value with a name twice is refused`() {
        let members: [JSONValue.Member] = [.member("a", .null), .member("b", .null), .member("a", .null)]
        #expect(throws: CryptoError.malformed) { try EncryptionContext(.object(members)) }
        #expect(throws: CryptoError.malformed) { try EncryptionContext(.object([.member("c", .object(members))])) }
    }

    @Test func `A parsed value is the same context as its text`() throws {
        let value = JSONValue.object([.member("b", .digits("1.0")), .member("a", .text("x"))])
        #expect(try EncryptionContext(value) == context(#"{"a":"x","b":1}"#))
        #expect(try EncryptionContext(JSONValue.object([])) == .empty)
    }
}
