import ClavigerAPI
import ClavigerCore
import ClavigerCrypto

/// Opens the service for an account, which it is from the first day.
struct OpenKmsService: DataPlaneAction {
    typealias Response = EmptyResponse

    init(_ values: AlibabaValues) throws(KMSError) {}

    func perform(in call: AlibabaCall) throws(KMSError) -> EmptyResponse {
        throw KMSError(alibaba: .opened, "the service is open for this account already")
    }
}
