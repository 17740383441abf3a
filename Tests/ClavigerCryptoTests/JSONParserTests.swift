import ClavigerTesting
import Testing

@testable import ClavigerCrypto

@Suite struct JSONParserTests {
    @Test(
        arguments: [
            ("{}", .object([])),
            (" \t\r\n{ \t\r\n} \t\r\n", .object([])),
            ("[]", .array([])),
            ("[ ]", .array([])),
            ("null", .null),
            ("true", .bool(true)),
            ("false", .bool(false)),
            ("\"\"", .text("")),
            ("[null,true , false]", .array([.null, .bool(true), .bool(false)])),
            ("[[[]],{\"a\":[{}]}]", .array([.array([.array([])]), .object([.member("a", .array([.object([])]))])])),
            ("{\"a\":1}", .object([.member("a", .digits("1"))])),
            ("{\"\":\"\"}", .object([.member("", .text(""))])),
            ("{\"b\":1,\"a\":2}", .object([.member("b", .digits("1")), .member("a", .digits("2"))])),
            ("{\"a\":1,\"A\":1}", .object([.member("a", .digits("1")), .member("A", .digits("1"))])),
            ("{\"a\":{\"a\":1}}", .object([.member("a", .object([.member("a", .digits("1"))]))])),
            (
                "[{\"a\":1},{\"a\":1}]",
                .array([.object([.member("a", .digits("1"))]), .object([.member("a", .digits("1"))])])
            ),
        ] as [(String, JSONValue)])
    func `A text becomes its value`(text: String, value: JSONValue) throws {
        #expect(try JSONParser.parse(Array(text.utf8)) == value)
    }

    @Test(arguments: [
        "0", "-0", "1", "-1", "10", "1234567890123456789012345678901234567890", "0.0", "0.10", "-0.5", "1.000", "1e1",
        "1E1",
        "1e+1", "1e-1", "1E+01", "0e0", "0e00", "-0.0e-0", "1.5e300000", "1e99999999999999999999",
    ])
    func `A number keeps its text`(text: String) throws {
        #expect(try JSONParser.parse(Array(text.utf8)) == .digits(text))
        #expect(try JSONParser.parse(Array("[\(text) ]".utf8)) == .array([.digits(text)]))
    }

    @Test(arguments: [
        "01", "-01", "00", "1.", ".1", "-.1", "-", "+1", "--1", "1e", "1e+", "1E-", "1e1.5", "1.e1", "0.e1", "0x1",
        "1a", "1_000",
        "1,000", "1 000", "NaN", "-NaN", "nan", "Infinity", "-Infinity", "inf", "１", "1e1e1", "1..2", "1-2", "-a",
    ])
    func `What is no number is refused`(text: String) {
        #expect(throws: JSONParser.Failure.self) { try JSONParser.parse(Array(text.utf8)) }
        #expect(throws: JSONParser.Failure.self) { try JSONParser.parse(Array("[\(text)]".utf8)) == .null }
    }

