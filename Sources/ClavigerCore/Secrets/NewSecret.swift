package import ClavigerCrypto

/// What a new secret shall be. Its first version is the current one.
package struct NewSecret: Sendable {
    package let name: SecretName
    package let versionID: String
    package let value: KeyMaterial
    package let form: SecretVersion.Form
    package let description: String

    /// Unique by name.
    package let tags: [KeyTag]

    /// The symmetric key that encrypts the values; `nil` for one of the service's own.
    package let key: KeyID?

    package init(
        name: SecretName, versionID: String, value: KeyMaterial, form: SecretVersion.Form, description: String,
        tags: [KeyTag], key: KeyID?
    ) {
        self.name = name
        self.versionID = versionID
        self.value = value
        self.form = form
        self.description = description
        self.tags = tags
        self.key = key
    }
}
