package import ClavigerCore
package import ClavigerCrypto

/// A server on which a transcript is played, and what its calls have answered so far.
package struct TranscriptStage: Sendable {
    package let kms: KeyService

    /// `nil` where the dialect has no secrets.
    package let secrets: SecretService?
    package var values: TranscriptValues

    package init(kms: KeyService, secrets: SecretService? = nil, clock: ManualClock) {
        self.kms = kms
        self.secrets = secrets
        values = TranscriptValues(clock: clock)
    }

    /// Plays a step.
    ///
    /// - Parameters:
    ///   - place: what faults are said to be in.
    ///   - answer: makes a call and gives the members of its answer; throws if it does not go as it should.
    package mutating func play<Call>(
        _ step: TranscriptStep<Call>, in place: String,
        answer: (Call, TranscriptValues) async throws -> JSONValue
    ) async throws {
        switch step {
        case .advance(let seconds): values.clock.advance(by: .seconds(seconds))
        case .due(let work):
            let outcome = try await kms.carryOut(work)
            guard !outcome.done.isEmpty, outcome.failures.isEmpty else {
                throw TranscriptFault("\(place): nothing was due")
            }
        case .secretDeletion:
            guard let outcome = try await secrets?.deleteDue(), !outcome.done.isEmpty, outcome.failures.isEmpty else {
                throw TranscriptFault("\(place): no secret was due")
            }
        case .call(let call, let save):
            let members = try await answer(call, values)
            for (name, path) in save {
                guard let value = members.value(at: path) else {
                    throw TranscriptFault("\(place): there is no \(path) in \(members.shown)")
                }
                values.saved[name] = value
            }
        }
    }
}
