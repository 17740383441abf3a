/// One generation of a key's material, as it rests: wrapped by the root key.
package struct KeyVersion: Hashable, Identifiable, Sendable {
    package let id: KeyVersionID
    package let key: KeyID

    /// 1 for the first, then counted up.
    package let ordinal: Int
    package let wrappedMaterial: [UInt8]

    /// `SubjectPublicKeyInfo`, DER; `nil` for symmetric keys.
    package let publicKey: [UInt8]?
    package let createdAt: Timestamp

    package init(
        id: KeyVersionID, key: KeyID, ordinal: Int, wrappedMaterial: [UInt8], publicKey: [UInt8]?, createdAt: Timestamp
    ) {
        self.id = id
        self.key = key
        self.ordinal = ordinal
        self.wrappedMaterial = wrappedMaterial
        self.publicKey = publicKey
        self.createdAt = createdAt
    }

    /// What the wrapped material is bound to.
    package static func wrappingIdentity(scope: KeyScope, spec: KeySpec, key: KeyID, version: KeyVersionID)
        -> RowIdentity
    {
        RowIdentity(
            "key-version", scope.account.description, scope.realm.name, spec.rawValue, key.description,
            version.description)
    }
}
