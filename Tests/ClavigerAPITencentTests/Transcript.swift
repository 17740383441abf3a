import ClavigerCore
import ClavigerCrypto
import Foundation

/// The transcripts of one action: `Vectors/<Action>.json`.
///
/// A file is an array of transcripts:
///
///     {
///       "name": "a sentence about behaviour",
///       "setup": [step, …],            optional
///       "region": "ap-guangzhou",      optional
///       "request": {"KeyId": "$key"},  the parameters of the action
///       "response": {…}                or "error": "Code.Exactly"
///       "modes": "json"                optional: "json" is sent as JSON alone, for what flattened parameters cannot express
///     }
///
/// A step is one of
///
///     {"action": "CreateKey", "request": {…}, "region": "…", "as": "other", "save": {"key": "KeyId"}}
///     {"advance": 604800}              moves the clock by seconds
///     {"product": "cos", "state": "enabled", "save": "key"}   a product's key
///     {"archive": "$key"}              what no action of the dialect does yet
///     {"configuredLimit": 1}           keys per region, for the whole transcript
///
/// A step's action must succeed; `save` gives members of its answer names. In a request, and in what is expected, a text `$name` is such
/// a value. Further texts that stand for values:
///
///     <text:ü:5>        "üüüüü"
///     <base64:16>       the base64 of 16 bytes; in a request always the same ones
///     <ids:101>         101 key ids, different ones (in place of a list)
///     <uuid>            expected: a key id
///     <now>, <now+604800>   expected: the clock's seconds, and later
///     <any>             expected: anything
///
/// An expected object names all members of the answer but RequestId.
struct Transcript: Sendable {
    enum Step: Sendable {
        case call(
            action: String, request: JSONValue, region: String, isOther: Bool, save: [(name: String, member: String)])
        case advance(Int)
        case product(name: String, state: String, save: String)
        case archive(String)
    }

    enum Outcome: Sendable {
        case response(JSONValue)
        case error(String)
    }

    let action: String
    let name: String
    let setup: [Step]
    let keyLimit: Int?
    let region: String
    let request: JSONValue
    let outcome: Outcome
    let isJSONOnly: Bool

    /// How it is sent: a success in all forms, a refusal as JSON and flattened.
    var modes: [TencentClient.Mode] {
        if isJSONOnly { return [.tc3Post] }
        guard case .response = outcome else { return [.tc3Post, .sha1Get] }
        return [.tc3Post, .tc3Get, .sha1Get, .sha256Post]
    }

    struct Malformed: Error { let reason: String }

    static let folder = URL(filePath: #filePath).deletingLastPathComponent().appending(path: "Vectors")

    static func file(_ action: String) -> URL { folder.appending(path: "\(action).json") }

    static func load(_ action: String) throws -> [Transcript] {
        let value = try JSONParser.parse(Array(try Data(contentsOf: file(action))))
        guard case .array(let entries) = value else { throw Malformed(reason: "\(action): an array is expected") }
        return try entries.map { try Transcript(action, $0) }
    }

    private init(_ action: String, _ value: JSONValue) throws {
        let known: Set<String> = ["name", "setup", "region", "request", "response", "error", "modes"]
        guard case .object(let members) = value, let name = value["name"]?.text, let request = value["request"] else {
            throw Malformed(reason: "\(action): a transcript has a name and a request")
        }
        for member in members where !known.contains(String(decoding: member.name, as: UTF8.self)) {
            throw Malformed(reason: "\(action): unknown member \(String(decoding: member.name, as: UTF8.self))")
        }
        self.action = action
        self.name = name
        self.request = request
        region = value["region"]?.text ?? "ap-guangzhou"
        isJSONOnly = value["modes"]?.text == "json"
        switch (value["response"], value["error"]?.text) {
        case (let response?, nil): outcome = .response(response)
        case (nil, let error?): outcome = .error(error)
        default: throw Malformed(reason: "\(action), \(name): a response or an error is expected")
        }
        guard case .array(let steps) = value["setup"] ?? .array([]) else { throw Malformed(reason: "\(name): setup") }
        keyLimit = steps.compactMap { Self.number($0["configuredLimit"]) }.first
        setup = try steps.filter { $0["configuredLimit"] == nil }.map { try Self.step($0, name) }
    }

    private static func step(_ value: JSONValue, _ name: String) throws -> Step {
        if let seconds = number(value["advance"]) { return .advance(seconds) }
        if let product = value["product"]?.text {
            return .product(name: product, state: value["state"]?.text ?? "enabled", save: value["save"]?.text ?? "key")
        }
        if let key = value["archive"]?.text { return .archive(key) }
        guard let action = value["action"]?.text else { throw Malformed(reason: "\(name): a step has an action") }
        var save: [(name: String, member: String)] = []
        if case .object(let members) = value["save"] {
            save = members.map { (String(decoding: $0.name, as: UTF8.self), $0.value.text ?? "") }
        }
        return .call(
            action: action, request: value["request"] ?? .object([]), region: value["region"]?.text ?? "ap-guangzhou",
            isOther: value["as"]?.text == "other", save: save)
    }

    static func number(_ value: JSONValue?) -> Int? {
        guard case .number(let digits) = value else { return nil }
        return Int(String(decoding: digits, as: UTF8.self))
    }
}
