import ClavigerAPI
import ClavigerCore
import ClavigerCrypto

/// Tells whether the service can be used. Nobody has to buy this one: it is always in its normal state.
struct GetServiceStatus: DataPlaneAction {
    static let parameters: [Parameter] = []

    init(_ values: ParameterValues) throws(KMSError) {}

    func perform(with keys: [ResidentKey], in call: Call) throws(KMSError) -> Response { Response() }

    struct Response: TencentResponse {
        func encode(to json: inout JSONWriter) {
            json.member("ServiceEnabled", true)
            json.member("InvalidType", 1)
            json.member("UserLevel", 1)
            json.member("ProExpireTime", 0)
            json.member("ProRenewFlag", 0)
        }
    }
}
