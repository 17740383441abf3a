import ClavigerCore
import ClavigerCrypto
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
    }

    enum Step: Sendable {
        case call(Call, isOther: Bool, save: [(name: String, path: String)])
        case advance(Int)
        case due(DueWork)
    }

    enum Outcome: Sendable {
        /// 200 with these members.
        case response(JSONValue)
        /// 204 without a body.
        case nothing
        case error(String, status: Int)
    }

    let name: String
    let setup: [Step]
    let keyQuota: Int?
    let call: Call
    let outcome: Outcome

    struct Malformed: Error { let reason: String }

    static let folder = URL(filePath: #filePath).deletingLastPathComponent().appending(path: "Vectors")

    static func load(_ action: String) throws -> [Transcript] {
        let text = Array(try Data(contentsOf: folder.appending(path: "\(action).json")))
        guard case .array(let entries) = try JSONParser.parse(text) else {
            throw Malformed(reason: "\(action): an array is expected")
        }
        return try entries.map { try Transcript(action, $0) }
    }

    private init(_ action: String, _ value: JSONValue) throws {
        guard let name = value["name"]?.text else { throw Malformed(reason: "\(action): a transcript has a name") }
        try Self.check(
            value, ["name", "setup", "path", "request", "response", "error", "status"], "\(action), \(name)")
        self.name = name
        call = Call(action: action, path: value["path"] ?? .object([]), request: value["request"])
        switch (value["response"], value["error"]?.text) {
        case (.null, nil): outcome = .nothing
        case (let response?, nil): outcome = .response(response)
        case (nil, let error?): outcome = .error(error, status: Self.number(value["status"]) ?? 400)
        default: throw Malformed(reason: "\(action), \(name): a response or an error is expected")
        }
        guard case .array(let steps) = value["setup"] ?? .array([]) else { throw Malformed(reason: "\(name): setup") }
        keyQuota = steps.compactMap { Self.number($0["keyQuota"]) }.first
        setup = try steps.filter { $0["keyQuota"] == nil }.map { try Self.step($0, name) }
    }

    private static func check(_ value: JSONValue, _ known: Set<String>, _ place: String) throws {
        guard case .object(let members) = value else { throw Malformed(reason: "\(place): an object is expected") }
        for member in members where !known.contains(String(decoding: member.name, as: UTF8.self)) {
            throw Malformed(reason: "\(place): unknown member \(String(decoding: member.name, as: UTF8.self))")
        }
    }

    private static func step(_ value: JSONValue, _ name: String) throws -> Step {
        if let seconds = number(value["advance"]) { return .advance(seconds) }
        if let work = value["due"]?.text {
            guard let due = DueWork.allCases.first(where: { "\($0)" == work }) else {
                throw Malformed(reason: "\(name): \(work) is never due")
            }
            return .due(due)
        }
        try check(value, ["action", "path", "request", "as", "save"], name)
        guard let action = value["action"]?.text else { throw Malformed(reason: "\(name): a step has an action") }
        var save: [(name: String, path: String)] = []
        if case .object(let members) = value["save"] {
            save = members.map { (String(decoding: $0.name, as: UTF8.self), $0.value.text ?? "") }
        }
        return .call(
            Call(action: action, path: value["path"] ?? .object([]), request: value["request"]),
            isOther: value["as"]?.text == "other", save: save)
    }

    static func number(_ value: JSONValue?) -> Int? {
        guard case .number(let digits) = value else { return nil }
        return Int(String(decoding: digits, as: UTF8.self))
    }
}
