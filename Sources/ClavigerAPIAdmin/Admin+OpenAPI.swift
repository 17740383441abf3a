import ClavigerAPI
import ClavigerCore
import ClavigerCrypto
import NIOHTTP1

/// The description of the dialect in the words of OpenAPI 3.1, written from the table of operations.
extension Admin {
    private static let failureSchema = AdminOperation.Schema(
        name: "Failure",
        fields: [
            .required(
                "error",
                .object([
                    .required("code", .string, "what went wrong, in a word"),
                    .required("message", .string, "what was wrong, and what would be right"),
                ]), "why the call failed"),
            requestID,
        ])

    private static let requestID = Parameter.required(
        "requestId", .string, "the id of the call, which the audit log has too")

    private static let about = """
        Administration of a Claviger server: accounts, users, groups, policies, access keys, the audit log and the server itself. \
        Calls are signed like TC3-HMAC-SHA256, or carry the token of a session. Every successful answer is an object with the member \
        requestId besides those described here. GET /admin/v1/seal-status and POST /admin/v1/unseal, which also a sealed server \
        answers, are not part of this document.
        """

    /// JSON text.
    package static let openAPI: [UInt8] = {
        var json = JSONWriter(capacity: 64 << 10)
        json.object { json in
            json.member("openapi", "3.1.0")
            json.name("info")
            json.object { json in
                json.member("title", "Claviger administration")
                json.member("version", "1")
                json.member("description", about)
            }
            json.name("servers")
            json.array([prefix]) { json, url in json.object { $0.member("url", url) } }
            json.name("security")
            json.array(["session", "signature"]) { json, scheme in write(scheme: scheme, to: &json) }
            json.name("paths")
            json.object { json in
                var paths: [String] = []
                for operation in operations where !paths.contains(operation.route.template) {
                    paths.append(operation.route.template)
                }
                for path in paths {
                    json.name(Array(path.utf8)[...])
                    json.object { json in
                        for operation in operations where operation.route.template == path {
                            write(operation, to: &json)
                        }
                    }
                }
            }
            json.name("components")
            json.object { json in
                writeSchemas(to: &json)
                writeSecuritySchemes(to: &json)
            }
        }
        return json.bytes
    }()

    private static func write(scheme: String, to json: inout JSONWriter) {
        json.object { json in
            json.name(Array(scheme.utf8)[...])
            json.array([String]()) { $0.string($1) }
        }
    }

    // MARK: operations

    private static func write(_ operation: AdminOperation, to json: inout JSONWriter) {
        json.name(Array(operation.route.method.rawValue.lowercased().utf8)[...])
        json.object { json in
            json.member("operationId", operation.id)
            json.member("summary", "\(operation.summary)")
            json.member("description", operation.need.description)
            json.member("tags", [String(operation.route.template.dropFirst().prefix { $0 != "/" && $0 != "." })])
            if !operation.need.requiresProof {
                json.name("security")
                json.array([String]()) { $0.string($1) }
            }
            if !operation.route.names.isEmpty || !operation.query.isEmpty {
                json.name("parameters")
                json.array(
                    operation.route.names.map { ($0, Parameter?.none) } + operation.query.map { ("\($0.name)", $0) }
                ) {
                    json, parameter in
                    write(parameterNamed: parameter.0, inQuery: parameter.1, to: &json)
                }
            }
            if let body = operation.body, !body.isEmpty {
                json.name("requestBody")
                json.object { json in
                    json.member("required", body.contains(where: \.isRequired))
                    writeContent(to: &json) { writeSchema(of: .object(body), to: &$0) }
                }
            }
            json.name("responses")
            json.object { json in
                write(response: "\(operation.status)", "success", schema: operation.schema.name, to: &json)
                write(response: "default", "failure", schema: failureSchema.name, to: &json)
            }
        }
    }

    private static func write(
        parameterNamed name: String, inQuery parameter: Parameter?, to json: inout JSONWriter
    ) {
        json.object { json in
            json.member("name", name)
            json.member("in", parameter == nil ? "path" : "query")
            json.member("required", parameter?.isRequired ?? true)
            if let parameter { json.member("description", "\(parameter.meaning)") }
            json.name("schema")
            json.object { writeMembers(of: parameter?.kind ?? .string, to: &$0) }
        }
    }

    private static func write(response status: String, _ description: String, schema: String, to json: inout JSONWriter)
    {
        json.name(Array(status.utf8)[...])
        json.object { json in
            json.member("description", description)
            writeContent(to: &json) { json in
                json.object { $0.member("$ref", "#/components/schemas/\(schema)") }
            }
        }
    }

    private static func writeContent(to json: inout JSONWriter, _ schema: (inout JSONWriter) -> Void) {
        json.name("content")
        json.object { json in
            json.name("application/json")
            json.object { json in
                json.name("schema")
                schema(&json)
            }
        }
    }

    // MARK: components

    private static func writeSchemas(to json: inout JSONWriter) {
        json.name("schemas")
        json.object { json in
            var written: Set<String> = []
            for schema in operations.map(\.schema) + [failureSchema] where written.insert(schema.name).inserted {
                json.name(Array(schema.name.utf8)[...])
                let isWhole = schema.name == failureSchema.name || schema.name == OpenAPIDocument.schemaName
                writeSchema(of: .object(schema.fields + (isWhole ? [] : [requestID])), to: &json)
            }
        }
    }

    private static func writeSecuritySchemes(to json: inout JSONWriter) {
        json.name("securitySchemes")
        json.object { json in
            json.name("session")
            json.object { json in
                json.member("type", "http")
                json.member("scheme", "bearer")
                json.member("description", "The token that POST /sessions answers.")
            }
            json.name("signature")
            json.object { json in
                json.member("type", "apiKey")
                json.member("in", "header")
                json.member("name", "Authorization")
                json.member(
                    "description",
                    "TC3-HMAC-SHA256 with the service \(service), the path and the query as they are sent, the signed headers content-type "
                        + "and host, and X-TC-Timestamp; with X-TC-Token for temporary credentials.")
            }
        }
    }

    private static func writeSchema(of kind: Parameter.Kind, to json: inout JSONWriter) {
        json.object { writeMembers(of: kind, to: &$0) }
    }

    private static func writeMembers(of kind: Parameter.Kind, to json: inout JSONWriter) {
        switch kind {
        case .string:
            json.member("type", "string")
        case .unsigned:
            json.member("type", "integer")
            json.member("minimum", 0)
        case .boolean:
            json.member("type", "boolean")
        case .list(let element):
            json.member("type", "array")
            json.name("items")
            writeSchema(of: element, to: &json)
        case .object(let members):
            json.member("type", "object")
            json.name("properties")
            json.object { json in
                for member in members { write(property: member, to: &json) }
            }
            if members.contains(where: \.isRequired) {
                json.member("required", members.filter(\.isRequired).map { "\($0.name)" })
            }
        case .any:
            break
        }
    }

    private static func write(property: Parameter, to json: inout JSONWriter) {
        json.name(property.name)
        json.object { json in
            writeMembers(of: property.kind, to: &json)
            // All moments are named so, and nothing else is.
            if "\(property.name)".hasSuffix("At") { json.member("format", "date-time") }
            json.member("description", "\(property.meaning)")
        }
    }
}

extension AdminOperation {
    /// The name in the words of the document: that of audit events, but for its first letter.
    var id: String { name.prefix(1).lowercased() + name.dropFirst() }
}
