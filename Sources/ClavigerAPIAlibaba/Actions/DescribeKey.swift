import ClavigerAPI
import ClavigerCore
import ClavigerCrypto

/// Tells all that is known of a key.
struct DescribeKey: ResidentKeyAction {
    static let required: [StaticString] = ["KeyId"]

    let key: AlibabaKeyName

    init(_ values: AlibabaValues) throws(KMSError) { key = try values.keyName() }

    func perform(with key: ResidentKey, in call: AlibabaCall) throws(KMSError) -> Response {
        try call.kms.admit(.describe, on: key, as: call.caller)
        return Response(metadata: KeyMetadata(call.kms.currentKey(key), in: call))
    }

    struct Response: AlibabaResponse {
        let metadata: KeyMetadata

        func encode(to json: inout JSONWriter) {
            json.name("KeyMetadata")
            json.object { json in
                metadata.encode(to: &json)
                // Newer clients ask for it; nothing protects keys here that their state and the rights to them do not.
                json.member("DeletionProtection", "Disabled")
            }
        }
    }
}
