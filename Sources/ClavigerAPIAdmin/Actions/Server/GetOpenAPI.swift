import ClavigerCore

/// Shows this API in the words of OpenAPI.
struct GetOpenAPI: PlainAdminAction {
    func perform(in call: AdminCall) async throws(KMSError) -> OpenAPIDocument { OpenAPIDocument() }
}
