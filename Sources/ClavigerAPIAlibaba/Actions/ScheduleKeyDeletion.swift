import ClavigerAPI
import ClavigerCore
import ClavigerCrypto

/// Lets a key end after 7 to 30 days.
struct ScheduleKeyDeletion: ManagementAction, KeyNaming {
    typealias Response = EmptyResponse

    static let required: [StaticString] = ["KeyId"]
    static let stateCode: AlibabaCode? = .stateModifiedFailed

    private static let days: ClosedRange<Int64> = 7...30

    let key: AlibabaKeyName
    private let window: Duration

    init(_ values: AlibabaValues) throws(KMSError) {
        window = .days(Int(try values.number("PendingWindowInDays", in: Self.days) ?? Self.days.upperBound))
        key = try values.keyNameWithoutAlias()
    }

    func perform(in call: AlibabaCall) async throws(KMSError) -> EmptyResponse {
        _ = try await call.kms.scheduleDeletion(
            of: try call.id(key), after: window, gate: .anyUsableState, as: call.caller)
        return EmptyResponse()
    }
}
