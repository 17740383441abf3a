import ClavigerCrypto

/// The record that an operation was attempted, and its outcome. Never holds plaintexts, keys or secrets.
package struct AuditEvent: Hashable, Sendable {
    /// When the call arrived, in microseconds since 1970-01-01 UTC.
    package var time: Int64
    package var requestID: String
    package var dialect: String
    package var action: String

    /// The account and the access key that the call named, if they exist, and the identity that it proved to be.
    package var account: String?
    package var principal: String?
    package var accessKeyID: String?

    /// The address and port that the call came from.
    package var source: String
    package var realm: String?

    /// Ids of what the call was about.
    package var resources: [String]

    /// `ok`, or the error code that the dialect answered with.
    package var outcome: String

    /// What the policies said, and the statement that decided; absent as long as nothing was decided.
    package var decision: String?
    package var policy: String?
    package var durationMicroseconds: Int

    package init(
        time: Int64, requestID: String, dialect: String, action: String, account: String? = nil,
        principal: String? = nil,
        accessKeyID: String? = nil, source: String, realm: String? = nil, resources: [String] = [],
        outcome: String = "ok", decision: String? = nil, policy: String? = nil,
        durationMicroseconds: Int = 0
    ) {
        self.time = time
        self.requestID = requestID
        self.dialect = dialect
        self.action = action
        self.account = account
        self.principal = principal
        self.accessKeyID = accessKeyID
        self.source = source
        self.realm = realm
        self.resources = resources
        self.outcome = outcome
        self.decision = decision
        self.policy = policy
        self.durationMicroseconds = durationMicroseconds
    }
}

extension AuditEvent {
    /// What the log itself has to say, such as that it was recovered.
    static func ofLog(_ action: String, time: Int64, details: [String]) -> AuditEvent {
        AuditEvent(
            time: time, requestID: "", dialect: "audit", action: action, source: "local", resources: details)
    }

    /// The JSON object of this event; absent members are left out.
    package func encoded() -> [UInt8] {
        var json = JSONWriter(capacity: 512)
        json.object { json in
            json.member("time", time)
            json.member("request", requestID)
            json.member("dialect", dialect)
            json.member("action", action)
            if let account { json.member("account", account) }
            if let principal { json.member("principal", principal) }
            if let accessKeyID { json.member("accessKey", accessKeyID) }
            json.member("source", source)
            if let realm { json.member("realm", realm) }
            json.name("resources")
            json.array(resources) { $0.string($1) }
            json.member("outcome", outcome)
            if let decision { json.member("decision", decision) }
            if let policy { json.member("policy", policy) }
            json.member("microseconds", durationMicroseconds)
        }
        return json.bytes
    }
}
