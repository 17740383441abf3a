import ClavigerCrypto
import Testing

@testable import ClavigerAPIAdmin

@Suite struct JSONMemberTextTests {
    @Test(arguments: [
        (#"{"a":{"b":[1, 2]}}"#, #"{"b":[1, 2]}"#), (#" { "x" : "a" , "a" : { "b" : 1 } } "#, #"{ "b" : 1 }"#),
        (#"{"x":{"a":1},"a":2}"#, "2"), (#"{"x":["a",{"a":3}],"a":[4]}"#, "[4]"),
        (#"{"x":"\"a\":5","a":"6\"}"}"#, #""6\"}""#), (#"{"\u0061":7}"#, "7"), (#"{"a":true,"b":1}"#, "true"),
        ("{\"x\":-1.5e3\n,\"a\":null\n}", "null"), (#"{"x":"\\","a":{"b":"\\"}}"#, #"{"b":"\\"}"#),
        (#"{"x":{},"y":[],"a":{"}":"]"}}"#, #"{"}":"]"}"#),
    ])
    func `The text of a member is found as it stands`(object: String, text: String) throws {
        let bytes = Array(object.utf8)
        let found = try #require(JSONMemberText.find("a", in: bytes))
        #expect(String(decoding: found, as: UTF8.self) == text)
        #expect(try JSONParser.parse(Array(found)) == JSONParser.parse(bytes)["a"])
    }

    @Test(arguments: ["{}", #"{"b":"a"}"#, #"{"b":{"a":1}}"#, #"{"A":1}"#])
    func `What is not there is not found`(object: String) {
        #expect(JSONMemberText.find("a", in: Array(object.utf8)) == nil)
    }
}
