package import ClavigerCore

/// Keys for tests: a plain one, of which a test says only what matters to it. Their creator is the root of the account.
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
        origin: KeyOrigin = .generated, owner: KeyOwner = .user, creator: IdentityNumber? = nil,
        createdAt: Timestamp = moment,
        state: KeyState = .enabled, description: String = "", deletionDate: Timestamp? = nil,
        primaryVersion: KeyVersionID? = nil, rotationPolicy: RotationPolicy? = nil, lastRotation: Timestamp? = nil,
        importedMaterial: ImportedMaterial? = nil, bindingCount: Int = 0,
        enterpriseProject: String = Key.defaultEnterpriseProject, tags: [KeyTag] = [], grants: [KeyGrant] = [],
        policy: PolicyDocument? = nil
    ) -> Key {
        Key(
            id: id, scope: scope, spec: spec, usage: usage, origin: origin, owner: owner,
            creator: creator ?? IdentityNumber(scope.account.number), createdAt: createdAt, state: state,
            aliases: [KeyAlias(checked: alias)], description: description, deletionDate: deletionDate,
            primaryVersion: primaryVersion, rotationPolicy: rotationPolicy, lastRotation: lastRotation,
            importedMaterial: importedMaterial, bindingCount: bindingCount, enterpriseProject: enterpriseProject,
            tags: tags, grants: grants, policy: policy)
    }

    package static func version(
        of key: Key, id: KeyVersionID? = nil, ordinal: Int = 1, publicKey: [UInt8]? = nil
    ) -> KeyVersion {
        KeyVersion(
            id: id ?? key.primaryVersion ?? KeyVersionID(UInt128.random(in: 1...UInt128.max)), key: key.id,
            ordinal: ordinal, wrappedMaterial: [1, 2, 3, 0, 255], publicKey: publicKey, createdAt: key.createdAt)
    }

    /// Import parameters whose token digest is 32 times `token`.
    package static func importParameters(
        for key: KeyID, token: UInt8, algorithm: WrappingAlgorithm = .rsaOAEPSHA256,
        expiry: Timestamp = moment + ImportParameters.lifetime
    ) -> ImportParameters {
        ImportParameters(
            tokenDigest: tokenDigest(token), key: key, algorithm: algorithm, wrappedPrivateKey: [token, 0, 255],
            expiry: expiry)
    }

    /// A grant whose id is made of `name`.
    package static func grant(
        _ name: String, on key: KeyID, to grantee: KeyGrant.Grantee = .identity("grantee"),
        operations: [GrantOperation] = [.encryptData], retiringIdentity: String? = nil, createdAt: Timestamp = moment
    ) -> KeyGrant {
        KeyGrant(
            id: "id of \(name)", key: key, grantee: grantee, operations: operations, name: name,
            retiringIdentity: retiringIdentity, issuer: "issuer", createdAt: createdAt)
    }

    package static func tokenDigest(_ token: UInt8) -> [UInt8] { Array(repeating: token, count: 32) }
}
