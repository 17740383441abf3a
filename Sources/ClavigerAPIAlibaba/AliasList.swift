import ClavigerCore
import ClavigerCrypto

/// A page of aliases.
struct AliasList: AlibabaResponse {
    private let entries: [(entry: AliasEntry, arn: String)]
    private let total: Int
    private let page: AlibabaPage

    init(_ entries: some Sequence<AliasEntry>, total: Int, page: AlibabaPage, in call: AlibabaCall) {
        self.entries = entries.map { ($0, call.arn(AliasName.text($0.alias))) }
        self.total = total
        self.page = page
    }

    func encode(to json: inout JSONWriter) {
        json.name("Aliases")
        json.object { json in
            json.name("Alias")
            json.array(entries) { json, element in
                json.object { json in
                    json.member("AliasName", AliasName.text(element.entry.alias))
                    json.member("AliasArn", element.arn)
                    json.member("KeyId", element.entry.key.description)
                }
            }
        }
        page.encode(total: total, to: &json)
    }
}
