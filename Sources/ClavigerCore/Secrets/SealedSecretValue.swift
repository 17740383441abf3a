/// A secret's value as it rests: encrypted under the secret's key, for this version of this secret.
package struct SealedSecretValue: Hashable, Sendable {
    /// In the common ciphertext format.
    package let ciphertext: [UInt8]

    package init(ciphertext: [UInt8]) { self.ciphertext = ciphertext }
}
