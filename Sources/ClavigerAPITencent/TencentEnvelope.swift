import ClavigerAPI
import ClavigerCore
import ClavigerCrypto

/// The form of every answer: `{"Response": {…, "RequestId": "…"}}`.
///
/// Always status 200 and exactly this content type: with any other status the vendor's SDK loses the error code, with any other type it
/// takes an error for an empty success.
enum TencentEnvelope {
    private static let opening = Array("{\"Response\":{".utf8)

    /// A writer that stands inside `Response`.
    static func begin() -> JSONWriter { JSONWriter(opening: opening, capacity: 512) }

    static func success(_ json: JSONWriter, requestID: String) -> Reply {
        var json = json
        json.member("RequestId", requestID)
        return reply(json)
    }

    static func failure(_ error: KMSError, requestID: String) -> Reply {
        var json = begin()
        json.name("Error")
        json.object { json in
            json.member("Code", error.code.tencent)
            json.member("Message", error.message)
        }
        json.member("RequestId", requestID)
        return reply(json)
    }

    private static func reply(_ json: JSONWriter) -> Reply {
        Reply(status: 200, contentType: "application/json", body: json.bytes + [UInt8(ascii: "}"), UInt8(ascii: "}")])
    }
}
