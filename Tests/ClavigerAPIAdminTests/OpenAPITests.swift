import ClavigerAPI
import ClavigerCore
import ClavigerCrypto
import NIOHTTP1
import Testing

@testable import ClavigerAPIAdmin

@Suite struct OpenAPITests {
    private let document: JSONValue

    init() throws { document = try JSONParser.parse(Admin.openAPI) }

    private func names(_ value: JSONValue?) -> [String] {
        guard case .object(let members) = value else { return [] }
        return members.map { String(decoding: $0.name, as: UTF8.self) }
    }

    @Test func `The document is one of OpenAPI 3.1`() {
        #expect(document["openapi"]?.text == "3.1.0")
        #expect(names(document) == ["openapi", "info", "servers", "security", "paths", "components"])
        #expect(names(document["info"]).contains("title") && names(document["info"]).contains("version"))
    }

    @Test(arguments: Admin.operations.map(\.name))
    func `Every operation is described at its place`(name: String) throws {
        let operation = try #require(Admin.operations.first { $0.name == name })
        let described = try #require(
            document["paths"]?[operation.route.template]?[operation.route.method.rawValue.lowercased()])
        #expect(described["operationId"]?.text == operation.id)
        #expect(described["summary"]?.text?.isEmpty == false)
        #expect((described["security"] != nil) == !operation.need.requiresProof)
        if let permission = operation.need.permission {
            #expect(described["description"]?.text?.contains(permission.name) == true)
        }
        var parameters: [String] = []
        if case .array(let elements) = described["parameters"] {
            parameters = elements.map { "\($0["in"]?.text ?? "") \($0["name"]?.text ?? "")" }
        }
        #expect(
            parameters == operation.route.names.map { "path \($0)" } + operation.query.map { "query \($0.name)" })
        let members = described["requestBody"]?["content"]?["application/json"]?["schema"]?["properties"]
        #expect(names(members) == (operation.body ?? []).map { "\($0.name)" })
        #expect(names(described["responses"]) == ["\(operation.status)", "default"])
    }

    @Test func `Nothing else is described`() {
        let paths = document["paths"]
        let described = names(paths).reduce(0) { $0 + names(paths?[$1]).count }
        #expect(described == Admin.operations.count)
    }

    @Test func `Every reference leads somewhere`() {
        var references: [String] = []
        func collect(_ value: JSONValue) {
            switch value {
            case .object(let members):
                if let reference = value["$ref"]?.text { references.append(reference) }
                for member in members { collect(member.value) }
            case .array(let elements): for element in elements { collect(element) }
            case .string, .number, .bool, .null: break
            }
        }
        collect(document)
        let schemas = names(document["components"]?["schemas"])
        #expect(references.count == 2 * Admin.operations.count)
        for reference in references {
            #expect(reference.hasPrefix("#/components/schemas/"))
            #expect(schemas.contains(String(reference.split(separator: "/").last ?? "")), "\(reference)")
        }
    }

    @Test func `Schemas say types, what is required, and which texts are moments`() throws {
        let user = try #require(document["components"]?["schemas"]?["User"])
        #expect(user["type"]?.text == "object")
        #expect(user["properties"]?["name"]?["type"]?.text == "string")
        #expect(user["properties"]?["number"]?["type"]?.text == "integer")
        #expect(user["properties"]?["enabled"]?["type"]?.text == "boolean")
        #expect(user["properties"]?["createdAt"]?["format"]?.text == "date-time")
        #expect(user["required"]?.texts.contains("requestId") == true)
        let key = try #require(document["components"]?["schemas"]?["AccessKey"])
        #expect(key["required"]?.texts.contains("lastUsedAt") == false)
        let page = try #require(document["components"]?["schemas"]?["UserPage"])
        #expect(page["properties"]?["items"]?["items"]?["properties"]?["isRoot"] != nil)
    }

    @Test func `It is served as it is, to everybody`() async throws {
        let fixture = try await AdminFixture()
        let reply = await fixture.endpoint.respond(to: fixture.anybody.request(.GET, "/openapi.json")).reply()
        #expect(reply.status == 200)
        #expect(reply.body == Admin.openAPI)
    }
}
