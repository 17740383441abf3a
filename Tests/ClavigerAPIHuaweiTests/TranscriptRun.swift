import ClavigerCore
import ClavigerCrypto
import ClavigerTesting
import NIOHTTP1
import Testing

@testable import ClavigerAPIHuawei

/// Plays a transcript on a server of its own.
struct TranscriptRun {
    private let transcript: Transcript
    private let fixture: HuaweiFixture
    private var stage: TranscriptStage

    init(_ transcript: Transcript) async throws {
        self.transcript = transcript
        fixture = try await HuaweiFixture(quota: transcript.keyQuota ?? 10_000)
        stage = TranscriptStage(kms: fixture.kms, clock: fixture.clock)
        stage.values.saved["domain"] = JSONValue(text: fixture.account.domainID)
    }

    /// - Returns: what is wrong; nothing if the transcript is right.
    mutating func play() async throws -> [String] {
        try await prepare()
        let answer = try await Self.send(transcript.call, stage.values, to: fixture)
        let faults: [String]
        switch transcript.outcome {
        case .error(let code, let status):
            let text = try #require(HuaweiCode(rawValue: code)?.text, "no code \(code)")
            var error = JSONWriter()
            error.object { json in
                json.name("error")
                json.object { json in
                    json.member("error_code", code)
                    json.member("error_msg", "\(text)")
                }
            }
            let expected = try JSONParser.parse(error.bytes)
            faults = answer.status == status && answer.body == expected ? [] : ["\(code) with \(status) is expected"]
        case .response(let expected):
            faults =
                answer.status == 200
                ? try stage.values.mismatches(expected, answer.body, at: "answer") : ["a success is expected"]
        case .nothing: faults = answer.status == 204 && answer.text.isEmpty ? [] : ["204 is expected"]
        }
        return faults.map { "\($0); the answer is \(answer.status) \(answer.text.prefix(600))" }
    }

    /// What a user under a policy is answered who makes the transcript's call, after the account has done what comes before it.
    mutating func answer(under policy: PolicyDocument?) async throws -> HuaweiAnswer {
        try await prepare()
        let user = try await fixture.user("limited", under: policy.map { [$0] } ?? [])
        return try await Self.send(transcript.call, stage.values, to: fixture, as: user.client)
    }

    private mutating func prepare() async throws {
        for step in transcript.setup {
            try await stage.play(step, in: transcript.name) { [fixture] call, values in
                let answer = try await Self.send(call, values, to: fixture)
                guard answer.outcome == "ok" else {
                    throw TranscriptFault("\(call.action) is answered \(answer.text)")
                }
                return answer.body
            }
        }
    }

    private static func send(
        _ call: Transcript.Call, _ values: TranscriptValues, to fixture: HuaweiFixture, as client: HuaweiClient? = nil
    ) async throws -> HuaweiAnswer {
        let client = client ?? (call.isOther ? fixture.otherClient : fixture.client)
        let operation = try #require(
            Huawei.operations.first { $0.name == call.action }, "there is no action \(call.action)")
        let parameters = try values.filled(call.path)
        let pieces = try operation.route.segments.map { segment in
            switch segment {
            case .literal(let text): text
            case .parameter(let name):
                encoded(try #require(parameters[name]?.text, "\(call.action): the path needs \(name)"))
            }
        }
        // Nobody posts without a body.
        let request = call.request ?? (operation.route.method == .POST ? .object([]) : nil)
        let body = try request.map { String(decoding: try values.filled($0).jsonText, as: UTF8.self) }
        let path = client.path(pieces.joined(separator: "/"))
        return try await fixture.answer(client.request(operation.route.method, path, body ?? "").wire())
    }

    /// The text as one piece of a path.
    private static func encoded(_ text: String) -> String {
        var encoded = ""
        for byte in text.utf8 {
            switch byte {
            case 48...57, 65...90, 97...122, UInt8(ascii: "-"), UInt8(ascii: "."), UInt8(ascii: "_"),
                UInt8(ascii: "~"):
                encoded.unicodeScalars.append(Unicode.Scalar(byte))
            default: encoded += "%" + Hex.string([byte]).uppercased()
            }
        }
        return encoded
    }
}
