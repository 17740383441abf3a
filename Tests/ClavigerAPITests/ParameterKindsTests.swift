import ClavigerCore
import ClavigerCrypto
import Testing

@testable import ClavigerAPI

@Suite struct ParameterKindsTests {
    private static let table: [Parameter] = [.optional("flag", .boolean), .optional("thing", .any, "whatever")]

    private func values(_ json: String) throws -> ParameterValues {
        guard case .object(let members) = try JSONParser.parse(Array(json.utf8)) else {
            preconditionFailure("no object")
        }
        return try ParameterValues(members, table: Self.table)
    }

    @Test(arguments: [("true", true), ("false", false), ("null", nil)] as [(String, Bool?)])
    func `A boolean is read`(text: String, value: Bool?) throws {
        #expect(try values(#"{"flag":\#(text)}"#).boolean("flag") == value)
    }

    @Test(arguments: ["0", "1", #""true""#, "[]", "{}", "[true]"])
    func `A boolean is nothing else`(text: String) {
        let error = #expect(throws: KMSError.self) { try values(#"{"flag":\#(text)}"#) }
        #expect(error?.code == .invalidParameter)
    }

    @Test(arguments: ["1", #""x""#, "true", "[1]", #"{"a":{"b":2}}"#])
    func `Anything is taken as it is`(text: String) throws {
        #expect(try values(#"{"thing":\#(text)}"#).value("thing") == JSONParser.parse(Array(text.utf8)))
    }

    @Test func `Nothing and null are no value`() throws {
        #expect(try values("{}").value("thing") == nil)
        #expect(try values(#"{"thing":null}"#).value("thing") == nil)
    }

    @Test(arguments: [("true", true), ("false", false)])
    func `A query has booleans as words`(word: String, value: Bool) throws {
        let pairs = try FormParser.parse(Array("flag=\(word)&thing=5".utf8)[...])
        let values = try ParameterValues(FlattenedParameters.members(pairs, table: Self.table), table: Self.table)
        #expect(values.boolean("flag") == value)
        #expect(values.text("thing") == "5")
    }

    @Test(arguments: ["flag=1", "flag=", "flag=True", "flag.0=true"])
    func `Other words are no booleans`(form: String) throws {
        let pairs = try FormParser.parse(Array(form.utf8)[...])
        let error = #expect(throws: KMSError.self) {
            try ParameterValues(FlattenedParameters.members(pairs, table: Self.table), table: Self.table)
        }
        #expect(error?.code == .invalidParameter)
    }
}
