import Testing

@testable import ClavigerCrypto

@Suite struct JSONWriterTests {
    @Test func `Structure and commas are right`() {
        var writer = JSONWriter()
        writer.object { writer in
            writer.member("string", "a")
            writer.member("integer", -12)
            writer.member("bool", true)
            writer.name("null")
            writer.null()
            writer.name("empty")
            writer.object { _ in }
            writer.name("none")
            writer.array([Int]()) { $0.integer($1) }
            writer.name("numbers")
            writer.array([1, 2, 3]) { $0.integer($1) }
            writer.name("objects")
            writer.array(["x", "y"]) { writer, text in writer.object { $0.member("name", text) } }
            writer.name("raw")
            writer.raw(Array("{\"a\":[]}".utf8))
            writer.name("last")
            writer.bool(false)
        }
        let expected =
            #"{"string":"a","integer":-12,"bool":true,"null":null,"empty":{},"none":[],"numbers":[1,2,3],"#
            + #""objects":[{"name":"x"},{"name":"y"}],"raw":{"a":[]},"last":false}"#
        #expect(String(decoding: writer.bytes, as: UTF8.self) == expected)
    }

    @Test(arguments: [
        ("", #""""#),
        ("plain / text", #""plain / text""#),
        ("a\"b\\c", #""a\"b\\c""#),
        ("\n\r\t", #""\n\r\t""#),
        ("\u{0}\u{8}\u{B}\u{C}\u{1F}", #""\u0000\u0008\u000b\u000c\u001f""#),
        ("\u{7F}é€😀\u{2028}", "\"\u{7F}é€😀\u{2028}\""),
        ("\"\"", #""\"\"""#),
    ])
    func `A string is escaped`(text: String, json: String) {
        var writer = JSONWriter()
        writer.string(text)
        #expect(String(decoding: writer.bytes, as: UTF8.self) == json)
        var second = JSONWriter()
        second.string(Array(text.utf8)[...])
        #expect(second.bytes == writer.bytes)
    }

    @Test func `Every scalar comes back from the parser`() throws {
        let ranges: [ClosedRange<UInt32>] = [
            0...0x2FF, 0x7F0...0x810, 0xD700...0xE100, 0xFF00...0x100FF, 0x10FF00...0x10FFFF,
        ]
        for value in ranges.joined() {
            guard let scalar = Unicode.Scalar(value) else { continue }
            let text = "a\(Character(scalar))b"
            var writer = JSONWriter(capacity: 0)
            writer.string(text)
            #expect(try JSONParser.parse(writer.bytes) == .text(text), "scalar \(value)")
        }
    }

    @Test(arguments: [Int64.min, -1000, -10, -9, -1, 0, 1, 9, 10, 11, 99, 100, .max])
    func `An integer is written in decimal`(value: Int64) {
        var writer = JSONWriter()
        writer.integer(value)
        #expect(String(decoding: writer.bytes, as: UTF8.self) == "\(value)")
    }

    @Test func `An integer of any width is written`() {
        var writer = JSONWriter()
        writer.array([UInt64.max, 0]) { $0.integer($1) }
        #expect(String(decoding: writer.bytes, as: UTF8.self) == "[18446744073709551615,0]")
        var narrow = JSONWriter()
        narrow.array([Int8.min, .max, 5]) { $0.integer($1) }
        #expect(String(decoding: narrow.bytes, as: UTF8.self) == "[-128,127,5]")
    }

    @Test(arguments: 0...10)
    func `Bytes are written in base64`(size: Int) throws {
        let bytes = [UInt8](repeating: 0xFB, count: size)
        var writer = JSONWriter()
        writer.object { writer in
            writer.name("a")
            bytes.withUnsafeBytes { writer.base64($0) }
            writer.member("b", 1)
        }
        let value = try JSONParser.parse(writer.bytes)
        #expect(value["a"]?.text == Base64.string(bytes))
        #expect(value["b"] == .digits("1"))
    }
}
