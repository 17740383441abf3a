import ClavigerAPI
import ClavigerCore
import ClavigerCrypto

/// Lists the tags of a key.
struct ListResourceTags: ResidentKeyAction {
    static let required: [StaticString] = ["KeyId"]

    let key: AlibabaKeyName

    init(_ values: AlibabaValues) throws(KMSError) { key = try values.keyNameWithoutAlias() }

    func perform(with key: ResidentKey, in call: AlibabaCall) throws(KMSError) -> Response {
        try call.kms.admit(.describe, on: key, as: call.caller)
        return Response(key: key.key)
    }

    struct Response: AlibabaResponse {
        let key: Key

        func encode(to json: inout JSONWriter) {
            let id = key.id.description
            json.name("Tags")
            json.object { json in
                json.name("Tag")
                json.array(key.tags) { json, tag in
                    json.object { json in
                        json.member("KeyId", id)
                        tag.encode(to: &json)
                    }
                }
            }
        }
    }
}
