import ClavigerCore
import ClavigerCrypto
import Foundation

/// The transcripts of one action: `Vectors/<Action>.json`, those of the legacy API in `Vectors/Legacy/<Action>.json`.
///
/// A file is an array of transcripts:
///
///     {
///       "name": "a sentence about behaviour",
///       "setup": [step, …],            optional
///       "region": "ap-guangzhou",      optional; null for none
///       "request": {"KeyId": "$key"},  the parameters of the action
///       "response": {…}                or "error": "Code.Exactly", in the legacy API with the number: "4000 Code.Exactly"
///       "modes": "json"                optional: "json" is sent as JSON alone, for what flattened parameters cannot express
///     }
///
/// A step is one of
///
///     {"action": "CreateKey", "request": {…}, "region": "…", "as": "other", "api": "v2", "save": {"key": "KeyId"}}
///     {"advance": 604800}              moves the clock by seconds
///     {"due": "deletion"}              lets the background worker do what is due; or "rotation", "materialExpiry"
///     {"configuredLimit": 1}           keys per region, for the whole transcript
///
/// A step's action must succeed; it is one of API 2019-01-18 unless `api` says `v2`. `save` gives members of its answer names. In a request,
/// and in what is expected, a text `$name` is such a value, and `${name}` within a text is the text of one. Further texts that stand for
/// values:
///
///     <text:ü:5>        "üüüüü"
///     <base64:16>       the base64 of 16 bytes; in a request always the same ones
///     <base64:16:2>     other bytes, that begin with 2; expected: exactly these
///     <ids:101>         101 key ids, different ones (in place of a list)
///     <damaged:$token>  base64 with one bit changed
///     <encrypted:RSAES_OAEP_SHA_256:32:$publicKey>   32 bytes encrypted under a public key (base64 of its DER), in base64;
///                       the algorithms are those of ``ClavigerCrypto/PublicKey/encrypted(_:by:)``; `…:$publicKey:2` other bytes
///     <uuid>            expected: a key id
///     <now>, <now+604800>   the clock's seconds, and later
///     <any>             expected: anything
///     <spki:rsa2048>    expected: base64 of the DER of such a public key
///     <der>             expected: base64 of one ASN.1 sequence and nothing else
///     <pem:PUBLIC KEY:$publicKey>   expected: the key, whose DER is given in base64, as PEM
///     <pem:PRIVATE KEY:67>          expected: PEM around 67 bytes
///     <signature:SM2DSA:16:$publicKey>       expected: a signature of the message <base64:16>
///     <signature:SM2DSA:digest:$publicKey>   expected: a signature of the digest <base64:32>
///
/// An expected object names all members of the answer but RequestId, in the legacy API but those that every answer has.
struct Transcript: Sendable {
    enum API: Sendable {
        case current
        case legacy
    }

    enum Step: Sendable {
        case call(
            action: String, request: JSONValue, region: String, api: API, isOther: Bool,
            save: [(name: String, member: String)])
        case advance(Int)
        case due(DueWork)
    }

    enum Outcome: Sendable {
        case response(JSONValue)
        case error(String)
    }

    let api: API
    let action: String
    let name: String
    let setup: [Step]
    let keyLimit: Int?
    let region: String?
    let request: JSONValue
    let outcome: Outcome
    let isJSONOnly: Bool

    /// How it is sent: a success in all forms, a refusal as JSON and flattened.
    var modes: [TencentClient.Mode] {
        if isJSONOnly { return [.tc3Post] }
        switch (api, outcome) {
        case (.current, .response): return [.tc3Post, .tc3Get, .sha1Get, .sha256Post]
        case (.current, .error): return [.tc3Post, .sha1Get]
        case (.legacy, .response): return [.sha1Get, .sha1Post, .sha256Get, .sha256Post]
        case (.legacy, .error): return [.sha1Get, .sha256Post]
        }
    }

    struct Malformed: Error { let reason: String }

    static let folder = URL(filePath: #filePath).deletingLastPathComponent().appending(path: "Vectors")
    static let legacyFolder = folder.appending(path: "Legacy")

    static func load(_ action: String, _ api: API = .current) throws -> [Transcript] {
        let folder =
            switch api {
            case .current: folder
            case .legacy: legacyFolder
            }
        let value = try JSONParser.parse(Array(try Data(contentsOf: folder.appending(path: "\(action).json"))))
        guard case .array(let entries) = value else { throw Malformed(reason: "\(action): an array is expected") }
        return try entries.map { try Transcript(action, api, $0) }
    }

    private init(_ action: String, _ api: API, _ value: JSONValue) throws {
        guard case .object = value, let name = value["name"]?.text, let request = value["request"] else {
            throw Malformed(reason: "\(action): a transcript has a name and a request")
        }
        try Self.check(
            value, ["name", "setup", "region", "request", "response", "error", "modes"], "\(action), \(name)")
        self.api = api
        self.action = action
        self.name = name
        self.request = request
        region = value["region"] == .null ? nil : value["region"]?.text ?? "ap-guangzhou"
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
        try check(value, ["action", "request", "region", "as", "api", "save"], name)
        guard let action = value["action"]?.text else { throw Malformed(reason: "\(name): a step has an action") }
        var save: [(name: String, member: String)] = []
        if case .object(let members) = value["save"] {
            save = members.map { (String(decoding: $0.name, as: UTF8.self), $0.value.text ?? "") }
        }
        return .call(
            action: action, request: value["request"] ?? .object([]), region: value["region"]?.text ?? "ap-guangzhou",
            api: value["api"]?.text == "v2" ? .legacy : .current, isOther: value["as"]?.text == "other", save: save)
    }

    static func number(_ value: JSONValue?) -> Int? { value?.integer.flatMap { Int($0) } }
}
