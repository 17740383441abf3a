import Testing

@testable import ClavigerCrypto

@Suite struct JSONValueTests {
    @Test func `A member is found by its name`() throws {
        let value = try JSONParser.parse(Array(#"{"a":1,"é":{"b":"c"}}"#.utf8))
        #expect(value["a"] == .digits("1"))
        #expect(value["é"]?["b"]?.text == "c")
        #expect(value["A"] == nil)
        #expect(value["a"]?["b"] == nil)
    }

    /// The two spellings of é are equal as Swift strings, but not as names.
    @Test func `A name is compared by its bytes`() throws {
        let value = try JSONParser.parse(Array("{\"e\u{301}\":1}".utf8))
        #expect(value["\u{E9}"] == nil)
        #expect(value["e\u{301}"] == .digits("1"))
    }

    @Test(arguments: [JSONValue.null, .bool(true), .digits("1"), .array([]), .object([])])
    func `Only a string has text`(value: JSONValue) {
        #expect(value.text == nil)
        #expect(JSONValue.text("a").text == "a")
    }
}
