import ClavigerAPI
import ClavigerCore
import ClavigerCrypto
import NIOHTTP1

/// The form of a call's answers: the members of the action with `RequestId`, as JSON or XML.
struct AlibabaEnvelope: Sendable {
    // The newer SDK compares the types of errors byte by byte.
    private static let json = "application/json;charset=utf-8"
    private static let xml = "text/xml;charset=utf-8"
    private static let opening = [UInt8(ascii: "{")]

    /// The host that the client has called, as it named it.
    let host: String
    let isXML: Bool

    init(host: String, isXML: Bool) {
        self.host = host
        self.isXML = isXML
    }

    /// The envelope that a request wants, as far as it can be read.
    init(of request: WireRequest) {
        host = Self.host(of: request)
        isXML = [request.query, request.body[...]].contains { text in
            (try? FormParser.parse(text)).map { AlibabaValues($0).wantsXML } ?? false
        }
    }

    static func host(of request: WireRequest) -> String { request.headers.first(name: "host") ?? "" }

    /// A writer that stands where the members of an answer go.
    static func begin(capacity: Int = 512) -> JSONWriter { JSONWriter(opening: opening, capacity: capacity) }

    /// Ends what ``begin(capacity:)`` began.
    ///
    /// - Parameter mustBeExact: whether an answer in which XML cannot tell every character is an error.
    func success(_ json: JSONWriter, mustBeExact: Bool = false, requestID: String) -> Reply {
        var json = json
        json.member("RequestId", requestID)
        return reply(200, json.bytes + [UInt8(ascii: "}")], root: "KMS", mustBeExact: mustBeExact, requestID)
    }

    func failure(_ error: KMSError, requestID: String) -> Reply {
        let code = error.alibaba
        var json = JSONWriter()
        json.object { json in
            json.member("RequestId", requestID)
            json.member("HostId", host)
            json.member("Code", code.rawValue)
            json.member("Message", error.message)
            json.member("Recommend", "\(code.recommendation)")
        }
        return reply(code.status, json.bytes, root: "Error", requestID)
    }

    private func reply(
        _ status: Int, _ json: [UInt8], root: StaticString, mustBeExact: Bool = false, _ requestID: String
    ) -> Reply {
        guard isXML else { return reply(status, Self.json, json, requestID) }
        do throws(KMSError) {
            let document = try AlibabaXML.document(root: root, json: json)
            guard document.isExact || !mustBeExact else {
                throw KMSError(
                    .invalidParameter, "the answer has characters that XML does not have; ask for it with Format=JSON")
            }
            return reply(status, Self.xml, document.bytes, requestID)
        } catch {
            // Answers are written here and are always well formed; who cannot have one in XML gets to know why.
            return AlibabaEnvelope(host: host, isXML: false).failure(error, requestID: requestID)
        }
    }

    private func reply(_ status: Int, _ type: String, _ body: [UInt8], _ requestID: String) -> Reply {
        Reply(status: status, contentType: type, body: body, headers: [("x-acs-request-id", requestID)])
    }
}
