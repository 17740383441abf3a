import ClavigerAPI
import ClavigerCore
import ClavigerCrypto
import ClavigerTesting
import Testing

/// Plays a transcript on a server of its own.
struct TranscriptRun {
    private let transcript: Transcript
    private let fixture: TencentFixture
    private var saved: [String: JSONValue] = [:]

    init(_ transcript: Transcript) async throws {
        self.transcript = transcript
        var limits = KeyService.Limits()
        if let limit = transcript.keyLimit { limits.keysPerScope = limit }
        fixture = try await TencentFixture(limits: limits)
    }

    /// - Returns: what is wrong; nothing if the transcript is right.
    mutating func play(_ mode: TencentClient.Mode) async throws -> [String] {
        for step in transcript.setup { try await prepare(step) }
        let (outcome, response) = try await answer(mode, as: fixture.client)
        let shown = String(decoding: response.encoded.prefix(600), as: UTF8.self)
        switch transcript.outcome {
        case .error(let code):
            return outcome == code ? [] : ["\(mode): answered \(outcome) instead of \(code): \(shown)"]
        case .response(let expected):
            guard outcome == "ok" else { return ["\(mode): answered \(outcome): \(shown)"] }
            return try mismatches(expected, response, at: "Response").map { "\(mode): \($0) in \(shown)" }
        }
    }

    /// What a user under these policies is answered who makes the transcript's call, after the account has done what comes before it.
    ///
    /// - Parameter documents: gives the policies, from what the steps saved.
    mutating func outcome(
        _ mode: TencentClient.Mode = .tc3Post, under documents: ([String: JSONValue]) -> [String]
    ) async throws -> String {
        for step in transcript.setup { try await prepare(step) }
        let user = try await fixture.user(
            "limited", under: documents(saved).map { PolicyDocument(language: .tencent, text: $0) })
        return try await answer(mode, as: user).outcome
    }

    private func answer(
        _ mode: TencentClient.Mode, as client: TencentClient
    ) async throws -> (outcome: String, response: JSONValue) {
        let parameters = try filled(transcript.request)
        switch transcript.api {
        case .current:
            return try await answer(
                client.request(transcript.action, parameters, mode: mode, region: transcript.region))
        case .legacy:
            return try await legacyAnswer(
                client.legacyRequest(transcript.action, parameters, mode: mode, region: transcript.region))
        }
    }

    private func answer(_ request: WireRequest) async throws -> (outcome: String, response: JSONValue) {
        let response = JSONValue.object(try await fixture.response(request))
        return (response["Error"].map { $0["Code"]?.text ?? "no code" } ?? "ok", response)
    }

    private func legacyAnswer(_ request: WireRequest) async throws -> (outcome: String, response: JSONValue) {
        let answer = try await fixture.legacyAnswer(request)
        return (answer.outcome, answer.members)
    }

    private mutating func prepare(_ step: Transcript.Step) async throws {
        switch step {
        case .advance(let seconds): fixture.clock.advance(by: .seconds(seconds))
        case .due(let work):
            let outcome = try await fixture.kms.carryOut(work)
            try #require(!outcome.done.isEmpty && outcome.failures.isEmpty, "\(transcript.name): nothing was done")
        case .call(let action, let request, let region, let api, let isOther, let save):
            let client = isOther ? fixture.otherClient : fixture.client
            let parameters = try filled(request)
            let (outcome, response) =
                switch api {
                case .current: try await answer(client.request(action, parameters, region: region))
                case .legacy: try await legacyAnswer(client.legacyRequest(action, parameters, region: region))
                }
            try #require(outcome == "ok", "\(transcript.name): the step \(action) failed")
            for (name, path) in save {
                var value = response
                for member in path.split(separator: ".") {
                    value = try #require(value[String(member)], "\(transcript.name): \(action) answers no \(path)")
                }
                saved[name] = value
            }
        }
    }
}

// MARK: values

extension TranscriptRun {
    /// The value with what its texts stand for.
    private func filled(_ value: JSONValue) throws -> JSONValue {
        switch value {
        case .object(let members):
            return .object(try members.map { JSONValue.Member(name: $0.name, value: try filled($0.value)) })
        case .array(let elements): return .array(try elements.map(filled))
        case .string: return try filled(value.text ?? "")
        case .number, .bool, .null: return value
        }
    }

