package import ClavigerCore

/// Secrets for tests: a plain one with one current version, of which a test says only what matters to it.
package enum SampleSecret {
    package static func make(
        _ name: String, in scope: KeyScope, id: UInt128 = UInt128.random(in: 1...UInt128.max),
        encryptionKey: KeyID = KeyID(1), hasChosenKey: Bool = false, creator: IdentityNumber = IdentityNumber(5),
        createdAt: Timestamp = SampleKey.moment, updatedAt: Timestamp? = nil, description: String = "",
        deletionDate: Timestamp? = nil, tags: [KeyTag] = [], versions: [SecretVersion] = [version("v1", [.current])]
    ) -> Secret {
        Secret(
            id: id, scope: scope, name: SecretName(checked: name), encryptionKey: encryptionKey,
            hasChosenKey: hasChosenKey, creator: creator, createdAt: createdAt, updatedAt: updatedAt ?? createdAt,
            description: description, deletionDate: deletionDate, tags: tags, versions: versions)
    }

    package static func version(
        _ id: String, _ stages: [SecretStage] = [], form: SecretVersion.Form = .text,
        createdAt: Timestamp = SampleKey.moment
    ) -> SecretVersion {
        SecretVersion(id: id, form: form, createdAt: createdAt, stages: stages)
    }

    /// A value that no other number has.
    package static func value(_ number: UInt8) -> SealedSecretValue {
        SealedSecretValue(ciphertext: [number, 0, 255, number])
    }
}
