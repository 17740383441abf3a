import ClavigerAPI
import ClavigerCore
import ClavigerCrypto

/// Gives a key tags, or takes tags away, all or none (contract, section 7.25).
struct BatchKMSTags: KeyManagementAction {
    typealias Response = NoContent

    static let route = HuaweiRoute.post("/v1.0/{project_id}/kms/{key_id}/tags/action")
    static let name = "batch-kms-tags"
    static let required: [StaticString] = ["action", "tags"]
    static let keySource = HuaweiKeySource.path

    private enum Change {
        case create([KeyTag])
        case delete([String])
    }

    private enum Word { case create, delete }

    private let change: Change

    init(_ values: HuaweiValues) throws(KMSError) {
        let word = try values.choice("action", [("create", Word.create), ("delete", .delete)], else: .invalidAction)
        switch word {
        case .create: change = .create(try values.tags())
        case .delete: change = .delete(try values.tagNames())
        case nil: throw KMSError(.missingParameter, "the member action is missing")
        }
    }

    func perform(with key: ResidentKey, in call: HuaweiCall) async throws(KMSError) -> NoContent {
        switch change {
        case .create(let tags):
            try await call.kms.addTags(tags, to: key.key.id, limit: HuaweiValues.mostTagsPerKey, as: call.caller)
        case .delete(let names):
            try await call.kms.removeTags(named: names, from: key.key.id, as: call.caller)
        }
        return NoContent()
    }
}