    private func filled(_ content: String) throws -> JSONValue {
        if content.hasPrefix("$"), let known = saved[String(content.dropFirst())] { return known }
        guard let (kind, parts) = Self.pattern(content) else { return try withSavedTexts(content).json }
        switch kind {
        case "text": return String(repeating: parts[0], count: try number(parts[1])).json
        case "base64": return SampleBytes.base64(try number(parts[0]), start: try number(parts, 1) ?? 1).json
        case "ids": return .array((0..<(try number(parts[0]))).map { UUIDText.text(UInt128($0 + 1)).json })
        case "damaged":
            var bytes = try Base64.decode(Array(try text(parts[0]).utf8))
            bytes[bytes.count / 2] ^= 1
            return Base64.string(bytes).json
        case "encrypted":
            let bytes = SampleBytes.make(try number(parts[1]), start: try number(parts, 3) ?? 1)
            return try PublicKey(base64: try text(parts[2])).encrypted(bytes, by: parts[0]).json
        case _ where kind.hasPrefix("now"): return try moment(kind).json
        default: return content.json
        }
    }

    /// The kind of a text in angle brackets, and its further parts.
    private static func pattern(_ content: String) -> (kind: String, parts: [String])? {
        guard content.hasPrefix("<"), content.hasSuffix(">") else { return nil }
        let parts = content.dropFirst().dropLast().split(separator: ":", omittingEmptySubsequences: false)
            .map(String.init)
        return (parts[0], Array(parts.dropFirst()))
    }

    private func withSavedTexts(_ content: String) throws -> String {
        guard content.contains("${") else { return content }
        return saved.reduce(content) { $0.replacing("${\($1.key)}", with: $1.value.text ?? "") }
    }

    private func text(_ name: String) throws -> String {
        try #require(saved[String(name.dropFirst())]?.text, "\(transcript.name): no text was saved as \(name)")
    }

    private func number(_ part: String) throws -> Int {
        try #require(Int(part), "\(transcript.name): \(part) is no number")
    }

    private func number(_ parts: [String], _ index: Int) throws -> Int? {
        parts.indices.contains(index) ? try number(parts[index]) : nil
    }

    /// `now`, or so many seconds before or after.
    private func moment(_ word: String) throws -> Int64 {
        let later = String(word.dropFirst("now".count))
        return fixture.clock.now.seconds + Int64(later.isEmpty ? 0 : try number(later))
    }
}

// MARK: what is expected

extension TranscriptRun {
    private func mismatches(_ expected: JSONValue, _ actual: JSONValue, at path: String) throws -> [String] {
        try JSONComparison.mismatches(expected, actual, at: path, matches: matches)
    }

    private func matches(_ content: String, _ actual: JSONValue) throws -> Bool {
        guard let (kind, parts) = Self.pattern(content) else { return try filled(content) == actual }
        switch kind {
        case "any": return true
        case "uuid": return actual.text.map { UUIDText.parse($0.utf8) != nil } ?? false
        case "base64" where parts.count == 1: return actual.bytes?.count == (try number(parts[0]))
        case "spki": return actual.text.flatMap { try? PublicKey(base64: $0) }.map { "\($0.algorithm)" } == parts[0]
        case "der": return actual.bytes.map(Self.isSequence) ?? false
        case "pem":
            guard let pem = actual.text.flatMap(PEMText.init), pem.label == parts[0] else { return false }
            return parts[1].hasPrefix("$")
                ? Base64.string(pem.content) == (try text(parts[1])) : pem.content.count == (try number(parts[1]))
        case "signature":
            guard let signature = actual.text else { return false }
            let key = try PublicKey(base64: try text(parts[2]))
            return parts[1] == "digest"
                ? try key.verifies(signature, ofDigest: SampleBytes.make(32), by: parts[0])
                : try key.verifies(signature, of: SampleBytes.make(try number(parts[1])), by: parts[0])
        default: return try filled(content) == actual
        }
    }

    /// Whether the bytes are one SEQUENCE of the length that it states.
    private static func isSequence(_ bytes: [UInt8]) -> Bool {
        guard bytes.count > 2, bytes[0] == 0x30 else { return false }
        switch bytes[1] {
        case 0...0x7F: return bytes.count == 2 + Int(bytes[1])
        case 0x81: return bytes[2] >= 0x80 && bytes.count == 3 + Int(bytes[2])
        case 0x82:
            guard bytes.count > 4 else { return false }
            let length = Int(bytes[2]) << 8 | Int(bytes[3])
            return length > 0xFF && bytes.count == 4 + length
        default: return false
        }
    }
}
