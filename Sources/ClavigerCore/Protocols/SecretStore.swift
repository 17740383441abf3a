/// Where secrets rest. Every implementation passes `SecretStoreContract`.
///
/// A change is durable before its call returns, and what is deleted is wiped. Failures of the store itself are `.storeUnavailable`.
package protocol SecretStore: Sendable {
    /// Stores a new secret with its first version, of which `value` is. Its `sequence` is the store's to give.
    ///
    /// - Throws: `.secretExists` if a secret of the scope has the name, `.secretPendingDeletion` if that one's deletion is scheduled,
    ///   `.tooManySecrets` if the scope holds `limit` secrets already.
    func insert(_ secret: Secret, value: SealedSecretValue, limit: Int) async throws(KMSError)

    /// The secret with this name; `nil` if there is none.
    func secret(_ name: SecretName, in scope: KeyScope) async throws(KMSError) -> Secret?

    /// The secret and the value of one of its versions, as of one moment.
    ///
    /// - Parameter version: chooses the version; `nil` if the secret has none such.
    /// - Returns: `nil` if there is no such secret; no value if it has no such version.
    func secretWithValue(
        _ name: SecretName, in scope: KeyScope, version: @escaping @Sendable (Secret) -> SecretVersion?
    ) async throws(KMSError) -> (secret: Secret, version: SecretVersion?, value: SealedSecretValue?)?

    /// Changes a secret: reads it, lets `change` alter it, and stores the result and its effects, in one transaction. Values of versions that the
    /// secret does not have any more go.
    ///
    /// - Returns: the secret as it is now.
    /// - Throws: `.secretNotFound`, or what `change` throws; nothing is then changed.
    func changeSecret(
        _ name: SecretName, in scope: KeyScope,
        _ change: @escaping @Sendable (inout Secret) throws(KMSError) -> [SecretEffect]
    ) async throws(KMSError) -> Secret

    /// Deletes a secret with everything that belongs to it.
    ///
    /// - Parameter condition: whether it shall be deleted as it is now.
    /// - Returns: the deleted secret, or `nil` if there was none or `condition` did not want it.
    func deleteSecret(
        _ name: SecretName, in scope: KeyScope, if condition: @escaping @Sendable (Secret) throws(KMSError) -> Bool
    ) async throws(KMSError) -> Secret?

    /// A page of the secrets that match, without their versions, and the number of all that match. Its cost does not grow with `offset` when
    /// pages are read one after the other.
    func listSecrets(_ query: SecretQuery, offset: Int, limit: Int) async throws(KMSError) -> SecretPage

    /// Secrets whose deletion is due at `moment`, those that have waited longest first.
    func secretsDue(at moment: Timestamp, limit: Int) async throws(KMSError) -> [(name: SecretName, scope: KeyScope)]
}
