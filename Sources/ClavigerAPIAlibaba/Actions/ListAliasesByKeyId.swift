import ClavigerAPI
import ClavigerCore
import ClavigerCrypto

/// Lists the names of one key, in the order in which they were given.
struct ListAliasesByKeyId: ResidentKeyAction {
    typealias Response = AliasList

    static let required: [StaticString] = ["KeyId"]

    let key: AlibabaKeyName
    private let page: AlibabaPage

    init(_ values: AlibabaValues) throws(KMSError) {
        page = try values.page()
        key = try values.keyNameWithoutAlias()
    }

    func perform(with key: ResidentKey, in call: AlibabaCall) throws(KMSError) -> AliasList {
        try call.kms.admit(.describe, on: key, as: call.caller)
        let aliases = key.key.aliases
        return AliasList(
            page.cut(aliases).map { AliasEntry(alias: $0, key: key.key.id) }, total: aliases.count, page: page, in: call
        )
    }
}
