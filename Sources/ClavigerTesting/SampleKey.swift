package import ClavigerCore

/// Keys for tests: a plain one, of which a test says only what matters to it.
package enum SampleKey {
    package static let moment = Timestamp(seconds: 1_700_000_000)

    package static func id() -> KeyID { KeyID(UInt128.random(in: 1...UInt128.max)) }

    /// A scope that nothing else uses.
    package static func scope(realm: String = "south") -> KeyScope {
        KeyScope(account: AccountID(Int64.random(in: 1...Int64.max)), realm: RealmID(realm))
    }

    package static func make(
        _ alias: String, in scope: KeyScope, id: KeyID = id(), spec: KeySpec = .aes256,
        usage: KeyUsage = .encryptDecrypt,
        origin: KeyOrigin = .generated, owner: KeyOwner = .user, createdAt: Timestamp = moment,
        state: KeyState = .enabled, description: String = "", deletionDate: Timestamp? = nil,
        primaryVersion: KeyVersionID? = nil, tags: [KeyTag] = []
    ) -> Key {
        Key(
            id: id, scope: scope, spec: spec, usage: usage, origin: origin, owner: owner, createdAt: createdAt,
            state: state, primaryAlias: KeyAlias(checked: alias), description: description, deletionDate: deletionDate,
            primaryVersion: primaryVersion, tags: tags)
    }

    package static func version(of key: Key, ordinal: Int = 1, publicKey: [UInt8]? = nil) -> KeyVersion {
        KeyVersion(
            id: key.primaryVersion ?? KeyVersionID(UInt128.random(in: 1...UInt128.max)), key: key.id, ordinal: ordinal,
            wrappedMaterial: [1, 2, 3, 0, 255], publicKey: publicKey, createdAt: key.createdAt)
    }
}
