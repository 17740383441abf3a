import ClavigerCrypto
import ClavigerTesting
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
///                       `…:$publicKey:2` other bytes; the algorithms are those of `PublicKey.encrypted`
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

    /// One call of an action.
    struct Call: Sendable {
        let action: String
        let request: JSONValue

        /// `nil` for none.
        let region: String?
        let api: API
        let isOther: Bool

        init(_ action: String, _ object: TranscriptObject, api: API) {
            self.action = action
            request = object["request"] ?? .object([])
            region = object["region"] == .null ? nil : object.text("region") ?? "ap-guangzhou"
            self.api = api
            isOther = object.text("as") == "other"
        }
    }

    enum Outcome: Sendable {
        case response(JSONValue)
        case error(String)
    }

    let name: String
    let setup: [TranscriptStep<Call>]
    let keyLimit: Int?
    let call: Call
    let outcome: Outcome
    let isJSONOnly: Bool

    /// How it is sent: a success in all forms, a refusal as JSON and flattened.
    var modes: [TencentClient.Mode] {
        if isJSONOnly { return [.tc3Post] }
        switch (call.api, outcome) {
        case (.current, .response): return [.tc3Post, .tc3Get, .sha1Get, .sha256Post]
        case (.current, .error): return [.tc3Post, .sha1Get]
        case (.legacy, .response): return [.sha1Get, .sha1Post, .sha256Get, .sha256Post]
        case (.legacy, .error): return [.sha1Get, .sha256Post]
        }
    }

    static let folder = URL(filePath: #filePath).deletingLastPathComponent().appending(path: "Vectors")
    static let legacyFolder = folder.appending(path: "Legacy")

    static func load(_ action: String, _ api: API = .current) throws -> [Transcript] {
        let folder =
            switch api {
            case .current: folder
            case .legacy: legacyFolder
            }
        let members: Set = ["setup", "region", "request", "response", "error", "modes"]
        return try TranscriptObject.load(folder.appending(path: "\(action).json"), members).map {
            try Transcript(action, api, $0.name, $0.object)
        }
    }

    private init(_ action: String, _ api: API, _ name: String, _ object: TranscriptObject) throws {
        guard object["request"] != nil else { throw TranscriptFault("\(object.place): a transcript has a request") }
        self.name = name
        call = Call(action, object, api: api)
        isJSONOnly = object.text("modes") == "json"
        switch (object["response"], object.text("error")) {
        case (let response?, nil): outcome = .response(response)
        case (nil, let error?): outcome = .error(error)
        default: throw TranscriptFault("\(object.place): a response or an error is expected")
        }
        let steps = try object.list("setup")
        keyLimit = steps.compactMap { $0["configuredLimit"]?.integer }.first.map(Int.init)
        setup = try steps.filter { $0["configuredLimit"] == nil }.map {
            try TranscriptStep($0, ["request", "region", "as", "api"], in: object.place) { action, object in
                Call(action, object, api: object.text("api") == "v2" ? .legacy : .current)
            }
        }
    }
}
