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
    private var values: TranscriptValues

    init(_ transcript: Transcript) async throws {
        self.transcript = transcript
        fixture = try await HuaweiFixture(quota: transcript.keyQuota ?? 10_000)
        values = TranscriptValues(clock: fixture.clock)
        values.saved["domain"] = .string(Array(fixture.account.domainID.utf8)[...])
    }

    /// - Returns: what is wrong; nothing if the transcript is right.
    mutating func play() async throws -> [String] {
        for step in transcript.setup { try await prepare(step) }
        let answer = try await send(transcript.call, as: fixture.client)
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
                ? try values.mismatches(expected, answer.body, at: "answer") : ["a success is expected"]
        case .nothing: faults = answer.status == 204 && answer.text.isEmpty ? [] : ["204 is expected"]
        }
        return faults.map { "\($0); the answer is \(answer.status) \(answer.text.prefix(600))" }
    }

    /// What a user under a policy is answered who makes the transcript's call, after the account has done what comes before it.
    mutating func answer(under policy: PolicyDocument?) async throws -> HuaweiAnswer {
        for step in transcript.setup { try await prepare(step) }
        let user = try await fixture.user("limited", under: policy.map { [$0] } ?? [])
        return try await send(transcript.call, as: user.client)
    }

    private func send(_ call: Transcript.Call, as client: HuaweiClient) async throws -> HuaweiAnswer {
        let operation = try #require(
            Huawei.operations.first { $0.name == call.action }, "there is no action \(call.action)")
        let parameters = try values.filled(call.path)
        let pieces = try operation.route.segments.map { segment in
            switch segment {
            case .literal(let text): text
            case .parameter(let name):
                Self.encoded(try #require(parameters[name]?.text, "\(call.action): the path needs \(name)"))
            }
        }
        // Nobody posts without a body.
        let request = call.request ?? (operation.route.method == .POST ? .object([]) : nil)
        let body = try request.map { String(decoding: try values.filled($0).jsonText, as: UTF8.self) }
        let path = client.path(pieces.joined(separator: "/"))
        return try await fixture.answer(client.request(operation.route.method, path, body ?? "").wire())
    }

    private mutating func prepare(_ step: Transcript.Step) async throws {
        switch step {
        case .advance(let seconds): fixture.clock.advance(by: .seconds(seconds))
        case .due(let work):
            let outcome = try await fixture.kms.carryOut(work)
            try #require(!outcome.done.isEmpty && outcome.failures.isEmpty, "\(transcript.name): nothing was done")
        case .call(let call, let isOther, let save):
            let answer = try await send(call, as: isOther ? fixture.otherClient : fixture.client)
            try #require(
                answer.outcome == "ok", "\(transcript.name): the step \(call.action) failed: \(answer.text)")
            for (name, path) in save {
                let value: JSONValue = try #require(
                    answer.body.value(at: path), "\(transcript.name): \(call.action) answers no \(path)")
                values.saved[name] = value
            }
        }
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
