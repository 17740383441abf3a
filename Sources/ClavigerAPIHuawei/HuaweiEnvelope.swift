import ClavigerAPI
import ClavigerCore
import ClavigerCrypto

/// The form of answers: the bare object of the action, or `{"error": {"error_code": …, "error_msg": …}}`.
///
/// The gateway's errors are flat. Every answer has the header `X-Request-Id`, which the SDK shows in its exceptions.
enum HuaweiEnvelope {
    private static let contentType = "application/json"
    private static let opening = [UInt8(ascii: "{")]

    /// A writer that stands where the members of an answer go.
    static func begin() -> JSONWriter { JSONWriter(opening: opening, capacity: 512) }

    /// Ends what ``begin()`` began.
    static func success(_ json: JSONWriter, status: Int, requestID: String) -> Reply {
        reply(status, status == 204 ? [] : json.bytes + [UInt8(ascii: "}")], requestID)
    }

    static func failure(_ error: KMSError, requestID: String) -> Reply {
        let code = error.huawei
        var json = JSONWriter()
        json.object { json in
            guard !code.isOfGateway else {
                json.member("error_code", code.word)
                json.member("error_msg", gatewayText(error, code))
                json.member("request_id", requestID)
                return
            }
            json.name("error")
            json.object { json in
                json.member("error_code", code.word)
                json.member("error_msg", "\(code.text)")
            }
        }
        return reply(code.status, json.bytes, requestID)
    }

    /// The first words are always the same; what follows helps to find a clock that is wrong.
    private static func gatewayText(_ error: KMSError, _ code: HuaweiCode) -> String {
        guard code == .wrongSignature, error.code == .requestExpired else { return "\(code.text)" }
        return "Incorrect IAM authentication information: signature expired, \(error.message)"
    }

    static func reply(_ status: Int, _ body: [UInt8], _ requestID: String) -> Reply {
        Reply(status: status, contentType: contentType, body: body, headers: [("X-Request-Id", requestID)])
    }
}
