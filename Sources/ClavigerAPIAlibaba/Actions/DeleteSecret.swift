import ClavigerCore
import ClavigerCrypto

/// Lets a secret end after some days, or at once.
struct DeleteSecret: ManagementAction {
    static let required: [StaticString] = ["SecretName"]

    private static let windows: ClosedRange<Int64> = 7...30
    private static let defaultWindow: Int64 = 30

    private let name: AlibabaSecretName
    private let isForced: Bool

    /// Days; does not matter if the deletion is forced.
    private let window: Int

    init(_ values: AlibabaValues) throws(KMSError) {
        name = try values.secretName()
        isForced = try values.boolean("ForceDeleteWithoutRecovery") ?? false
        window = Int(try values.number("RecoveryWindowInDays", in: Self.windows) ?? Self.defaultWindow)
    }

    var resources: [String] { [name.resource] }

    func perform(in call: AlibabaCall) async throws(KMSError) -> Response {
        let name = try call.secret(name)
        if isForced {
            try await call.secrets.deleteAtOnce(name, as: call.caller)
            return Response(name: name, date: call.kms.clock.now)
        }
        let secret = try await call.secrets.scheduleDeletion(of: name, after: .days(window), as: call.caller)
        return Response(name: name, date: secret.deletionDate ?? call.kms.clock.now)
    }

    struct Response: AlibabaResponse {
        let name: SecretName
        let date: Timestamp

        func encode(to json: inout JSONWriter) {
            json.member("SecretName", name.text)
            json.member("PlannedDeleteTime", date.alibaba)
        }
    }
}
