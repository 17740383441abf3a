import ClavigerAPI
import ClavigerCore
import ClavigerCrypto
import ClavigerIdentity

/// Credentials that expire.
struct TemporaryCredentialsAnswer: AdminAnswer {
    static let schemaName = "TemporaryCredentials"
    static let fields: [Parameter] = [
        .required("id", .string, "what requests name"),
        .required("secret", .string, "what they are signed with; shown this once"),
        .required(
            "token", .string,
            "what they carry beside the signature: X-TC-Token, in other dialects by their vendors' names"),
        .required("expiresAt", .string, "when they become void"),
    ]

    let credentials: TemporaryCredentials

    func encode(to json: inout JSONWriter) {
        json.member("id", credentials.id)
        json.member("secret", credentials.secret)
        json.member("token", credentials.token)
        json.member("expiresAt", credentials.expiry)
    }

    var madeResources: [String] { ["access-key/\(credentials.id)"] }
}
