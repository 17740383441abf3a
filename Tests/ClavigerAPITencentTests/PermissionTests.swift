import ClavigerCore
import ClavigerCrypto
import Testing

@testable import ClavigerAPITencent

/// Every action by users who have just some rights. The calls are those of the transcripts.
@Suite struct PermissionTests {
    private static let denied = "AuthFailure.UnauthorizedOperation"
    private static let legacyDenied = "4103 AuthFailure.UnauthorizedOperation"

    static let calls: [(action: String, api: Transcript.API)] =
        Tencent.actions.map { ($0.name, .current) } + TencentLegacy.actions.map { ($0.name, .legacy) }

    /// Actions about single keys, with a right to which somebody may not make or list others.
    static let callsOnKeys: [(action: String, api: Transcript.API)] = calls.filter { call in
        let operations = call.api == .current ? Tencent.actions : TencentLegacy.actions
        guard let operation = operations.first(where: { $0.name == call.action }) else { return false }
        guard case .each = operation.permission.scope else { return false }
        return operation.permission != .createKey && operation.permission != .createProductKey
    }

    /// The name of an action in policies.
    private static func name(_ action: String) -> String {
        "name/kms:" + action.replacing("Claviger.", with: "")
    }

    private static func statement(_ effect: String, _ action: String, _ resource: String = "*") -> String {
        #"{"effect": "\#(effect)", "action": "\#(action)", "resource": "\#(resource)"}"#
    }

    private static func policy(_ statements: String...) -> String {
        #"{"version": "2.0", "statement": [\#(statements.joined(separator: ", "))]}"#
    }

    private static func isSuccess(_ transcript: Transcript) -> Bool {
        if case .response = transcript.outcome { true } else { false }
    }

    private static func denial(_ api: Transcript.API) -> String { api == .current ? denied : legacyDenied }

    /// What the action's calls that succeed come to under these policies.
    private func outcomes(
        _ action: String, _ api: Transcript.API, under documents: ([String: JSONValue]) -> [String]
    ) async throws -> [(name: String, outcome: String)] {
        var outcomes: [(String, String)] = []
        for transcript in try Transcript.load(action, api) where Self.isSuccess(transcript) {
            var run = try await TranscriptRun(transcript)
            outcomes.append((transcript.name, try await run.outcome(transcript.modes[0], under: documents)))
        }
        #expect(!outcomes.isEmpty)
        return outcomes
    }

    @Test(arguments: calls)
    func `The permission of an action is enough to call it`(action: String, api: Transcript.API) async throws {
        for (name, outcome) in try await outcomes(
            action, api,
            under: { _ in
                // A key for a cloud product is a key all the same.
                let others = action == "Claviger.CreateProductKey" ? [Self.name("CreateKey")] : []
                return ([Self.name(action)] + others).map { Self.policy(Self.statement("allow", $0)) }
            })
        {
            #expect(outcome == "ok", "\(action): \(name)")
        }
    }

    @Test(arguments: calls)
    func `Who has every permission but that of an action may not call it`(
        action: String, api: Transcript.API
    ) async throws {
        let document = Self.policy(
            Self.statement("allow", "name/kms:*"), Self.statement("deny", Self.name(action)))
        for (name, outcome) in try await outcomes(action, api, under: { _ in [document] }) {
            #expect(outcome == Self.denial(api), "\(action): \(name)")
        }
    }

    @Test(arguments: calls)
    func `Who has no policy may call nothing, and hears of nothing else that is wrong with a call`(
        action: String, api: Transcript.API
    ) async throws {
        for transcript in try Transcript.load(action, api) {
            // A region that does not exist and a version are looked at before the rights.
            if case .error(let code) = transcript.outcome,
                code.contains("UnsupportedRegion") || transcript.call.region == nil
            {
                continue
            }
            var run = try await TranscriptRun(transcript)
            let outcome = try await run.outcome(transcript.modes[0]) { _ in [] }
            // A ciphertext that names no key of the account tells nothing.
            if outcome.contains("InvalidCiphertext"), case .error = transcript.outcome { continue }
            #expect(outcome == Self.denial(api), "\(action): \(transcript.name)")
        }
    }

