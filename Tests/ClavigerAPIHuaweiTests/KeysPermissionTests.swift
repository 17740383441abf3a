import ClavigerCore
import Testing

@testable import ClavigerAPIHuawei

/// The actions about keys by users who have just some rights (contract, section 9). The calls are those of the transcripts.
@Suite struct KeysPermissionTests {
    /// The vendor's name of the right that an action needs.
    static let rights: [String: String] = [
        "create-key": "kms:cmk:create",
        "enable-key": "kms:cmk:enable",
        "disable-key": "kms:cmk:disable",
        "schedule-key-deletion": "kms:cmk:update",
        "cancel-key-deletion": "kms:cmk:update",
        "update-key-alias": "kms:cmk:update",
        "update-key-description": "kms:cmk:update",
        "list-keys": "kms:cmk:list",
        "describe-key": "kms:cmk:get",
        "user-instances": "kms:cmk:getInstance",
        "user-quotas": "kms:cmk:getQuota",
        "get-parameters-for-import": "kms:cmk:getMaterial",
        "import-key-material": "kms:cmk:importMaterial",
        "delete-imported-key-material": "kms:cmk:deleteMaterial",
        "list-kms-by-tags": "kms:cmkTag:listInstance",
        "show-kms-tags": "kms:cmkTag:list",
        "list-kms-tags": "kms:cmkTag:list",
        "batch-kms-tags": "kms:cmkTag:batch",
        "create-kms-tag": "kms:cmkTag:create",
        "delete-tag": "kms:cmkTag:delete",
    ]

    static let actions = Huawei.keyOperations.map(\.name)

    private static func isSuccess(_ transcript: Transcript) -> Bool {
        switch transcript.outcome {
        case .response, .nothing: true
        case .error: false
        }
    }

    @Test(arguments: actions)
    func `The right that an action needs is enough for it`(action: String) async throws {
        let right = try #require(Self.rights[action])
        for transcript in try Transcript.load(action) where Self.isSuccess(transcript) {
            var run = try await TranscriptRun(transcript)
            let answer = try await run.answer(under: HuaweiFixture.allowing([right]))
            #expect(answer.outcome == "ok", "\(action): \(transcript.name): \(answer.text)")
        }
    }

    @Test(arguments: actions)
    func `Who has all rights but that of an action may not call it`(action: String) async throws {
        let right = try #require(Self.rights[action])
        let others = Set(Self.rights.values).subtracting([right]).sorted()
        for transcript in try Transcript.load(action) where Self.isSuccess(transcript) {
            var run = try await TranscriptRun(transcript)
            let answer = try await run.answer(under: HuaweiFixture.allowing(others))
            #expect(answer.outcome == "KMS.0307", "\(action): \(transcript.name)")
            #expect(answer.status == 403)
        }
    }

    /// What is wrong with the form of a call, which is looked at before anybody's rights.
    private static let earlier: Set = ["KMS.0204", "KMS.0205", "KMS.0206"]

    @Test(arguments: actions)
    func `Who has no rights hears nothing of what else is wrong with a call, nor which keys there are`(
        action: String
    ) async throws {
        // Who wants to see all there is needs the right before anything is read.
        let operation = try #require(Huawei.keyOperations.first { $0.name == action })
        let isAboutOne = if case .each = operation.permission.scope { true } else { false }
        for transcript in try Transcript.load(action) {
            var run = try await TranscriptRun(transcript)
            let answer = try await run.answer(under: nil)
            if case .error(let code, _) = transcript.outcome, isAboutOne, Self.earlier.contains(code),
                !transcript.name.contains("unknown")
            {
                #expect(answer.outcome == code, "\(action): \(transcript.name): \(answer.text)")
            } else {
                #expect(answer.outcome == "KMS.0307", "\(action): \(transcript.name): \(answer.text)")
            }
        }
    }
}
