import Foundation
import Testing

@testable import ClavigerAPIAlibaba

@Suite struct TranscriptTests {
    static let actions = Alibaba.operations.map(\.name)

    /// Whatever is sent to these, nothing can be wrong with it.
    private static let withoutRefusal: Set = ["DescribeRegions", "DescribeAccountKmsStatus"]

    /// An account is open from the beginning.
    private static let withoutSuccess: Set = ["OpenKmsService"]

    @Test(arguments: actions)
    func `An action answers as its transcripts say, however it is sent`(action: String) async throws {
        for transcript in try Transcript.load(action) {
            for mode in transcript.isSuccess ? TranscriptRun.Mode.ofSuccesses : TranscriptRun.Mode.ofRefusals {
                do {
                    var run = try await TranscriptRun(transcript)
                    let faults = try await run.play(mode)
                    #expect(faults.isEmpty, "\(action): \(transcript.name), \(mode): \(faults)")
                } catch {
                    Issue.record("\(action): \(transcript.name), \(mode): \(error)")
                }
            }
        }
    }

    @Test(arguments: actions)
    func `An action has transcripts of success and of refusal, each with a name of its own`(action: String) throws {
        let transcripts = try Transcript.load(action)
        #expect(transcripts.contains(where: \.isSuccess) || Self.withoutSuccess.contains(action), "\(action)")
        #expect(transcripts.contains { !$0.isSuccess } || Self.withoutRefusal.contains(action), "\(action)")
        #expect(Set(transcripts.map(\.name)).count == transcripts.count, "\(action)")
    }

    @Test func `Every file belongs to an action, and no two actions have one name`() throws {
        let files = try FileManager.default.contentsOfDirectory(atPath: Transcript.folder.path)
        #expect(Set(files) == Set(Self.actions.map { "\($0).json" }).union(["README.md"]))
        #expect(Set(Self.actions).count == Self.actions.count)
    }

    /// The contract's section 5.
    @Test func `All actions of the API are there`() {
        let documented = """
            CreateKey DescribeKey ListKeys EnableKey DisableKey CancelKeyDeletion ScheduleKeyDeletion \
            UpdateKeyDescription GetParametersForImport ImportKeyMaterial DeleteKeyMaterial \
            CreateKeyVersion DescribeKeyVersion ListKeyVersions UpdateRotationPolicy \
            Encrypt Decrypt GenerateDataKey GenerateDataKeyWithoutPlaintext ExportDataKey GenerateAndExportDataKey \
            ReEncrypt AsymmetricSign AsymmetricVerify AsymmetricEncrypt AsymmetricDecrypt GetPublicKey \
            CreateAlias UpdateAlias DeleteAlias ListAliases ListAliasesByKeyId \
            CreateSecret DescribeSecret ListSecrets GetSecretValue PutSecretValue UpdateSecret \
            UpdateSecretVersionStage ListSecretVersionIds DeleteSecret RestoreSecret GetRandomPassword \
            TagResource UntagResource ListResourceTags DescribeRegions OpenKmsService DescribeAccountKmsStatus
            """
        let names = documented.split(separator: " ").map(String.init)
        #expect(Set(names).count == 49)
        #expect(Set(Self.actions) == Set(names))
    }
}
