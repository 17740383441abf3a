/// What a change of a secret does to its values.
package enum SecretEffect: Sendable {
    /// Stores the value of a version that has come.
    case addValue(SealedSecretValue, version: String)
}
