import ClavigerAPI
import ClavigerCore
import ClavigerCrypto

/// Lists the names of all keys, in the order in which they were given.
struct ListAliases: ReadingAction {
    typealias Response = AliasList

    private let page: AlibabaPage

    init(_ values: AlibabaValues) throws(KMSError) { page = try values.page() }

    func perform(in call: AlibabaCall) async throws(KMSError) -> AliasList {
        let found = try await call.kms.aliases(offset: page.offset, limit: page.size, as: call.caller)
        return AliasList(found.aliases, total: found.total, page: page, in: call)
    }
}
