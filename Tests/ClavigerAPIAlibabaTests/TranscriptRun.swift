import ClavigerCore
import ClavigerCrypto
import ClavigerTesting
import Testing

@testable import ClavigerAPIAlibaba

/// Plays a transcript on a server of its own.
struct TranscriptRun {
    /// How the call itself is sent, and answered. What comes before and after it is sent in one way only.
    struct Mode: Sendable {
        let form: AlibabaClient.Form
        var isXML = false

        static let ofSuccesses = [
            Mode(form: .acs3Post), Mode(form: .acs3Form), Mode(form: .v1Post), Mode(form: .v1Get, isXML: true),
            Mode(form: .v1Split),
        ]
        static let ofRefusals = [Mode(form: .acs3Post), Mode(form: .v1Form, isXML: true)]
    }

    private let transcript: Transcript
    private let fixture: AlibabaFixture
    private var stage: TranscriptStage

    init(_ transcript: Transcript) async throws {
        self.transcript = transcript
        var limits = KeyService.Limits()
        if let limit = transcript.keyLimit { limits.keysPerScope = limit }
        var secretLimits = SecretService.Limits()
        if let limit = transcript.secretLimit { secretLimits.secretsPerScope = limit }
        fixture = try await AlibabaFixture(limits: limits, secretLimits: secretLimits)
        stage = TranscriptStage(kms: fixture.kms, secrets: fixture.secrets, clock: fixture.clock)
        stage.values.saved["account"] = JSONValue(text: "\(AlibabaFixture.account.id)")
        stage.values.saved["other"] = JSONValue(text: "\(AlibabaFixture.otherAccount.id)")
    }

    /// - Returns: what is wrong; nothing if the transcript is right.
    mutating func play(_ mode: Mode) async throws -> [String] {
        try await play(transcript.setup)
        let answer = try await Self.answer(to: transcript.call, stage.values, from: fixture, mode)
        let faults = try Self.faults(of: answer, to: transcript.call, stage.values)
        guard faults.isEmpty else { return faults }
        try await play(transcript.sequel)
        return []
    }

    /// What a user under these policies is answered who makes the transcript's call, after the account has done what comes before it.
    ///
    /// - Parameter policies: gives them, from what the steps saved.
    mutating func answer(under policies: ([String: JSONValue]) -> [String]) async throws -> AlibabaAnswer {
        try await play(transcript.setup)
        let user = try await fixture.user("limited", under: policies(stage.values.saved))
        return try await Self.answer(
            to: transcript.call, stage.values, from: fixture, Mode(form: .acs3Post), as: user)
    }

    private mutating func play(_ steps: [TranscriptStep<Transcript.Call>]) async throws {
        for step in steps {
            try await stage.play(step, in: transcript.name) { [fixture] call, values in
                let answer = try await Self.answer(to: call, values, from: fixture, Mode(form: .acs3Post))
                let faults = try Self.faults(of: answer, to: call, values)
                guard faults.isEmpty else { throw TranscriptFault("\(call.action): \(faults)") }
                return answer.body
            }
        }
    }

    private static func answer(
        to call: Transcript.Call, _ values: TranscriptValues, from fixture: AlibabaFixture, _ mode: Mode,
        as client: AlibabaClient? = nil
    ) async throws -> AlibabaAnswer {
        let client = client ?? (call.isOther ? fixture.otherClient : fixture.client)
        let request = client.request(
            call.action, try parameters(try values.filled(call.request)), form: mode.form,
            format: mode.isXML ? "XML" : nil)
        return try await fixture.answer(request, isXML: mode.isXML)
    }

    /// Members as parameters: texts as they are, all else as JSON.
    private static func parameters(_ request: JSONValue) throws(TranscriptFault) -> [(String, String)] {
        guard case .object(let members) = request else { throw TranscriptFault("a request is an object") }
        return members.map { member in
            (
                String(decoding: member.name, as: UTF8.self),
                member.value.text ?? String(decoding: member.value.jsonText, as: UTF8.self)
            )
        }
    }

    private static func faults(
        of answer: AlibabaAnswer, to call: Transcript.Call, _ values: TranscriptValues
    ) throws -> [String] {
        let faults: [String]
        switch call.outcome {
        case .error(let code): faults = answer.outcome == code ? [] : ["\(code) is expected"]
        case _ where answer.outcome != "ok": faults = ["a success is expected"]
        case nil: faults = []
        case .response(let expected):
            faults = try values.mismatches(expected, answer.body(like: expected), at: "answer")
        case .members(let expected):
            faults = try values.mismatches(amongOthers: expected, answer.body(like: expected), at: "answer")
        }
        return faults.map { "\($0); the answer is \(answer.status) \(answer.text.prefix(600))" }
    }
}
