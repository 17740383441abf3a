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

    /// Refuses an answer that XML cannot hold as it is.
    static func requireExactXML(_ json: JSONWriter) throws(KMSError) {
        guard try AlibabaXML.document(root: "KMS", json: json.bytes + [UInt8(ascii: "}")]).isExact else {
            throw KMSError(
                .invalidParameter, "the answer has characters that XML does not have; ask for it with Format=JSON")
        }
    }

    /// Ends what ``begin(capacity:)`` began.
    func success(_ json: JSONWriter, requestID: String) -> Reply {
        var json = json
        json.member("RequestId", requestID)
        return reply(200, json.bytes + [UInt8(ascii: "}")], root: "KMS", requestID)
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

    private func reply(_ status: Int, _ json: [UInt8], root: StaticString, _ requestID: String) -> Reply {
        guard isXML else { return reply(status, Self.json, json, requestID) }
        do throws(KMSError) {
            return reply(status, Self.xml, try AlibabaXML.document(root: root, json: json).bytes, requestID)
        } catch {
            // Answers are written here and are always well formed; who cannot have one in XML gets to know why.
            return AlibabaEnvelope(host: host, isXML: false).failure(error, requestID: requestID)
        }
    }

    private func reply(_ status: Int, _ type: String, _ body: [UInt8], _ requestID: String) -> Reply {
        Reply(status: status, contentType: type, body: body, headers: [("x-acs-request-id", requestID)])
    }
}
