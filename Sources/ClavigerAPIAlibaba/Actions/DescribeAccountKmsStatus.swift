import ClavigerAPI
import ClavigerCore
import ClavigerCrypto

/// Tells whether the service is open for the account.
struct DescribeAccountKmsStatus: DataPlaneAction {
    init(_ values: AlibabaValues) throws(KMSError) {}

    func perform(in call: AlibabaCall) throws(KMSError) -> Response { Response() }

    struct Response: AlibabaResponse {
        func encode(to json: inout JSONWriter) { json.member("AccountStatus", "Enabled") }
    }
}
