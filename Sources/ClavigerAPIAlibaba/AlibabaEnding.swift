import ClavigerAPI
import ClavigerCore

/// How a call of this dialect ends: every call has an envelope of its own.
struct AlibabaEnding: CallEnding {
    let recorder: CallRecorder
    let envelope: AlibabaEnvelope

    func word(for error: KMSError) -> String { error.alibaba.rawValue }

    func success(_ outcome: AlibabaOutcome, requestID: String) -> Reply {
        envelope.success(outcome.json, requestID: requestID)
    }

    func failure(_ error: KMSError, requestID: String) -> Reply { envelope.failure(error, requestID: requestID) }
}
