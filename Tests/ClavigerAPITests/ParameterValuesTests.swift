import ClavigerCore
import ClavigerCrypto
import Testing

@testable import ClavigerAPI

@Suite struct ParameterValuesTests {
    private static let table: [Parameter] = [
        .required("Id", .string),
        .required("Days", .unsigned),
        .optional("Name", .string),
        .optional("Ids", .list(.string)),
        .optional("Tags", .list(.object([.required("Key", .string), .optional("Value", .string)]))),
    ]

    private func values(_ json: String) throws -> ParameterValues {
        guard case .object(let members) = try JSONParser.parse(Array(json.utf8)) else {
            preconditionFailure("no object")
        }
        return try ParameterValues(members, table: Self.table)
    }

    private func expect(_ code: KMSError.Code, _ json: String, sourceLocation: SourceLocation = #_sourceLocation) {
        let error = #expect(throws: KMSError.self, sourceLocation: sourceLocation) { try values(json) }
        #expect(error?.code == code, sourceLocation: sourceLocation)
    }

    @Test func `Values are read by their names`() throws {
        let values = try values(
            #"{"Days":7,"Id":"x","Ids":["a","ü"],"Tags":[{"Key":"k","Value":"v"},{"Key":"l"}]}"#)
        #expect(values.text("Id") == "x")
        #expect(values.bytes("Id").map(Array.init) == [120])
        #expect(values.number("Days") == 7)
        #expect(values.list("Ids")?.compactMap(\.text) == ["a", "ü"])
        #expect(values.list("Tags")?.count == 2)
        #expect(values.text("Name") == nil)
        #expect(values.number("Name") == nil)
        #expect(values.list("Name") == nil)
    }

    @Test(arguments: [
        "{}", #"{"Id":"x"}"#, #"{"Days":1}"#, #"{"Id":null,"Days":1}"#, #"{"Id":"x","Days":null}"#,
        #"{"id":"x","Days":1}"#, #"{"Id":5,"Other":1}"#, #"{"Id":"x","Other":1}"#, #"{"Other":1,"Id":5}"#,
    ])
    func `Missing comes before unknown and before types`(json: String) { expect(.missingParameter, json) }

    @Test(arguments: [
        #"{"Id":"x","Days":1,"Other":1}"#, #"{"Id":"x","Days":1,"Other":null}"#, #"{"Id":5,"Days":"1","Other":1}"#,
        #"{"Id":"x","Days":1,"ID":"x"}"#, #"{"Id":"x","Days":1,"":1}"#,
        #"{"Id":"x","Days":1,"Tags":[{"Key":"k","Other":1}]}"#, #"{"Id":"x","Days":1,"Tags":[{"Key":1,"Other":1}]}"#,
    ])
    func `Unknown comes before types`(json: String) { expect(.unknownParameter, json) }

    @Test(arguments: [
        #"{"Id":"x","Days":1,"Tags":[{}]}"#, #"{"Id":"x","Days":1,"Tags":[{"Value":"v"}]}"#,
        #"{"Id":"x","Days":1,"Tags":[{"Key":null}]}"#, #"{"Id":"x","Days":1,"Tags":[{"Key":"k"},{"Other":1}]}"#,
    ])
    func `Members of elements are missed in the same way`(json: String) { expect(.missingParameter, json) }

    @Test(arguments: [
        "5", "5.0", "true", "[]", #"["x"]"#, "{}", #"{"a":"x"}"#,
    ])
    func `A string is nothing else`(value: String) { expect(.invalidParameter, #"{"Id":\#(value),"Days":1}"#) }

    @Test(arguments: [
        "1.0", "-1", "1e3", "1E3", "1.5", "18446744073709551616", "99999999999999999999999999", #""1""#, #""""#, "true",
        "[]", "[1]", "{}",
    ])
    func `A number is whole, not negative, and below two to the 64th`(value: String) {
        expect(.invalidParameter, #"{"Id":"x","Days":\#(value)}"#)
    }

    @Test(arguments: [("0", 0), ("7", 7), ("18446744073709551615", UInt64.max)] as [(String, UInt64)])
    func `Whole numbers are read`(value: String, expected: UInt64) throws {
        #expect(try values(#"{"Id":"x","Days":\#(value)}"#).number("Days") == expected)
    }

    @Test(arguments: [
        #""a""#, "1", "{}", #"{"0":"a"}"#, "[1]", #"["a",1]"#, "[null]", #"[["a"]]"#, "true",
    ])
    func `A list of strings is nothing else`(value: String) {
        expect(.invalidParameter, #"{"Id":"x","Days":1,"Ids":\#(value)}"#)
    }

    @Test(arguments: [
        #""a""#, #"["a"]"#, "[1]", "[null]", "[[]]", #"{"Key":"k"}"#, #"[{"Key":1}]"#, #"[{"Key":"k","Value":1}]"#,
    ])
    func `A list of objects is nothing else`(value: String) {
        expect(.invalidParameter, #"{"Id":"x","Days":1,"Tags":\#(value)}"#)
    }

    @Test func `Null counts as absent`() throws {
        let values = try values(#"{"Id":"x","Days":1,"Name":null,"Ids":null,"Tags":[{"Key":"k","Value":null}]}"#)
        #expect(values.text("Name") == nil)
        #expect(values.list("Ids") == nil)
        #expect(values.list("Tags")?.count == 1)
    }

    @Test func `An empty list is a list`() throws {
        #expect(try values(#"{"Id":"x","Days":1,"Ids":[]}"#).list("Ids")?.isEmpty == true)
    }

    @Test func `A message quotes a short part of an unknown name`() {
        let name = String(repeating: "ü", count: 500)
        let error = #expect(throws: KMSError.self) { try values(#"{"Id":"x","Days":1,"\#(name)":1}"#) }
        #expect(error?.code == .unknownParameter)
        #expect((error?.message.utf8.count ?? 0) < 200)
    }
}
