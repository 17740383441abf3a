/// Where keys rest. Every implementation passes `KeyStoreContract`.
///
/// A change is durable before its call returns. Failures of the store itself are `.storeUnavailable`.
package protocol KeyStore: Sendable {
    // MARK: settings

    /// A value that the server keeps for itself, such as the parameters of the root key.
    func setting(_ name: String) async throws(KMSError) -> [UInt8]?

    /// Stores values all together, and only if none of them exists.
    ///
    /// - Returns: whether they were stored.
    func insertSettings(_ values: [String: [UInt8]]) async throws(KMSError) -> Bool

    // MARK: keys

    /// Stores a new key and its first version, if it has one. Its `sequence` is the store's to give.
    ///
    /// - Throws: `.aliasExists` if a key of the scope has one of the aliases, `.tooManyKeys` if the scope holds `limit` keys already, those of
    ///   users and those of cloud products counted apart.
    func insert(_ key: Key, version: KeyVersion?, limit: Int) async throws(KMSError)

    /// The key, in whatever scope it is; `nil` if there is none.
    func key(_ id: KeyID) async throws(KMSError) -> Key?

    /// All versions of the key, oldest first.
    func versions(of id: KeyID) async throws(KMSError) -> [KeyVersion]

    /// The key and all its versions, as of one moment.
    func keyWithVersions(_ id: KeyID) async throws(KMSError) -> (key: Key, versions: [KeyVersion])?

    /// The keys with these ids in this scope, in the order of the ids.
    ///
    /// - Throws: `.keyNotFound` if one of them is missing.
    func keys(_ ids: [KeyID], in scope: KeyScope) async throws(KMSError) -> [Key]

    /// Changes keys of one scope, all or none: reads them, lets `change` alter each, and stores the results and their effects, in one
    /// transaction.
    ///
    /// An alias that moves from one of the keys to another keeps its place in the order of aliases.
    ///
    /// - Returns: the keys as they are now, in the order of the ids.
    /// - Throws: `.keyNotFound`, `.aliasExists`, `.bindingNotFound`, `.grantNotFound`, `.tooManyRotations`, or what `change` throws; nothing is
    ///   then changed.
    func change(
        _ ids: [KeyID],
        in scope: KeyScope,
        _ change: @escaping @Sendable (inout Key) throws(KMSError) -> [KeyEffect]
    ) async throws(KMSError) -> [Key]

    /// A page of the keys that match, and the number of all that match. Its cost does not grow with `offset` when pages are read one
    /// after the other.
    func list(_ query: KeyQuery, offset: Int, limit: Int) async throws(KMSError) -> KeyPage

    /// The key of the scope that has the alias; `nil` if there is none.
    func keyID(named alias: KeyAlias, in scope: KeyScope) async throws(KMSError) -> KeyID?

    /// A page of the scope's aliases in the order of their creation, and the number of all. Its cost does not grow with `offset` when pages are
    /// read one after the other.
    func aliases(in scope: KeyScope, offset: Int, limit: Int) async throws(KMSError) -> AliasPage

    /// The names of all tags of the scope's keys, each with its distinct values; both in the order of their bytes.
    func tags(in scope: KeyScope) async throws(KMSError) -> [(key: String, values: [String])]

    /// A page of the grants on the scope's keys that an identity may give up by itself, oldest first, and the number of all.
    func grants(retirableBy identity: String, in scope: KeyScope, offset: Int, limit: Int) async throws(KMSError)
        -> (grants: [KeyGrant], total: Int)

    /// Ids of keys for which the work is due at `moment`, those that have waited longest first.
    func keysDue(for work: DueWork, at moment: Timestamp, limit: Int) async throws(KMSError) -> [KeyID]

    /// Deletes a key with everything that belongs to it, if its deletion is (still) due at `moment`.
    ///
    /// - Returns: the deleted key, or `nil` if it was not due.
    func deleteKey(_ id: KeyID, dueAt moment: Timestamp) async throws(KMSError) -> Key?

    /// The import parameters with this token digest; `nil` if there are none, or newer ones have superseded them.
    func importParameters(_ tokenDigest: [UInt8]) async throws(KMSError) -> ImportParameters?

    /// Forgets import parameters whose time is over at `moment`.
    func deleteImportParameters(expiredAt moment: Timestamp) async throws(KMSError)

    // MARK: upkeep

    /// Whether the store can be read and written now.
    func checkHealth() async throws(KMSError)

    func close() async
}

extension KeyStore {
    /// Changes keys alone, as ``change(_:in:_:)`` does.
    package func update(
        _ ids: [KeyID],
        in scope: KeyScope,
        _ update: @escaping @Sendable (inout Key) throws(KMSError) -> Void
    ) async throws(KMSError) -> [Key] {
        try await change(ids, in: scope) { key throws(KMSError) in
            try update(&key)
            return []
        }
    }
}
