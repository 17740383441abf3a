import ClavigerCore
import ClavigerCrypto

/// What DescribeKey, DescribeKeys and ListKeyDetail tell of a key.
struct KeyMetadata: Sendable {
    let key: Key
    let edition: Realm.Edition

    func encode(to json: inout JSONWriter) {
        json.object { json in
            json.member("KeyId", key.id.description)
            json.member("Alias", key.primaryAlias?.name ?? "")
            json.member("CreateTime", key.createdAt.seconds)
            json.member("Description", key.description)
            json.member("KeyState", key.state.tencent)
            json.member("KeyUsage", TencentKeyUsage.word(for: key))
            json.member("Type", edition.tencentType)
            json.member("CreatorUin", key.creator.value)
            json.member("KeyRotationEnabled", key.rotationPolicy != nil)
            json.member("Owner", owner)
            json.member("NextRotateTime", key.rotationPolicy?.nextRotation.seconds ?? 0)
            json.member("DeletionDate", key.deletionDate?.seconds ?? 0)
            json.member("Origin", key.origin.tencent)
            json.member("ValidTo", key.importedMaterial?.expiry?.seconds ?? 0)
            json.member("ResourceId", "creatorUin/\(key.creator)/\(key.id)")
            json.member("RotateDays", key.rotationPolicy?.period.wholeDays ?? 0)
            json.member("LastRotateTime", key.lastRotation?.seconds ?? 0)
        }
    }

    private var owner: String {
        switch key.owner {
        case .user: "user"
        case .product(let name): name
        }
    }
}
