package import ClavigerCrypto

/// A version of a secret with its value.
package struct SecretValue: Sendable {
    /// The secret as it was when its value was read.
    package let secret: Secret
    package let version: SecretVersion
    package let plaintext: KeyMaterial
}
