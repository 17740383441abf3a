import ClavigerAPI
import ClavigerCore
import ClavigerCrypto

/// Lets a key rotate by itself every 7 to 365 days.
struct EnableKeyRotation: ManagementAction {
    typealias Response = EmptyResponse

    static let parameters: [Parameter] = [.required("KeyId", .string), .optional("RotateDays", .unsigned)]

    private static let defaultDays: UInt64 = 365

    private let id: KeyID
    private let days: Int

    init(_ values: ParameterValues) throws(KMSError) {
        id = try values.keyID()
        let days = values.number("RotateDays") ?? Self.defaultDays
        guard 7...365 ~= days else { throw KMSError(.invalidParameterValue, "RotateDays is 7 to 365") }
        self.days = Int(days)
    }

    var resources: [KeyID] { [id] }

    func perform(in call: Call) async throws(KMSError) -> EmptyResponse {
        try await call.kms.enableRotation(of: id, every: .days(days), as: call.caller)
        return EmptyResponse()
    }
}
