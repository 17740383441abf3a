/// A part of a list of secrets, and how long the whole list is.
package struct SecretPage: Sendable {
    /// Without their versions.
    package let secrets: [Secret]
    package let total: Int

    package init(secrets: [Secret], total: Int) {
        self.secrets = secrets
        self.total = total
    }
}
