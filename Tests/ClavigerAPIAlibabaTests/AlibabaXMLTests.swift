import ClavigerCore
import ClavigerCrypto
import Testing

@testable import ClavigerAPIAlibaba

@Suite struct AlibabaXMLTests {
    private static let declaration = "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n"

    private static func document(_ json: String, root: StaticString = "KMS") throws(KMSError) -> String {
        String(decoding: try AlibabaXML.document(root: root, json: Array(json.utf8)).bytes, as: UTF8.self)
    }

    @Test(arguments: [
        (#"{}"#, "<KMS></KMS>"), (#"{"RequestId":"r"}"#, "<KMS><RequestId>r</RequestId></KMS>"),
        (#"{"B":"1","A":"2"}"#, "<KMS><B>1</B><A>2</A></KMS>"), (#"{"A":""}"#, "<KMS><A></A></KMS>"),
        (#"{"A":null}"#, "<KMS><A></A></KMS>"),
        (
            #"{"KeyMetadata":{"KeyId":"k","Arn":"a"},"RequestId":"r"}"#,
            "<KMS><KeyMetadata><KeyId>k</KeyId><Arn>a</Arn></KeyMetadata><RequestId>r</RequestId></KMS>"
        ),
        (#"{"A":{"B":{"C":{}}}}"#, "<KMS><A><B><C></C></B></A></KMS>"),
        (#"{"value":"1","Value":true}"#, "<KMS><value>1</value><Value>true</Value></KMS>"),
        (#"{"a_b-c.d1":"x","_":"y"}"#, "<KMS><a_b-c.d1>x</a_b-c.d1><_>y</_></KMS>"),
    ])
    func `An object's members are elements in their order`(json: String, xml: String) throws {
        #expect(try Self.document(json) == Self.declaration + xml)
    }

    @Test(arguments: [
        (
            #"{"Keys":{"Key":[{"KeyId":"a","KeyArn":"x"},{"KeyId":"b","KeyArn":"y"}]},"TotalCount":2}"#,
            "<KMS><Keys><Key><KeyId>a</KeyId><KeyArn>x</KeyArn></Key><Key><KeyId>b</KeyId><KeyArn>y</KeyArn></Key></Keys>"
                + "<TotalCount>2</TotalCount></KMS>"
        ),
        (
            #"{"VersionStages":{"VersionStage":["ACSCurrent","v 1"]}}"#,
            "<KMS><VersionStages><VersionStage>ACSCurrent</VersionStage><VersionStage>v 1</VersionStage></VersionStages></KMS>"
        ),
        (#"{"A":{"B":["x"]}}"#, "<KMS><A><B>x</B></A></KMS>"), (#"{"A":{"B":[""]}}"#, "<KMS><A><B></B></A></KMS>"),
        (#"{"A":{"B":[{}, {}]}}"#, "<KMS><A><B></B><B></B></A></KMS>"),
        (#"{"A":[1,true]}"#, "<KMS><A>1</A><A>true</A></KMS>"),
        (#"{"Keys":{"Key":[]}}"#, "<KMS><Keys></Keys></KMS>"), (#"{"A":[]}"#, "<KMS></KMS>"),
        (
            #"{"A":{"B":[{"C":{"D":["1","2"]}},{"C":{"D":[]}}]}}"#,
            "<KMS><A><B><C><D>1</D><D>2</D></C></B><B><C></C></B></A></KMS>"
        ),
    ])
    func `A list repeats the element of its name`(json: String, xml: String) throws {
        #expect(try Self.document(json) == Self.declaration + xml)
    }

    @Test(arguments: [
        ("true", "true"), ("false", "false"), ("0", "0"), ("-1", "-1"), ("100", "100"),
        ("18446744073709551616", "18446744073709551616"), ("1.50", "1.50"), ("1e3", "1e3"),
    ])
    func `Numbers and booleans are written as in JSON`(json: String, text: String) throws {
        #expect(try Self.document("{\"A\":\(json)}") == Self.declaration + "<KMS><A>\(text)</A></KMS>")
    }

    @Test(arguments: [
        (#"a&b<c>d"#, "a&amp;b&lt;c&gt;d"), (#"]]>"#, "]]&gt;"), (#"&amp;"#, "&amp;amp;"), (#"'\""#, "'\""),
        (#"</A><B>"#, "&lt;/A&gt;&lt;B&gt;"), (#"<!--"#, "&lt;!--"), (#"<![CDATA["#, "&lt;![CDATA["),
        // With a mark behind it, a sign is one character with the mark, and a search for the sign alone would miss it.
        ("<\u{338}", "&lt;\u{338}"), (">\u{338}", "&gt;\u{338}"), ("&\u{301}", "&amp;\u{301}"),
        ("<\u{FE0F}", "&lt;\u{FE0F}"),
        (#"a\rb"#, "a&#13;b"), (#"a\r\nb"#, "a&#13;\nb"), (#"\r"#, "&#13;"), (#"\t\n"#, "\t\n"), ("  a ", "  a "),
        (#"\u0000"#, "\u{FFFD}"), (#"a\u0001\u0008b"#, "a\u{FFFD}\u{FFFD}b"),
        (#"\u000b\f\u000e\u001f"#, "\u{FFFD}\u{FFFD}\u{FFFD}\u{FFFD}"),
        (#"\ufffe\uffff"#, "\u{FFFD}\u{FFFD}"), ("\u{FFFE}x", "\u{FFFD}x"),
        (#"\ufffd\uffbe\uffbf"#, "\u{FFFD}\u{FFBE}\u{FFBF}"),
        ("\u{7F}\u{85}\u{2028}", "\u{7F}\u{85}\u{2028}"), ("é雪🔑", "é雪🔑"), (#"\ud83d\udd11"#, "🔑"),
        ("e\u{301}", "e\u{301}"), ("\u{1FFFE}", "\u{1FFFE}"),
        ("\u{D7FF}\u{E000}\u{10FFFF}", "\u{D7FF}\u{E000}\u{10FFFF}"),
        ("¾¿ﾾ﾿", "¾¿ﾾ﾿"),
    ])
    func `Text is escaped so that every parser reads it back, and what XML cannot have is replaced`(
        json: String, xml: String
    ) throws {
        let document = try Self.document("{\"A\":\"\(json)\",\"B\":{\"C\":[\"\(json)\"]}}")
        let expected = Self.declaration + "<KMS><A>\(xml)</A><B><C>\(xml)</C></B></KMS>"
        // As bytes: texts with other marks in another order would be equal as strings.
        #expect(Array(document.utf8) == Array(expected.utf8))
    }

    @Test(arguments: [
        ("plain <&> \\r\\n\\t é 雪 😀", true), ("\\u0001", false), ("\\ufffe", false), ("\\uffff", false),
        ("\\ufffd", true),
        ("\\u001f", false), ("\\u007f", true),
    ])
    func `A document tells whether a character has another's place`(text: String, isExact: Bool) throws {
        #expect(try AlibabaXML.document(root: "KMS", json: Array("{\"A\":\"\(text)\"}".utf8)).isExact == isExact)
    }

    @Test func `The root is named by the caller`() throws {
        #expect(
            try Self.document(#"{"Code":"Forbidden.KeyNotFound"}"#, root: "Error")
                == Self.declaration + "<Error><Code>Forbidden.KeyNotFound</Code></Error>")
    }

    @Test func `A long list and a long text are written whole`() throws {
        let text = String(repeating: "<é&", count: 10_000)
        let json = #"{"A":{"B":[\#(Array(repeating: "\"\(text)\"", count: 20).joined(separator: ","))]}}"#
        let element = "<B>" + String(repeating: "&lt;é&amp;", count: 10_000) + "</B>"
        #expect(
            try Self.document(json)
                == Self.declaration + "<KMS><A>" + String(repeating: element, count: 20) + "</A></KMS>")
    }

    @Test(arguments: [
        "", "x", #"{"A":}"#, "[]", "[{}]", "\"text\"", "1", "true", "null", #"{"A":[[]]}"#, #"{"A":[["x"]]}"#,
        #"{"":"x"}"#, #"{"a b":"x"}"#, #"{"1a":"x"}"#, #"{"-a":"x"}"#, #"{".a":"x"}"#, #"{"a:b":"x"}"#, #"{"a>":"x"}"#,
        #"{"a/":"x"}"#, #"{"é":"x"}"#, ##"{"#CDATA":"x"}"##, #"{"a\u0000":"x"}"#, #"{"A":{"B":[{"<":1}]}}"#,
        #"{"A":"1","A":"2"}"#,
    ])
    func `What has no form in XML is refused`(json: String) {
        let error = #expect(throws: KMSError.self) { try Self.document(json) }
        #expect(error?.code == .internalFailure)
    }
}
