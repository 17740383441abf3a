import ClavigerCore
import ClavigerCrypto
import ClavigerTesting
import Testing

/// Plays a transcript on a server of its own.
struct TranscriptRun {
    private let transcript: Transcript
    private let fixture: TencentFixture
    private var stage: TranscriptStage

    init(_ transcript: Transcript) async throws {
        self.transcript = transcript
        var limits = KeyService.Limits()
        if let limit = transcript.keyLimit { limits.keysPerScope = limit }
        fixture = try await TencentFixture(limits: limits)
        stage = TranscriptStage(kms: fixture.kms, clock: fixture.clock)
    }

    /// - Returns: what is wrong; nothing if the transcript is right.
    mutating func play(_ mode: TencentClient.Mode) async throws -> [String] {
        try await prepare()
        let (outcome, response) = try await Self.answer(
            to: transcript.call, stage.values, from: fixture, mode, as: fixture.client)
        let shown = response.shown
        switch transcript.outcome {
        case .error(let code):
            return outcome == code ? [] : ["\(mode): answered \(outcome) instead of \(code): \(shown)"]
        case .response(let expected):
            guard outcome == "ok" else { return ["\(mode): answered \(outcome): \(shown)"] }
            return try stage.values.mismatches(expected, response, at: "Response").map { "\(mode): \($0) in \(shown)" }
        }
    }

    /// What a user under these policies is answered who makes the transcript's call, after the account has done what comes before it.
    ///
    /// - Parameter documents: gives the policies, from what the steps saved.
    mutating func outcome(
        _ mode: TencentClient.Mode = .tc3Post, under documents: ([String: JSONValue]) -> [String]
    ) async throws -> String {
        try await prepare()
        let user = try await fixture.user(
            "limited", under: documents(stage.values.saved).map { PolicyDocument(language: .tencent, text: $0) })
        return try await Self.answer(to: transcript.call, stage.values, from: fixture, mode, as: user).outcome
    }

    private mutating func prepare() async throws {
        for step in transcript.setup {
            try await stage.play(step, in: transcript.name) { [fixture] call, values in
                let client = call.isOther ? fixture.otherClient : fixture.client
                let (outcome, response) = try await Self.answer(
                    to: call, values, from: fixture, call.api == .current ? .tc3Post : .sha1Get, as: client)
                guard outcome == "ok" else { throw TranscriptFault("\(call.action) is answered \(response.shown)") }
                return response
            }
        }
    }

    private static func answer(
        to call: Transcript.Call, _ values: TranscriptValues, from fixture: TencentFixture,
        _ mode: TencentClient.Mode, as client: TencentClient
    ) async throws -> (outcome: String, response: JSONValue) {
        let parameters = try values.filled(call.request)
        switch call.api {
        case .current:
            let request = client.request(call.action, parameters, mode: mode, region: call.region)
            let response = JSONValue.object(try await fixture.response(request))
            return (response["Error"].map { $0["Code"]?.text ?? "no code" } ?? "ok", response)
        case .legacy:
            let request = client.legacyRequest(call.action, parameters, mode: mode, region: call.region)
            let answer = try await fixture.legacyAnswer(request)
            return (answer.outcome, answer.members)
        }
    }
}
