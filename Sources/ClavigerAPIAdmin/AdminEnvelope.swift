import ClavigerAPI
import ClavigerCore
import ClavigerCrypto

/// The form of all answers: an object that ends with `requestId`, and holds `error` if the call failed.
enum AdminEnvelope {
    static let contentType = "application/json"

    private static let opening = [UInt8(ascii: "{")]

    /// A writer of the members of a successful answer.
    static func begin() -> JSONWriter { JSONWriter(opening: opening, capacity: 512) }

    static func success(_ json: JSONWriter, status: Int, requestID: String) -> Reply {
        var json = json
        json.member("requestId", requestID)
        return reply(json.bytes + [UInt8(ascii: "}")], status: status)
    }

    /// An answer that nothing on the way keeps: some hold secrets.
    static func reply(
        _ body: [UInt8], status: Int, headers: [(name: StaticString, value: String)] = []
    ) -> Reply {
        Reply(
            status: status, contentType: contentType, body: body, headers: [("Cache-Control", "no-store")] + headers)
    }

    /// - Parameter methods: those that the path takes, where the wrong one was used.
    static func failure(_ error: KMSError, methods: [String] = [], requestID: String) -> Reply {
        var json = begin()
        json.name("error")
        json.object { json in
            json.member("code", error.code.admin)
            json.member("message", error.message)
        }
        json.member("requestId", requestID)
        // RFC 9110, sections 11.6.1 and 10.2.1.
        var headers: [(name: StaticString, value: String)] = []
        if error.code.adminStatus == 401 { headers.append(("WWW-Authenticate", "TC3-HMAC-SHA256, Bearer")) }
        if !methods.isEmpty { headers.append(("Allow", methods.joined(separator: ", "))) }
        return reply(json.bytes + [UInt8(ascii: "}")], status: error.code.adminStatus, headers: headers)
    }
}
