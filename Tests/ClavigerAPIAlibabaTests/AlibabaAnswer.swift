import ClavigerAPI
import ClavigerCore
import ClavigerCrypto
import ClavigerTesting
import Testing

/// An answer, read, and checked for what all answers have in common.
struct AlibabaAnswer {
    let status: Int

    /// The members without `RequestId`. Of an answer in XML all are texts, objects, or lists where an element is there more than once.
    let body: JSONValue

    /// The root of an answer in XML.
    let element: XMLElementTree?
    let requestID: String

    /// The answer as it came.
    let text: String

    init(_ reply: Reply, isXML: Bool = false, sourceLocation: SourceLocation) throws {
        status = reply.status
        text = String(decoding: reply.body, as: UTF8.self)
        let whole: JSONValue
        if isXML {
            let root = try XMLElementTree.parse(reply.body)
            #expect(root.name == (reply.status == 200 ? "KMS" : "Error"), sourceLocation: sourceLocation)
            #expect(reply.contentType == "text/xml;charset=utf-8", sourceLocation: sourceLocation)
            element = root
            whole = root.json
        } else {
            #expect(reply.contentType == "application/json;charset=utf-8", sourceLocation: sourceLocation)
            element = nil
            whole = try JSONParser.parse(reply.body)
        }
        requestID = try #require(whole["RequestId"]?.text, "\(text)", sourceLocation: sourceLocation)
        #expect(UUIDText.parse(requestID.utf8) != nil, sourceLocation: sourceLocation)
        let repeated = reply.headers.filter { "\($0.name)" == "x-acs-request-id" }.map(\.value)
        #expect(repeated == [requestID], sourceLocation: sourceLocation)
        body = whole.without("RequestId")
        guard reply.status != 200 else { return }
        try checkRefusal(sourceLocation)
    }

    private func checkRefusal(_ sourceLocation: SourceLocation) throws {
        guard case .object(let members) = body else { throw TranscriptFault("no object: \(text)") }
        let names = members.map { String(decoding: $0.name, as: UTF8.self) }
        #expect(names == ["HostId", "Code", "Message", "Recommend"], "\(text)", sourceLocation: sourceLocation)
        for name in ["Code", "Message", "Recommend"] {
            #expect(body[name]?.text?.isEmpty == false, "\(name)", sourceLocation: sourceLocation)
        }
        #expect(status == DocumentedCodes.status(of: outcome), "\(outcome)", sourceLocation: sourceLocation)
    }

    /// `ok`, or the code of the refusal.
    var outcome: String { status == 200 ? "ok" : body["Code"]?.text ?? "no code" }

    var message: String { body["Message"]?.text ?? "" }

    /// The members without `RequestId`; those of an answer in XML as lists, numbers and booleans where `expected` has these.
    func body(like expected: JSONValue) -> JSONValue {
        element.map { $0.json(like: expected).without("RequestId") } ?? body
    }
}

extension JSONValue {
    fileprivate func without(_ name: String) -> JSONValue {
        guard case .object(let members) = self else { return self }
        return .object(members.filter { !$0.name.elementsEqual(name.utf8) })
    }
}