    @Test(arguments: [
        (#""a\"b""#, "a\"b"),
        (#""\\""#, "\\"),
        (#""\/""#, "/"),
        (#""/""#, "/"),
        (#""\b\f\n\r\t""#, "\u{8}\u{C}\n\r\t"),
        (#""\u0000""#, "\0"),
        (#""\u0061\u00e9\u00E9""#, "aéé"),
        (#""\u20AC\u20ac""#, "€€"),
        (#""\uD83D\uDE00""#, "😀"),
        (#""\ud83d\ude00""#, "😀"),
        (#""\uD800\uDC00\uDBFF\uDFFF""#, "\u{10000}\u{10FFFF}"),
        (#""\uFFFF\uFFFE\uFEFF""#, "\u{FFFF}\u{FFFE}\u{FEFF}"),
        (#""\ud7ff\ue000""#, "\u{D7FF}\u{E000}"),
        (#""é€😀""#, "é€😀"),
        (#""é\n€😀""#, "é\n€😀"),
        ("\"\u{7F}\u{2028}\u{2029}\"", "\u{7F}\u{2028}\u{2029}"),
        ("\"{}[]:,// /* */'\"", "{}[]:,// /* */'"),
        (#""e\u0301""#, "e\u{301}"),
        (#""\\u0061""#, "\\u0061"),
    ])
    func `A string is unescaped`(text: String, content: String) throws {
        // Compared as bytes: equal strings may differ in normalization.
        #expect(try JSONParser.parse(Array(text.utf8)) == .text(content))
        #expect(try JSONParser.parse(Array("{\(text):0}".utf8)) == .object([.member(content, .digits("0"))]))
    }

    @Test(arguments: [
        #"""#, #""a"#, #"'a'"#, #"a"#, #""\"#, #""\""#, #""\a""#, #""\'""#, #""\x41""#, #""\0""#, #""\N""#,
        #""\U0061""#, #""\u""#,
        #""\u0""#, #""\u006""#, #""\u006g""#, #""\u 061""#, #""\u-061""#, #""\u+061""#, #""\u006"#, #""\u0061"#,
        #""\uD83D""#,
        #""\uD83Da""#, #""\uD83D\n""#, #""\uD83D\u""#, #""\uD83D\u0061""#, #""\uD83D\uD83D""#, #""\uDE00""#,
        #""\uDE00\uD83D""#,
        #""\uD83D\\uDE00""#, "\"\n\"", "\"\t\"", "\"\0\"", "\"\u{1F}\"", "\"a\\n\u{1F}\"", "\"\\\n\"", #""é\"#,
        #""\u００61""#,
    ])
    func `What is no string is refused`(text: String) {
        #expect(throws: JSONParser.Failure.self) { try JSONParser.parse(Array(text.utf8)) }
        #expect(throws: JSONParser.Failure.self) { try JSONParser.parse(Array("{\(text):0}".utf8)) }
    }

    @Test(arguments: [
        "", " ", "\u{FEFF}", "\u{FEFF}{}", "{}\u{FEFF}", "/", "/{}", "{}/", "[/1]", "{/\"a\":1}", "\u{A0}{}",
        "{}\u{0B}", "{}\u{0C}", "\u{2028}{}", "{}\0",
        "{} {}", "1 2", "[]]",
        "{}}", "[", "]", "{", "}", ",", ":", "[,]", "[1,]", "[,1]", "[1,,2]", "[1 2]", "[1:2]", "[1", "[1,", "[}", "{]",
        "[1}",
        "{\"a\"}", "{\"a\":}", "{\"a\" 1}", "{\"a\":1", "{\"a\":1,", "{\"a\":1,}", "{,}", "{,\"a\":1}",
        "{\"a\":1 \"b\":2}",
        "{\"a\":1,,\"b\":2}", "{\"a\"::1}", "{\"a\":1:2}", "{\"a\",1}", "{a:1}", "{'a':1}", "{1:1}", "{null:1}",
        "{[]:1}",
        "{\"a\":1]", "nul", "nulll", "Null", "NULL", "tru", "true1", "truefalse", "True", "fals", "undefined",
        "// a\n{}",
        "{}// a", "{/**/}", "#\n{}", "*", "\\u007b}", "<null>", "()", "[1;2]", "{\"a\"=1}", "`a`",
    ])
    func `What is no JSON text is refused`(text: String) {
        #expect(throws: JSONParser.Failure.self) { try JSONParser.parse(Array(text.utf8)) }
    }

    /// Invalid UTF-8, in a string with and without escapes before it and in a name.
    @Test(arguments: ["80", "c080", "c3", "e282", "eda080", "f4908080", "f8888080", "ff", "e28261"])
    func `Invalid UTF-8 is refused`(hex: String) {
        let text = [UInt8](hex: hex)
        let quote = [UInt8(ascii: "\"")]
        for bytes in [
            quote + text + quote, quote + Array("\\n".utf8) + text + quote, quote + text, text,
            Array("{\"a".utf8) + text + Array("\":1}".utf8), Array("[1,2]".utf8) + text,
        ] {
            #expect(throws: JSONParser.Failure.self) { try JSONParser.parse(bytes) }
        }
    }

    @Test(arguments: [
        (#"{"a":1,"a":1}"#, 10), (#"{"a":1,"\u0061":1}"#, 15), (#"{"":1,"":2}"#, 8),
        (#"[{"b":{"a":1,"b":2,"a":3}}]"#, 22),
        (#"{"\ud83d\ude00":1,"😀":2}"#, 24),
    ])
    func `A name given twice is refused`(text: String, offset: Int) {
        let failure = #expect(throws: JSONParser.Failure.self) { try JSONParser.parse(Array(text.utf8)) }
        #expect(failure == JSONParser.Failure(reason: "a name is given twice", offset: offset))
    }

    /// The way in which names are compared depends on their number.
    @Test(arguments: 1...40)
    func `A name given twice among many is refused`(count: Int) throws {
        let names = (0..<count).map { "\"n\($0)\":\($0)" }
        let accepted = try JSONParser.parse(Array("{\(names.joined(separator: ","))}".utf8))
        #expect(accepted["n\(count - 1)"] == .digits("\(count - 1)"))
        for again in names {
            let text = "{\(names.joined(separator: ",")),\(again)}"
            #expect(throws: JSONParser.Failure.self, "\(again)") { try JSONParser.parse(Array(text.utf8)) }
        }
    }

    @Test func `Many names are parsed in a time that is not quadratic`() throws {
        let names = (0..<50_000).map { "\"n\($0)\":0" }.joined(separator: ",")
        let time = try ProcessorTime.ofThread { _ = try JSONParser.parse(Array("{\(names)}".utf8)) }
        // A comparison of every two names takes minutes in a debug build.
        #expect(time < .seconds(20))
    }

    @Test(arguments: [("[", "]"), ("{\"a\":", "}")])
    func `Thirty-two levels are parsed and no more`(open: String, close: String) throws {
        func nested(_ levels: Int) -> [UInt8] {
            let inner = open == "[" ? "" : "{}"
            let around = open == "[" ? levels : levels - 1
            return Array(
                (String(repeating: open, count: around) + inner + String(repeating: close, count: around)).utf8)
        }
        _ = try JSONParser.parse(nested(32))
        #expect(throws: JSONParser.Failure.self) { try JSONParser.parse(nested(33)) }
        #expect(throws: JSONParser.Failure.self) { try JSONParser.parse(nested(100_000)) }
        #expect(throws: JSONParser.Failure.self) {
            try JSONParser.parse(Array(String(repeating: open, count: 100_000).utf8))
        }
    }

    @Test func `A hundred thousand values are parsed and no more`() throws {
        func array(_ elements: Int) -> [UInt8] {
            Array("[\(repeatElement("0", count: elements).joined(separator: ","))]".utf8)
        }
        _ = try JSONParser.parse(array(99_999))
        #expect(throws: JSONParser.Failure.self) { try JSONParser.parse(array(100_000)) }
    }

    @Test func `Every beginning of a text is refused`() throws {
        let text = Array(#"{"a\n":[1.5e-3,{"b":"é\uD83D\uDE00"},true,false,null],"c":{}}"#.utf8)
        _ = try JSONParser.parse(text)
        for end in 0..<text.count {
            #expect(throws: JSONParser.Failure.self, "\(end) bytes") { try JSONParser.parse(Array(text[..<end])) }
        }
    }

    @Test(arguments: [("[1,x]", 3), ("{\"a\":1}x", 7), ("", 0), ("\"a", 2), ("[01]", 2), ("\"\\q\"", 2), ("[1", 2)])
    func `A failure tells where`(text: String, offset: Int) {
        let failure = #expect(throws: JSONParser.Failure.self) { try JSONParser.parse(Array(text.utf8)) }
        #expect(failure?.offset == offset)
    }
}

extension JSONValue {
    static func text(_ content: String) -> JSONValue { .string(Array(content.utf8)[...]) }
    static func digits(_ content: String) -> JSONValue { .number(Array(content.utf8)[...]) }
}

extension JSONValue.Member {
    static func member(_ name: String, _ value: JSONValue) -> JSONValue.Member {
        JSONValue.Member(name: Array(name.utf8)[...], value: value)
    }
}
