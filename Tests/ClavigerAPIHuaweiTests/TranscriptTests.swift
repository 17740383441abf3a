import Foundation
import Testing

@testable import ClavigerAPIHuawei

@Suite struct TranscriptTests {
    static let actions = Huawei.operations.map(\.name)

    @Test(arguments: actions)
    func `An action answers as its transcripts say`(action: String) async throws {
        for transcript in try Transcript.load(action) {
            var run = try await TranscriptRun(transcript)
            let faults = try await run.play()
            #expect(faults.isEmpty, "\(action): \(transcript.name): \(faults)")
        }
    }

    @Test(arguments: actions)
    func `An action has transcripts of success and of refusal, each with a name of its own`(action: String) throws {
        let transcripts = try Transcript.load(action)
        #expect(
            transcripts.contains {
                switch $0.outcome {
                case .response, .nothing: true
                case .error: false
                }
            })
        // Whatever is sent to these, nothing can be wrong with it.
        if !["user-instances", "user-quotas", "list-kms-tags"].contains(action) {
            #expect(transcripts.contains { if case .error = $0.outcome { true } else { false } })
        }
        #expect(Set(transcripts.map(\.name)).count == transcripts.count)
    }

    @Test func `Every file belongs to an action, and no two actions have one name`() throws {
        let files = try FileManager.default.contentsOfDirectory(atPath: Transcript.folder.path)
        #expect(Set(files) == Set(Self.actions.map { "\($0).json" }).union(["README.md"]))
        #expect(Set(Self.actions).count == Self.actions.count)
    }
}
