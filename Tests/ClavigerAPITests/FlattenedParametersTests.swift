import ClavigerCore
import ClavigerCrypto
import Testing

@testable import ClavigerAPI

@Suite struct FlattenedParametersTests {
    private static let table: [Parameter] = [
        .optional("Name", .string),
        .optional("Count", .unsigned),
        .optional("Ids", .list(.string)),
        .optional("Numbers", .list(.unsigned)),
        .optional("Tags", .list(.object([.required("Key", .string), .optional("Values", .list(.string))]))),
        .optional("Filter", .object([.optional("Name", .string), .optional("Count", .unsigned)])),
    ]

    private func members(_ form: String) throws -> [JSONValue.Member] {
        try FlattenedParameters.members(FormParser.parse(Array(form.utf8)[...]), table: Self.table)
    }

    @Test(arguments: [
        ("", "{}"),
        ("Name=x", #"{"Name":"x"}"#),
        ("Name=5", #"{"Name":"5"}"#),
        ("Name=", #"{"Name":""}"#),
        ("Count=5", #"{"Count":5}"#),
        ("Count=0", #"{"Count":0}"#),
        ("Ids.0=a", #"{"Ids":["a"]}"#),
        ("Ids.1=b&Ids.0=a", #"{"Ids":["a","b"]}"#),
        ("Numbers.0=1&Numbers.1=2", #"{"Numbers":[1,2]}"#),
        ("Tags.0.Key=k", #"{"Tags":[{"Key":"k"}]}"#),
        (
            "Tags.1.Key=l&Tags.0.Values.1=y&Tags.0.Key=k&Tags.0.Values.0=x",
            #"{"Tags":[{"Values":["x","y"],"Key":"k"},{"Key":"l"}]}"#
        ),
        ("Filter.Name=n&Filter.Count=3", #"{"Filter":{"Name":"n","Count":3}}"#),
        ("Unknown=1", #"{"Unknown":"1"}"#),
        ("Tags.0.Other=1", #"{"Tags":[{"Other":"1"}]}"#),
    ])
    func `Flattened parameters are what a JSON body would have`(form: String, json: String) throws {
        #expect(try JSONValue.object(members(form)) == JSONParser.parse(Array(json.utf8)))
    }

    @Test func `Eleven elements are in the order of their numbers`() throws {
        let form = (0..<11).shuffled().map { "Ids.\($0)=v\($0)" }.joined(separator: "&")
        let expected = JSONValue.array((0..<11).map { .string(Array("v\($0)".utf8)[...]) })
        #expect(try members(form).first?.value == expected)
    }

    @Test(arguments: [
        "Ids.1=a", "Ids.0=a&Ids.2=b", "Ids.00=a", "Ids.a=a", "Ids.=a", "Ids.-1=a", "Tags.1.Key=k", "Ids.0=a&Ids.01=b",
        "Ids=a&Ids.0=b", "Name=a&Name.0=b", "Filter=a&Filter.Name=b", "Ids.0=a&Ids.0.x=b", "Unknown=1&Unknown.0=2",
    ])
    func `Gaps, other bases and conflicts are refused`(form: String) {
        let error = #expect(throws: KMSError.self) { try members(form) }
        #expect(error?.code == .invalidParameter)
    }

    @Test(arguments: [
        "Count=", "Count=x", "Count=-1", "Count=1.0", "Count=1e3", "Count=%201", "Count=18446744073709551616",
        "Count.0=1",
        "Name.0=a", "Name.x=a", "Ids=a", "Numbers.0=x", "Numbers=1", "Tags.0=x", "Tags=x", "Filter=x", "Filter.Count=x",
        "Ids.0.0=a", "Tags.0.Values=x&Tags.0.Key=k",
    ])
    func `Values that do not fit the table are left for it to refuse`(form: String) throws {
        let error = #expect(throws: KMSError.self) { try ParameterValues(try members(form), table: Self.table) }
        #expect(error?.code == .invalidParameter)
    }

    @Test(arguments: ["Tags.0.Values.0=x", "Tags.0.Key=k&Tags.1.Values.0=x"])
    func `A required member of an element is missed`(form: String) throws {
        let error = #expect(throws: KMSError.self) { try ParameterValues(try members(form), table: Self.table) }
        #expect(error?.code == .missingParameter)
    }

    @Test(arguments: [
        "Unknown=1", "Unknown.0=1", "name=x", "Name%20=x", "Tags.0.Key=k&Tags.0.key=k", "=1", ".=1", "ids.0=1",
    ])
    func `An unknown name is refused, also within`(form: String) throws {
        let error = #expect(throws: KMSError.self) { try ParameterValues(try members(form), table: Self.table) }
        #expect(error?.code == .unknownParameter)
    }

    @Test func `Hostile names cost neither stack nor much time`() {
        let deep = "Ids" + String(repeating: ".0", count: 10_000) + "=x"
        #expect(throws: KMSError.self) { try ParameterValues(try members(deep), table: Self.table) }
        let wide = (0..<9_999).map { "Ids.\($0)=" }.joined(separator: "&")
        #expect(throws: Never.self) { try ParameterValues(try members(wide), table: Self.table) }
    }
}
