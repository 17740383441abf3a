import ClavigerAPI
import ClavigerCore
import ClavigerCrypto

/// Lets a key rotate by itself, counted from its newest version, or stops that.
struct UpdateRotationPolicy: ManagementAction, KeyNaming {
    typealias Response = EmptyResponse

    static let required: [StaticString] = ["KeyId", "EnableAutomaticRotation"]

    let key: AlibabaKeyName

    /// `nil` for a key that shall not rotate.
    private let period: Duration?

    init(_ values: AlibabaValues) throws(KMSError) {
        period = try values.rotationPeriod()
        key = try values.keyNameWithoutAlias()
    }

    func perform(in call: AlibabaCall) async throws(KMSError) -> EmptyResponse {
        let resident = try await call.load(key, as: call.caller)
        try call.kms.requireRight(to: resident, as: call.caller)
        // A key that can never rotate is refused also where it shall not.
        try resident.key.requireFit(for: .enableRotation)
        let id = resident.key.id
        if let period {
            try await call.kms.enableRotationFromNewestVersion(
                of: id, every: period, gate: .only(.enabled), as: call.caller)
        } else {
            try await call.kms.disableRotation(of: id, gate: .only(.enabled), as: call.caller)
        }
        return EmptyResponse()
    }
}
