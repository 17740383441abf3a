import ClavigerCore
import ClavigerCrypto

/// Lists the versions of a secret, the oldest first: those that have labels, or all.
struct ListSecretVersionIds: ReadingAction {
    static let required: [StaticString] = ["SecretName"]

    private let name: AlibabaSecretName
    private let includesDeprecated: Bool
    private let page: AlibabaPage

    init(_ values: AlibabaValues) throws(KMSError) {
        name = try values.secretName()
        includesDeprecated = try values.boolean("IncludeDeprecated") ?? false
        page = try values.page()
    }

    var resources: [String] { [name.resource] }

    func perform(in call: AlibabaCall) async throws(KMSError) -> Response {
        let secret = try await call.secrets.versions(of: try call.secret(name), as: call.caller)
        let versions = secret.versions.filter { includesDeprecated || !$0.stages.isEmpty }
        return Response(name: secret.name, versions: page.cut(versions), total: versions.count, page: page)
    }

    struct Response: AlibabaResponse {
        let name: SecretName
        let versions: ArraySlice<SecretVersion>
        let total: Int
        let page: AlibabaPage

        func encode(to json: inout JSONWriter) {
            json.member("SecretName", name.text)
            json.name("VersionIds")
            json.object { json in
                json.name("VersionId")
                json.array(versions) { json, version in
                    json.object { json in
                        json.member("VersionId", version.id)
                        json.member("CreateTime", version.createdAt.alibaba)
                        json.stages(version.stages)
                    }
                }
            }
            page.encode(total: total, to: &json)
        }
    }
}
