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
        let request = fixture.client.request(
            transcript.action, filled(transcript.request), mode: mode, region: transcript.region)
        let response = JSONValue.object(try await fixture.response(request))
        let shown = String(decoding: response.encoded.prefix(600), as: UTF8.self)
        switch transcript.outcome {
        case .error(let code):
            let answered = response["Error"]?["Code"]?.text
            return answered == code ? [] : ["\(mode): answered \(shown) instead of \(code)"]
        case .response(let expected):
            return mismatches(expected, response, at: "Response").map { "\(mode): \($0) in \(shown)" }
        }
    }

    private mutating func prepare(_ step: Transcript.Step) async throws {
        switch step {
        case .advance(let seconds): fixture.clock.advance(by: .seconds(seconds))
        case .product(let product, let state, let name):
            let key = SampleKey.make(
                "kms-\(product)", in: KeyScope(account: AccountID(100_000_000_001), realm: RealmID("south")),
                owner: .product(product), createdAt: fixture.clock.now, state: KeyState(rawValue: state) ?? .enabled,
                primaryVersion: KeyVersionID(1))
            try await fixture.store.insert(key, version: nil, limit: .max)
            saved[name] = text(key.id.description)
        case .archive(let name):
            // Rewritten, since no action archives a key.
            let id = try KeyID(text: Array((filled(text(name)).text ?? "").utf8))
            let found = try #require(try await fixture.store.keyWithVersions(id))
            let old = found.key
            _ = try await fixture.store.update([id], in: old.scope) { key throws(KMSError) in
                key = Key(
                    id: old.id, scope: old.scope, spec: old.spec, usage: old.usage, origin: old.origin,
                    owner: old.owner,
                    createdAt: old.createdAt, sequence: old.sequence, state: .archived, primaryAlias: old.primaryAlias,
                    description: old.description, primaryVersion: old.primaryVersion, tags: old.tags)
            }
            fixture.kms.forgetMaterial()
        case .call(let action, let request, let region, let isOther, let save):
            let client = isOther ? fixture.otherClient : fixture.client
            let response = JSONValue.object(
                try await fixture.response(client.request(action, filled(request), region: region)))
            try #require(response["Error"] == nil, "\(transcript.name): the step \(action) failed")
            for (name, member) in save { saved[name] = response[member] }
        }
    }

    // MARK: values

    private func text(_ text: String) -> JSONValue { .string(Array(text.utf8)[...]) }

    /// The value with what its texts stand for.
    private func filled(_ value: JSONValue) -> JSONValue {
        switch value {
        case .object(let members):
            return .object(members.map { JSONValue.Member(name: $0.name, value: filled($0.value)) })
        case .array(let elements): return .array(elements.map(filled))
        case .string:
            let content = value.text ?? ""
            if content.hasPrefix("$"), let known = saved[String(content.dropFirst())] { return known }
            guard content.hasPrefix("<"), content.hasSuffix(">") else { return value }
            let parts = content.dropFirst().dropLast().split(separator: ":", omittingEmptySubsequences: false).map(
                String.init)
            switch parts[0] {
            case "text": return text(String(repeating: parts[1], count: Int(parts[2]) ?? 0))
            case "base64":
                return text(Base64.string((0..<(Int(parts[1]) ?? 0)).map { UInt8(truncatingIfNeeded: 7 * $0 + 1) }))
            case "ids":
                return .array((0..<(Int(parts[1]) ?? 0)).map { text(UUIDText.text(UInt128($0 + 1))) })
            default: return value
            }
        case .number, .bool, .null: return value
        }
    }

    private func mismatches(_ expected: JSONValue, _ actual: JSONValue, at path: String) -> [String] {
        switch (expected, actual) {
        case (.object(let wanted), .object(let found)):
            let names = Set(wanted.map(\.name)).union(found.map(\.name))
            return names.flatMap { name -> [String] in
                let text = String(decoding: name, as: UTF8.self)
                guard let left = wanted.first(where: { $0.name == name }) else {
                    return ["\(path).\(text) is too much"]
                }
                guard let right = found.first(where: { $0.name == name }) else { return ["\(path).\(text) is missing"] }
                return mismatches(left.value, right.value, at: "\(path).\(text)")
            }
        case (.array(let wanted), .array(let found)):
            guard wanted.count == found.count else { return ["\(path) has \(found.count) elements"] }
            return zip(wanted, found).enumerated().flatMap { mismatches($1.0, $1.1, at: "\(path).\($0)") }
        case (.string, _):
            return matches(expected.text ?? "", actual) ? [] : ["\(path) is not \(expected.text ?? "")"]
        default: return expected == actual ? [] : ["\(path) differs"]
        }
    }

    private func matches(_ pattern: String, _ actual: JSONValue) -> Bool {
        guard pattern.hasPrefix("<"), pattern.hasSuffix(">") else { return filled(text(pattern)) == actual }
        let content = String(pattern.dropFirst().dropLast())
        switch content {
        case "any": return true
        case "uuid": return actual.text.map { UUIDText.parse($0.utf8) != nil } ?? false
        case _ where content.hasPrefix("now"):
            let later = Int64(content.dropFirst(4)) ?? 0
            return Transcript.number(actual) == Int(fixture.clock.now.seconds + later)
        case _ where content.hasPrefix("base64:"):
            let decoded = actual.text.flatMap { try? Base64.decode(Array($0.utf8)) }
            return decoded?.count == Int(content.dropFirst(7))
        default: return filled(text(pattern)) == actual
        }
    }
}
