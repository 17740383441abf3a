import ClavigerCrypto

/// A record of the audit log as people read it.
struct AuditEventView {
    let record: JSONValue

    /// - Parameter line: as it is in the log.
    init(line: String) throws(CommandFailure) {
        do {
            record = try JSONParser.parse(Array(line.utf8))
        } catch {
            throw CommandFailure(
                "the log holds a line that is no event", hint: "`claviger audit verify` tells where and what is wrong")
        }
    }

    var time: String { record["time"]?.integer.map { LocalTime.text(microseconds: $0) } ?? "" }
    var action: String { record["action"]?.text ?? "" }
    var outcome: String { record["outcome"]?.text ?? "" }

    /// The identity, or the access key if that is all that is known.
    var principal: String { record["principal"]?.text ?? record["accessKey"]?.text ?? "-" }

    /// What the policies said, and which statement of them.
    var decision: String {
        let parts = [record["decision"]?.text, record["policy"]?.text].compactMap { $0 }
        return parts.isEmpty ? "-" : parts.joined(separator: " by ")
    }

    var source: String { record["source"]?.text ?? "" }
    var resources: String { (record["resources"]?.elements ?? []).compactMap(\.text).joined(separator: " ") }
}
