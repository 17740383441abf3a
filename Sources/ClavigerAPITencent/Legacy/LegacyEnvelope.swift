import ClavigerAPI
import ClavigerCore
import ClavigerCrypto

/// The form of the legacy API: `{"code": 0, "message": "", "codeDesc": "Success", "requestId": "…", …}`.
enum LegacyEnvelope: TencentEnvelope {
    private static let opening = Array("{".utf8)

    static func begin() -> JSONWriter { JSONWriter(opening: opening, capacity: 512) }

    static func success(_ json: JSONWriter, requestID: String) -> Reply {
        reply(json, code: 0, message: "", codeDescription: "Success", requestID: requestID)
    }

    static func failure(_ error: KMSError, requestID: String) -> Reply {
        reply(
            begin(), code: error.code.tencentLegacy, message: error.message, codeDescription: error.code.tencent,
            requestID: requestID)
    }

    private static func reply(
        _ json: JSONWriter, code: Int, message: String, codeDescription: String, requestID: String
    ) -> Reply {
        var json = json
        json.member("code", code)
        json.member("message", message)
        json.member("codeDesc", codeDescription)
        json.member("requestId", requestID)
        return Reply(status: 200, contentType: "application/json", body: json.bytes + [UInt8(ascii: "}")])
    }
}
