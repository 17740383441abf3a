package import ClavigerCore
package import ClavigerCrypto

/// What happens before a transcript's own call, or after it.
package enum TranscriptStep<Call: Sendable>: Sendable {
    /// A call, and the members of its answer that get names.
    case call(Call, save: [(name: String, path: String)])
    /// The clock moves by seconds.
    case advance(Int)
    /// The background worker does what is due with keys.
    case due(DueWork)
    /// The background worker deletes the secrets whose time is over.
    case secretDeletion

    /// Reads a step.
    ///
    /// - Parameters:
    ///   - known: the members of a step with a call, but for `action` and `save`.
    ///   - call: reads such a step.
    package init(
        _ value: JSONValue, _ known: Set<String>, in place: String,
        call: (_ action: String, TranscriptObject) throws -> Call
    ) throws {
        if let seconds = value["advance"] {
            guard let seconds = seconds.integer else { throw TranscriptFault("\(place): advance is no number") }
            self = .advance(Int(seconds))
            return
        }
        if let work = value["due"] {
            self = try Self.due(work.text ?? "", place)
            return
        }
        let object = try TranscriptObject(value, known.union(["action", "save"]), in: place)
        guard let action = object.text("action") else { throw TranscriptFault("\(place): a step has an action") }
        self = .call(try call(action, object), save: try object.saved())
    }

    private static func due(_ work: String, _ place: String) throws(TranscriptFault) -> TranscriptStep {
        if work == "secretDeletion" { return .secretDeletion }
        guard let due = DueWork.allCases.first(where: { "\($0)" == work }) else {
            throw TranscriptFault("\(place): \(work) is never due")
        }
        return .due(due)
    }
}
