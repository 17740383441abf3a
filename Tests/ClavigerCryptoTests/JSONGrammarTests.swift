import Testing

@testable import ClavigerCrypto

@Suite struct JSONGrammarTests {
    @Test(arguments: [
        "{}", " \t\r\n{ \t\r\n} \t\r\n", #"{"a":1}"#, #"{ "a" : [ ] , "b" : { } }"#,
        #"{"a":[1,2,{"b":[[]]}],"c":null}"#,
        #"{"a":true,"b":false,"c":-0.5e+10,"d":0,"e":1E-2}"#, #"{"\"\\\/\b\f\n\r\t\u00e9":"中 \#u{7F}"}"#,
        // What JSONParser refuses.
        #"{"a":1,"a":2}"#, #"{"a":"\ud800"}"#, #"{"a":"\udc00\ud800"}"#,
        #"{"a":\#(String(repeating: "[", count: 1000))\#(String(repeating: "]", count: 1000))}"#,
        String(repeating: #"{"a":"#, count: 300) + "0" + String(repeating: "}", count: 300),
    ])
    func `An object is one`(text: String) {
        #expect(JSONGrammar.isObject(text))
    }

    @Test(arguments: [
        "", " ", "{", "}", "[]", "\"{}\"", "1", "null", "{}{}", "{},", "{}x", "\u{FEFF}{}", "{\u{A0}}", "{,}",
        #"{"a"}"#, #"{"a":}"#,
        #"{"a":1,}"#, #"{"a":1 "b":2}"#, #"{"a":1;"b":2}"#, #"{a:1}"#, #"{'a':1}"#, #"{1:1}"#, #"{"a":[1,]}"#,
        #"{"a":[,1]}"#,
        #"{"a":[1}"#, #"{"a":[1]"#, #"{"a":{]}"#, #"{"a":01}"#, #"{"a":1.}"#, #"{"a":.1}"#, #"{"a":+1}"#, #"{"a":-}"#,
        #"{"a":1e}"#,
        #"{"a":1e+}"#, #"{"a":0x1}"#, #"{"a":NaN}"#, #"{"a":tru}"#, #"{"a":True}"#, #"{"a":nulll}"#, #"{"a":"b}"#,
        #"{"a":"\"}"#,
        #"{"a":"\x"}"#, #"{"a":"\x1}"#, #"{"a":"\x1"}"#, #"{"a":"\u12"}"#, #"{"a":"\u12g4"}"#, #"{"a":"\u123"#,
        "{\"a\":\"\n\"}", "{\"a\":\"\0\"}",
        "{}\0",
        #"{"a":1/**/}"#, #"{"a":1}//"#, String(repeating: "[", count: 2048), String(repeating: #"{"":"#, count: 400),
    ])
    func `Anything else is none`(text: String) {
        #expect(!JSONGrammar.isObject(text))
    }

    @Test func `It takes what the parser takes, and besides only what programs disagree about`() {
        var random = SystemRandomNumberGenerator()
        let pieces = [
            "{", "}", "[", "]", ",", ":", "\"a\"", "\"b\"", "\"", "\\", "\\u", "\"\\n\"", "d800", "\"\\ud800\"", "0",
            "-1.5e3", ".",
            "e", "true", "null", " ", "{}", "[]", "\"a\":", "\"b\":1", ",\"c\":", "\u{1}", "é",
        ]
        var accepted = 0
        for _ in 0..<100_000 {
            var text = "{"
            for _ in 0..<Int.random(in: 0...7, using: &random) { text += pieces.randomElement(using: &random)! }
            text += "}"
            let isObject = JSONGrammar.isObject(text)
            accepted += isObject ? 1 : 0
            do throws(JSONParser.Failure) {
                let value = try JSONParser.parse(Array(text.utf8))
                guard case .object = value else { continue }
                #expect(isObject, "\(text)")
            } catch {
                let isLenient = ["a name is given twice", "half a surrogate pair"].contains(error.reason)
                #expect(!isObject || isLenient, "\(text): \(error.reason)")
            }
        }
        #expect(accepted > 100)
    }
}
