import ClavigerAPI
import ClavigerCore
import ClavigerCrypto

/// What CreateKey and GetKeyAttributes tell of a key.
struct LegacyKeyMetadata: TencentResponse {
    /// The word for symmetric keys, the only ones that the legacy API makes.
    static let symmetricUsage = "ENCRYPT/DECRYPT"

    let key: Key

    func encode(to json: inout JSONWriter) {
        json.name("keyMetadata")
        json.object { json in
            json.member("keyId", key.id.description)
            json.member("alias", key.primaryAlias?.name ?? "")
            json.member("createTime", key.createdAt.seconds)
            json.member("description", key.description)
            json.member("keyState", key.state.tencent)
            json.member("keyUsage", usage)
            json.member("deleteTime", key.deletionDate?.seconds ?? 0)
        }
    }

    private var usage: String {
        key.spec.isSymmetric ? Self.symmetricUsage : TencentKeyUsage.word(for: key)
    }
}
