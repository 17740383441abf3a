import Foundation
import Testing

@testable import ClavigerAPITencent

@Suite struct TranscriptTests {
    static let actions = Tencent.actions.map(\.name)

    @Test(arguments: actions)
    func `An action answers as its transcripts say, however it is sent`(action: String) async throws {
        for transcript in try Transcript.load(action) {
            for mode in transcript.modes {
                var run = try await TranscriptRun(transcript)
                let faults = try await run.play(mode)
                #expect(faults.isEmpty, "\(action): \(transcript.name): \(faults)")
            }
        }
    }

    @Test(arguments: actions)
    func `An action has transcripts of success and of refusal`(action: String) throws {
        let transcripts = try Transcript.load(action)
        #expect(transcripts.contains { if case .response = $0.outcome { true } else { false } })
        #expect(transcripts.contains { if case .error = $0.outcome { true } else { false } })
        #expect(Set(transcripts.map(\.name)).count == transcripts.count)
    }

    @Test func `Every file belongs to an action`() throws {
        let files = try FileManager.default.contentsOfDirectory(atPath: Transcript.folder.path)
        #expect(Set(files) == Set(Self.actions.map { "\($0).json" }))
    }
}
