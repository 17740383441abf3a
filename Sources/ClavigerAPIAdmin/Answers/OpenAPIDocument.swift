import ClavigerAPI
import ClavigerCrypto

/// The description of this API itself.
struct OpenAPIDocument: AdminAnswer {
    static let schemaName = "OpenAPI"
    static let fields: [Parameter] = []

    var document: [UInt8]? { Admin.openAPI }

    func encode(to json: inout JSONWriter) {}
}
