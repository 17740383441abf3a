import ClavigerCore
import ClavigerCrypto
import ClavigerTesting
import Testing

@testable import ClavigerAPIAlibaba

/// Every action by users who have just some rights (contract, sections 2.3 and 5). The calls are those of the transcripts.
@Suite struct AccessTests {
    private static let denied = "Forbidden.NoPermission"

    static let actions = Alibaba.operations.filter(\.needsPermission).map(\.name)

    /// Actions whose rights do not have their name.
    private static let otherNames = ["ReEncrypt": ["kms:ReEncryptFrom", "kms:ReEncryptTo"]]

    /// What a transcript's call needs.
    private static func rights(_ action: String, _ transcript: Transcript) -> [String] {
        (otherNames[action] ?? ["kms:\(action)"]) + secondRights(action, transcript)
    }

    /// A secret whose maker has chosen its key needs rights to that too.
    private static func secondRights(_ action: String, _ transcript: Transcript) -> [String] {
        switch action {
        case "CreateSecret": transcript.call.request["EncryptionKeyId"] == nil ? [] : ["kms:GenerateDataKey"]
        case "GetSecretValue": transcript.setup.contains(where: Self.choosesKey) ? ["kms:Decrypt"] : []
        default: []
        }
    }

    private static func choosesKey(_ step: TranscriptStep<Transcript.Call>) -> Bool {
        switch step {
        case .call(let call, _): call.action == "CreateSecret" && call.request["EncryptionKeyId"] != nil
        case .advance, .due, .secretDeletion: false
        }
    }

    private func check(
        _ outcome: String, of transcript: Transcript, under policies: [String],
        sourceLocation: SourceLocation = #_sourceLocation
    ) async throws {
        var run = try await TranscriptRun(transcript)
        let answer = try await run.answer { _ in policies }
        #expect(
            answer.outcome == outcome, "\(transcript.call.action): \(transcript.name), \(policies): \(answer.text)",
            sourceLocation: sourceLocation)
    }

    @Test(arguments: actions)
    func `The rights that an action needs are enough for it`(action: String) async throws {
        for transcript in try Transcript.load(action) where transcript.isSuccess {
            try await check("ok", of: transcript, under: [RAMPolicy.allowing(Self.rights(action, transcript))])
        }
    }

    @Test(arguments: actions)
    func `Who is denied one of the rights that an action needs may not call it`(action: String) async throws {
        for transcript in try Transcript.load(action) where transcript.isSuccess {
            for right in Self.rights(action, transcript) {
                try await check(Self.denied, of: transcript, under: [RAMPolicy.allowingAll(but: [right])])
            }
        }
    }

    @Test(arguments: actions)
    func `Who has every right but one that an action needs may not call it`(action: String) async throws {
        let all = Set(Self.actions.flatMap { Self.otherNames[$0] ?? ["kms:\($0)"] })
        for transcript in try Transcript.load(action) where transcript.isSuccess {
            for right in Self.rights(action, transcript) {
                let others = all.subtracting([right]).sorted()
                try await check(Self.denied, of: transcript, under: [RAMPolicy.allowing(others)])
            }
        }
    }

    @Test(arguments: actions)
    func `Who has no right hears nothing of parameters, nor of what exists`(action: String) async throws {
        for transcript in try Transcript.load(action) { try await check(Self.denied, of: transcript, under: []) }
    }

    /// What is told of parameters alone, before anything is looked up.
    private static let ofParameters: Set = [
        "MissingParameter", "InvalidParameter", "Unsupported.Alias", "Unsupported.ProtectionLevel",
        "Rejected.LimitExceeded",
    ]

    @Test(arguments: actions)
    func `Who is denied what others of his rights would allow hears nothing of what exists`(
        action: String
    ) async throws {
        let ofKeys = ["CreateSecret": ["kms:GenerateDataKey"], "GetSecretValue": ["kms:Decrypt"]]
        let rights = (Self.otherNames[action] ?? ["kms:\(action)"]) + (ofKeys[action] ?? [])
        for transcript in try Transcript.load(action) {
            if case .error(let code) = transcript.call.outcome, Self.ofParameters.contains(code) { continue }
            try await check(Self.denied, of: transcript, under: [RAMPolicy.allowingAll(but: rights)])
        }
    }

    @Test(arguments: actions)
    func `Rights to resources of another account are none`(action: String) async throws {
        let policy = RAMPolicy.allowing(["kms:*"], on: ["acs:kms:*:\(AlibabaFixture.otherAccount.id):*"])
        for transcript in try Transcript.load(action).filter(\.isSuccess).prefix(2) {
            try await check(Self.denied, of: transcript, under: [policy])
        }
    }

    @Test func `Everybody of the account may ask for the regions`() async throws {
        let fixture = try await AlibabaFixture()
        let user = try await fixture.user("nobody")
        #expect(try await fixture.outcome("DescribeRegions", client: user) == "ok")
        let deniedUser = try await fixture.user(
            "denied", under: [RAMPolicy.document(RAMPolicy.statement("Deny", ["*"]))])
        #expect(try await fixture.outcome("DescribeRegions", client: deniedUser) == "ok")
        #expect(Alibaba.operations.filter { !$0.needsPermission }.map(\.name) == ["DescribeRegions"])
    }

    @Test func `OpenKmsService needs its right before it says anything`() async throws {
        let fixture = try await AlibabaFixture()
        let user = try await fixture.user("opener", under: [RAMPolicy.allowing(["kms:OpenKmsService"])])
        #expect(try await fixture.outcome("OpenKmsService", client: user) == "Forbidden.Opened")
        let other = try await fixture.user("other", under: [RAMPolicy.allowingAll(but: ["kms:OpenKmsService"])])
        #expect(try await fixture.outcome("OpenKmsService", client: other) == Self.denied)
    }
}
