import ClavigerAPI
import ClavigerCore
import ClavigerCrypto
import ClavigerSigning

/// All that is known of a key (contract, section 5.1). Dates that there are not are empty.
struct KeyMetadata: Sendable {
    /// The key as it is now.
    let key: Key

    /// The full name of the key.
    let arn: String

    init(_ key: Key, in call: AlibabaCall) {
        self.key = key
        arn = call.arn("key/\(key.id)")
    }

    /// Writes the members into an object that is open.
    func encode(to json: inout JSONWriter) {
        json.member("KeyId", key.id.description)
        json.member("Arn", arn)
        json.member("Creator", key.scope.account.description)
        json.member("CreationDate", key.createdAt.alibaba)
        json.member("Description", key.description)
        json.member("KeySpec", key.spec.alibaba)
        json.member("KeyUsage", key.usage.alibaba)
        json.member("KeyState", key.state.alibaba)
        json.member("Origin", key.origin.alibaba)
        json.member("ProtectionLevel", ProtectionLevel.software.rawValue)
        json.member("PrimaryKeyVersion", primaryVersion?.description ?? "")
        json.member("LastRotationDate", key.newestVersionDate.alibaba)
        encodeRotation(to: &json)
        json.member("DeleteDate", key.deletionDate?.alibaba ?? "")
        json.member("MaterialExpireTime", key.importedMaterial?.expiry?.alibaba ?? "")
    }

    /// No version of an asymmetric key comes before the others. That of a key with material from outside is there also while the material is not.
    private var primaryVersion: KeyVersionID? {
        guard key.spec.isSymmetric else { return nil }
        switch key.origin {
        case .generated: return key.primaryVersion
        case .external: return key.externalVersion
        }
    }

    private func encodeRotation(to json: inout JSONWriter) {
        guard let policy = key.rotationPolicy else { return json.member("AutomaticRotation", "Disabled") }
        json.member("AutomaticRotation", key.state == .enabled ? "Enabled" : "Suspended")
        json.member("RotationInterval", RotationInterval.text(policy.period))
        json.member("NextRotationDate", policy.nextRotation.alibaba)
    }
}

extension Timestamp {
    /// The moment as clients know it.
    var alibaba: String { AlibabaTimestamp.text(seconds) }
}
