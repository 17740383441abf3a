import Foundation
import Testing

@testable import ClavigerAPITencent

@Suite struct TranscriptTests {
    static let actions = Tencent.actions.map(\.name)
    static let legacyActions = TencentLegacy.actions.map(\.name)

    private func play(_ transcripts: [Transcript]) async throws {
        for transcript in transcripts {
            for mode in transcript.modes {
                var run = try await TranscriptRun(transcript)
                let faults = try await run.play(mode)
                #expect(faults.isEmpty, "\(transcript.call.action): \(transcript.name): \(faults)")
            }
        }
    }

    private func check(_ transcripts: [Transcript]) {
        #expect(transcripts.contains { if case .response = $0.outcome { true } else { false } })
        #expect(transcripts.contains { if case .error = $0.outcome { true } else { false } })
        #expect(Set(transcripts.map(\.name)).count == transcripts.count)
    }

    @Test(arguments: actions)
    func `An action answers as its transcripts say, however it is sent`(action: String) async throws {
        try await play(try Transcript.load(action))
    }

    @Test(arguments: legacyActions)
    func `An action of the legacy API answers as its transcripts say, however it is sent`(
        action: String
    ) async throws {
        try await play(try Transcript.load(action, .legacy))
    }

    @Test(arguments: actions)
    func `An action has transcripts of success and of refusal`(action: String) throws {
        check(try Transcript.load(action))
    }

    @Test(arguments: legacyActions)
    func `An action of the legacy API has transcripts of success and of refusal`(action: String) throws {
        check(try Transcript.load(action, .legacy))
    }

    @Test func `Every file belongs to an action`() throws {
        let files = try FileManager.default.contentsOfDirectory(atPath: Transcript.folder.path)
        let legacyFolder = Transcript.legacyFolder.lastPathComponent
        #expect(Set(files) == Set(Self.actions.map { "\($0).json" }).union([legacyFolder]))
        let legacyFiles = try FileManager.default.contentsOfDirectory(atPath: Transcript.legacyFolder.path)
        #expect(Set(legacyFiles) == Set(Self.legacyActions.map { "\($0).json" }))
    }
}
