import ClavigerCore
import ClavigerCrypto

extension JSONWriter {
    /// The kind of every secret: others are tied to resources of the cloud, of which there are none here.
    static let genericSecretType = "Generic"

    mutating func secretType() { member("SecretType", Self.genericSecretType) }

    mutating func stages(_ stages: [SecretStage]) {
        name("VersionStages")
        object { json in
            json.name("VersionStage")
            json.array(stages) { $0.string($1.name) }
        }
    }

    mutating func tags(_ tags: [KeyTag]) {
        name("Tags")
        object { json in
            json.name("Tag")
            json.array(tags) { json, tag in json.object { tag.encode(to: &$0) } }
        }
    }
}

extension JSONWriter {
    mutating func dates(of secret: Secret) {
        member("CreateTime", secret.createdAt.alibaba)
        member("UpdateTime", secret.updatedAt.alibaba)
        if let date = secret.deletionDate { member("PlannedDeleteTime", date.alibaba) }
    }
}
