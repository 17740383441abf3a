import ClavigerCrypto
import Testing

@testable import claviger

@Suite struct JSONValueTextTests {
    private static func value(_ json: String) throws -> JSONValue { try JSONParser.parse(Array(json.utf8)) }

    @Test func `JSON keeps order and numbers`() throws {
        let value = try Self.value(#"{"b":1e400,"a":[],"c":{"d":[true,null,"\u001b\""]},"e":{}}"#)
        let text = """
            {
              "b": 1e400,
              "a": [],
              "c": {
                "d": [
                  true,
                  null,
                  "\\u001b\\""
                ]
              },
              "e": {}
            }
            """
        #expect(value.prettyPrinted == text)
        #expect(try JSONParser.parse(value.compact) == value)
    }

    @Test(arguments: ["yes", "null", "1", "2026-01-01", "0x1", "~", "", "on", "1e3", "true"])
    func `YAML quotes text that looks like something else`(text: String) throws {
        #expect(try JSONValue.members(["a": .text(text)]).yaml() == "a: '\(text)'\n")
    }

    @Test func `YAML writes numbers as they came`() throws {
        #expect(
            try Self.value(#"{"n":18446744073709551616,"f":1.50,"t":true,"z":null,"s":"订单"}"#).yaml()
                == "n: 18446744073709551616\nf: 1.50\nt: true\nz: null\ns: 订单\n")
    }
}
