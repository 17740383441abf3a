import ClavigerAPI
import ClavigerCore
import ClavigerCrypto

/// The form of API 2019-01-18: `{"Response": {…, "RequestId": "…"}}`.
enum ResponseEnvelope: TencentEnvelope {
    private static let opening = Array("{\"Response\":{".utf8)

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
