import ClavigerCore
import ClavigerCrypto
import ClavigerTesting
import Testing

/// An answer of the legacy API, taken apart.
struct LegacyAnswer {
    let code: Int64
    let codeDescription: String

    /// What the action answers, without the members that every answer has.
    let members: JSONValue

    private static let common = ["code", "message", "codeDesc", "requestId"]

    /// Checks what the contract says of every answer.
    init(_ body: [UInt8], sourceLocation: SourceLocation) throws {
        let whole = try JSONParser.parse(body)
        guard case .object(let all) = whole else {
            throw TranscriptFault("no object: \(String(decoding: body, as: UTF8.self))")
        }
        code = try #require(whole["code"]?.integer, sourceLocation: sourceLocation)
        codeDescription = try #require(whole["codeDesc"]?.text, sourceLocation: sourceLocation)
        let message = try #require(whole["message"]?.text, sourceLocation: sourceLocation)
        let requestID = try #require(whole["requestId"]?.text, sourceLocation: sourceLocation)
        #expect(UUIDText.parse(requestID.utf8) != nil, sourceLocation: sourceLocation)
        let data = all.filter { !Self.common.contains(String(decoding: $0.name, as: UTF8.self)) }
        #expect(all.count == data.count + Self.common.count, sourceLocation: sourceLocation)
        members = .object(data)
        if code == 0 {
            #expect(message.isEmpty && codeDescription == "Success", sourceLocation: sourceLocation)
        } else {
            #expect(!message.isEmpty && data.isEmpty, sourceLocation: sourceLocation)
        }
    }

    /// `ok`, or the number and the words of a refusal.
    var outcome: String { code == 0 ? "ok" : "\(code) \(codeDescription)" }
}
