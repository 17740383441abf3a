import ClavigerAPI
import ClavigerCore
import ClavigerCrypto

/// Lists the versions of a key, the newest first.
struct ListKeyVersions: ReadingAction, KeyNaming {
    static let required: [StaticString] = ["KeyId"]

    let key: AlibabaKeyName
    private let page: AlibabaPage

    init(_ values: AlibabaValues) throws(KMSError) {
        page = try values.page()
        key = try values.keyNameWithoutAlias()
    }

    func perform(in call: AlibabaCall) async throws(KMSError) -> Response {
        let resident = try await call.load(key, as: call.caller)
        let versions = try await call.kms.versions(of: resident, as: call.caller)
        return Response(versions: page.cut(versions.reversed()), total: versions.count, page: page)
    }

    struct Response: AlibabaResponse {
        let versions: ArraySlice<KeyVersionSummary>
        let total: Int
        let page: AlibabaPage

        func encode(to json: inout JSONWriter) {
            json.name("KeyVersions")
            json.object { json in
                json.name("KeyVersion")
                json.array(versions) { $1.encode(to: &$0) }
            }
            page.encode(total: total, to: &json)
        }
    }
}
