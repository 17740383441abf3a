import ClavigerAPI
import ClavigerCore
import ClavigerCrypto

/// All that is known of a key (contract, section 7.7). Every value is a string.
struct KeyDetails: Sendable {
    let key: Key
    let domainID: String
    let realm: Realm

    /// Writes the members into an object that is open.
    func encode(to json: inout JSONWriter) {
        json.member("key_id", key.id.description)
        json.member("domain_id", domainID)
        json.member("key_alias", key.primaryAlias?.name ?? "")
        json.member("realm", realm.huaweiNames.first ?? realm.id.name)
        json.member("key_description", key.description)
        json.member("creation_date", key.createdAt.huaweiMilliseconds)
        json.member("scheduled_deletion_date", key.deletionDate?.huaweiMilliseconds ?? "")
        json.member("key_state", key.state.huawei)
        json.member("default_key_flag", key.isManaged ? "1" : "0")
        json.member("key_type", "1")
        json.member("key_spec", key.spec.huawei)
        json.member("key_usage", key.usage.rawValue)
        json.member("origin", key.origin.huawei)
        json.member("expiration_time", key.importedMaterial?.expiry?.huaweiMilliseconds ?? "")
        json.member("key_rotation_enabled", key.rotationPolicy == nil ? "false" : "true")
        json.member("keystore_id", "0")
        json.member("sys_enterprise_project_id", key.enterpriseProject)
    }
}

extension KeyOrigin {
    fileprivate var huawei: String {
        switch self {
        case .generated: "kms"
        case .external: "external"
        }
    }
}