    @Test(arguments: callsOnKeys)
    func `A right to all keys that somebody made is enough for an action on them, and a right to other keys is not`(
        action: String, api: Transcript.API
    ) async throws {
        func documents(_ path: String) -> [String] {
            [Self.policy(Self.statement("allow", Self.name(action), "qcs::kms::uin/100000000001:\(path)"))]
        }
        let made = try await outcomes(action, api) { _ in documents("key/creatorUin/100000000001/*") }
        for (name, outcome) in made { #expect(outcome == "ok", "\(action): \(name)") }
        let all = try await outcomes(action, api) { _ in documents("key/*") }
        for (name, outcome) in all { #expect(outcome == "ok", "\(action): \(name)") }
        let foreign = try await outcomes(action, api) { _ in documents("key/creatorUin/100000000002/*") }
        for (name, outcome) in foreign { #expect(outcome == Self.denial(api), "\(action): \(name)") }
        let other = try await outcomes(action, api) { _ in
            documents("key/creatorUin/100000000001/00000000-0000-0000-0000-000000000000")
        }
        for (name, outcome) in other { #expect(outcome == Self.denial(api), "\(action): \(name)") }
    }

    @Test(arguments: callsOnKeys)
    func `A right to the very keys of a call is enough for it`(action: String, api: Transcript.API) async throws {
        for transcript in try Transcript.load(action, api)
        where Self.isSuccess(transcript) && (transcript.call.region ?? "ap-guangzhou") == "ap-guangzhou" {
            var run = try await TranscriptRun(transcript)
            let outcome = try await run.outcome(transcript.modes[0]) { saved in
                saved.values.compactMap(\.text).filter { UUIDText.parse($0.utf8) != nil }.map { key in
                    Self.policy(
                        Self.statement("allow", Self.name(action), "qcs::kms:ap-guangzhou::key/creatorUin/*/\(key)"))
                }
            }
            #expect(outcome == "ok", "\(action): \(transcript.name)")
        }
    }

    @Test(arguments: ["EnableKeys", "DisableKeys", "DescribeKeys", "ReEncrypt"])
    func `A call on two keys needs the right to both`(action: String) async throws {
        let fixture = try await TencentFixture()
        let keys = [try await fixture.createKey("one"), try await fixture.createKey("two")]
        let ciphertext = try await fixture.call("Encrypt", ["KeyId": keys[0], "Plaintext": "aGVsbG8="])
        let blob = try #require(ciphertext["CiphertextBlob"]?.text)
        let parameters: JSONValue =
            action == "ReEncrypt"
            ? JSONValue(["CiphertextBlob": blob, "DestinationKeyId": keys[1]]) : JSONValue(["KeyIds": keys])
        func outcome(_ name: String, _ number: Int64, _ allowed: [String]) async throws -> String {
            let documents = allowed.map {
                PolicyDocument(
                    language: .tencent,
                    text: Self.policy(Self.statement("allow", Self.name(action), "qcs::kms:::key/creatorUin/*/\($0)")))
            }
            let user = try await fixture.user(name, number: number, under: documents)
            return try await fixture.outcome(user.request(action, parameters))
        }
        #expect(try await outcome("both", 200_000_000_001, keys) == "ok")
        #expect(try await outcome("one", 200_000_000_002, [keys[0]]) == Self.denied)
        #expect(try await outcome("other", 200_000_000_003, [keys[1]]) == Self.denied)
    }

    @Test func `Who may not make keys makes none for cloud products either`() async throws {
        let fixture = try await TencentFixture()
        let document = Self.policy(Self.statement("deny", "name/kms:CreateKey"), Self.statement("allow", "name/kms:*"))
        let user = try await fixture.user("maker", under: [PolicyDocument(language: .tencent, text: document)])
        let request = user.request("Claviger.CreateProductKey", JSONValue(["Product": "cos"]))
        #expect(try await fixture.outcome(request) == Self.denied)
    }

    @Test func `Who has no right to keys in general does not learn which exist`() async throws {
        let fixture = try await TencentFixture()
        let key = try await fixture.createKey()
        let document = Self.policy(
            Self.statement("allow", "name/kms:*", "qcs::kms:::key/creatorUin/100000000001/\(key)"))
        let user = try await fixture.user("one", under: [PolicyDocument(language: .tencent, text: document)])
        let missing = "00000000-0000-0000-0000-000000000001"
        for action in ["DescribeKey", "EnableKey", "GetPublicKey"] {
            let outcome = try await fixture.outcome(user.request(action, JSONValue(["KeyId": missing])))
            #expect(outcome == Self.denied, "\(action)")
        }
        #expect(try await fixture.outcome(user.request("DescribeKey", JSONValue(["KeyId": key]))) == "ok")
    }

    @Test func `What was decided, by which statement and for whom is in the audit log`() async throws {
        let fixture = try await TencentFixture()
        let key = try await fixture.createKey()
        let document = Self.policy(
            Self.statement("deny", "name/kms:DisableKey"), Self.statement("allow", "name/kms:*"))
        let user = try await fixture.user("reader", under: [PolicyDocument(language: .tencent, text: document)])
        _ = try await fixture.outcome(user.request("DescribeKey", JSONValue(["KeyId": key])))
        _ = try await fixture.outcome(user.request("DisableKey", JSONValue(["KeyId": key])))
        let stranger = try await fixture.user("stranger", number: 200_000_000_002, under: [])
        _ = try await fixture.outcome(stranger.request("ListKeys"))
        let events = try fixture.events().suffix(4)
        #expect(events.map { $0["decision"]?.text } == ["root", "allowed", "denied", "notAllowed"])
        #expect(events.map { $0["policy"]?.text } == [nil, "reader-0#2", "reader-0#1", nil])
        #expect(events.map { $0["principal"]?.text } == ["root", "reader", "reader", "stranger"])
        #expect(events.last?["outcome"]?.text == Self.denied)
    }
}
