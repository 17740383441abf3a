import ClavigerCore
import ClavigerCrypto

/// What DescribeKey, DescribeKeys and ListKeyDetail tell of a key.
struct KeyMetadata: Sendable {
    let key: Key
    let edition: Realm.Edition

    func encode(to json: inout JSONWriter) {
        let creator = key.scope.account
        json.object { json in
            json.member("KeyId", key.id.description)
            json.member("Alias", key.primaryAlias.name)
            json.member("CreateTime", key.createdAt.seconds)
            json.member("Description", key.description)
            json.member("KeyState", key.state.tencent)
            json.member("KeyUsage", TencentKeyUsage(key)?.rawValue ?? key.usage.rawValue)
            json.member("Type", edition.tencentType)
            json.member("CreatorUin", creator.number)
            // Keys of this server do not rotate: the public service shows such a key in the same way.
            json.member("KeyRotationEnabled", false)
            json.member("Owner", owner)
            json.member("NextRotateTime", 0)
            json.member("DeletionDate", key.deletionDate?.seconds ?? 0)
            json.member("Origin", key.origin.tencent)
            json.member("ValidTo", 0)
            json.member("ResourceId", "creatorUin/\(creator)/\(key.id)")
            json.member("RotateDays", 0)
            json.member("LastRotateTime", 0)
        }
    }

    private var owner: String {
        switch key.owner {
        case .user: "user"
        case .product(let name): name
        }
    }
}
