import ClavigerCrypto
import ClavigerTesting
import Foundation

/// The transcripts of one action: `Vectors/<action>.json`. `Vectors/README.md` says how they are written.
struct Transcript: Sendable {
    /// One call of an action.
    struct Call: Sendable {
        let action: String

        /// What stands in the path for the names in braces.
        let path: JSONValue

        /// The members of the body; `nil` for none.
        let request: JSONValue?
        let isOther: Bool

        init(_ action: String, _ object: TranscriptObject) {
            self.action = action
            path = object["path"] ?? .object([])
            request = object["request"]
            isOther = object.text("as") == "other"
        }
    }

    enum Outcome: Sendable {
        /// 200 with these members.
        case response(JSONValue)
        /// 204 without a body.
        case nothing
        case error(String, status: Int)
    }

    let name: String
    let setup: [TranscriptStep<Call>]
    let keyQuota: Int?
    let call: Call
    let outcome: Outcome

    static let folder = URL(filePath: #filePath).deletingLastPathComponent().appending(path: "Vectors")

    static func load(_ action: String) throws -> [Transcript] {
        let members: Set = ["setup", "path", "request", "response", "error", "status"]
        return try TranscriptObject.load(folder.appending(path: "\(action).json"), members).map {
            try Transcript(action, $0.name, $0.object)
        }
    }

    private init(_ action: String, _ name: String, _ object: TranscriptObject) throws {
        self.name = name
        call = Call(action, object)
        switch (object["response"], object.text("error")) {
        case (.null, nil): outcome = .nothing
        case (let response?, nil): outcome = .response(response)
        case (nil, let error?): outcome = .error(error, status: object["status"]?.integer.map(Int.init) ?? 400)
        default: throw TranscriptFault("\(object.place): a response or an error is expected")
        }
        let steps = try object.list("setup")
        keyQuota = steps.compactMap { $0["keyQuota"]?.integer }.first.map(Int.init)
        setup = try steps.filter { $0["keyQuota"] == nil }.map {
            try TranscriptStep($0, ["path", "request", "as"], in: object.place, call: Call.init)
        }
    }
}
