import ClavigerAPI
import ClavigerCore
import ClavigerCrypto

/// The form of answers.
///
/// Always status 200 and exactly the content type `application/json`: with any other status the vendor's SDK loses the error code, with any
/// other type it takes an error for an empty success.
protocol TencentEnvelope: SendableMetatype {
    /// A writer that stands where the members of an answer go.
    static func begin() -> JSONWriter

    /// Ends what ``begin()`` began.
    static func success(_ json: JSONWriter, requestID: String) -> Reply

    static func failure(_ error: KMSError, requestID: String) -> Reply
}
