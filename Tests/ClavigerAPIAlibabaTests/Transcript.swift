import ClavigerCrypto
import ClavigerTesting
import Foundation

/// The transcripts of one action: `Vectors/<Action>.json`. `Vectors/README.md` says how they are written.
struct Transcript: Sendable {
    /// One call of an action, and what must come of it.
    struct Call: Sendable {
        let action: String
        let request: JSONValue
        let isOther: Bool

        /// `nil` for any success.
        let outcome: Outcome?

        init(_ action: String, _ object: TranscriptObject) throws {
            self.action = action
            request = object["request"] ?? .object([])
            isOther = object.text("as") == "other"
            switch (object["response"], object["has"], object.text("error")) {
            case (let response?, nil, nil): outcome = .response(response)
            case (nil, let members?, nil): outcome = .members(members)
            case (nil, nil, let error?):
                guard DocumentedCodes.all.contains(error) else {
                    throw TranscriptFault("\(object.place): no code \(error)")
                }
                outcome = .error(error)
            case (nil, nil, nil): outcome = nil
            default: throw TranscriptFault("\(object.place): one of response, has and error is enough")
            }
        }
    }

    enum Outcome: Sendable {
        /// Exactly these members.
        case response(JSONValue)
        /// These members among others.
        case members(JSONValue)
        case error(String)
    }

    let name: String
    let setup: [TranscriptStep<Call>]
    let keyLimit: Int?
    let secretLimit: Int?
    let call: Call
    let sequel: [TranscriptStep<Call>]

    var isSuccess: Bool {
        switch call.outcome {
        case .response, .members, nil: true
        case .error: false
        }
    }

    static let folder = URL(filePath: #filePath).deletingLastPathComponent().appending(path: "Vectors")

    /// The transcripts of an action; none if nobody has written any.
    static func load(_ action: String) throws -> [Transcript] {
        let file = folder.appending(path: "\(action).json")
        guard FileManager.default.fileExists(atPath: file.path) else { return [] }
        return try TranscriptObject.load(file, ["setup", "request", "response", "error", "then"]).map {
            try Transcript(action, $0.name, $0.object)
        }
    }

    private init(_ action: String, _ name: String, _ object: TranscriptObject) throws {
        self.name = name
        call = try Call(action, object)
        guard call.outcome != nil else { throw TranscriptFault("\(object.place): a response or an error is expected") }
        let entries = try object.list("setup")
        keyLimit = entries.compactMap { $0["keyLimit"]?.integer }.first.map(Int.init)
        secretLimit = entries.compactMap { $0["secretLimit"]?.integer }.first.map(Int.init)
        func steps(_ values: [JSONValue]) throws -> [TranscriptStep<Call>] {
            try values.map {
                try TranscriptStep(
                    $0, ["request", "as", "response", "has", "error"], in: object.place, call: Call.init)
            }
        }
        setup = try steps(entries.filter { $0["keyLimit"] == nil && $0["secretLimit"] == nil })
        sequel = try steps(try object.list("then"))
    }
}
