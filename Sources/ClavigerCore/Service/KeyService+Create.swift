import ClavigerCrypto

/// What a new key shall be.
package struct NewKey: Sendable {
    package let spec: KeySpec
    package let usage: KeyUsage
    package let origin: KeyOrigin
    package let owner: KeyOwner

    /// `nil` for a key without a name.
    package let alias: KeyAlias?

    /// How often the key shall rotate by itself; `nil` for a key that does not.
    package let rotationPeriod: Duration?
    package let description: String
    package let enterpriseProject: String
    package let tags: [KeyTag]

    package init(
        spec: KeySpec, usage: KeyUsage, origin: KeyOrigin, owner: KeyOwner = .user, alias: KeyAlias?,
        rotationPeriod: Duration? = nil, description: String, enterpriseProject: String = Key.defaultEnterpriseProject,
        tags: [KeyTag]
    ) {
        self.spec = spec
        self.usage = usage
        self.origin = origin
        self.owner = owner
        self.alias = alias
        self.rotationPeriod = rotationPeriod
        self.description = description
        self.enterpriseProject = enterpriseProject
        self.tags = tags
    }
}

extension KeyService {
    /// Makes a key: enabled with fresh material, or waiting for material from outside.
    ///
    /// - Parameter limit: a dialect's own limit of keys per account and realm, below that of the service.
    /// - Throws: `.aliasExists`, `.tooManyKeys`, `.externalKeyCannotRotate`, `.unsupportedOperation` for an asymmetric key that shall rotate;
    ///   nothing is then reserved.
    package func create(_ new: NewKey, limit: Int = .max, as caller: Caller) async throws(KMSError) -> Key {
        try caller.require(on: .all(.key), tags: new.tags)
        // Whoever may not make keys makes none for cloud products either.
        if caller.permission != .createKey {
            try caller.needing(.createKey).require(on: .all(.key), tags: new.tags)
        }
        if let alias = new.alias {
            try caller.requireNoDenial(of: [.createAlias], on: .newAlias(alias))
            try alias.requireUnreserved()
        }
        try requireUnsealed()
        let id = KeyID(random.uuid())
        let now = clock.now
        var version: KeyVersion?
        if new.origin == .generated {
            version = try await makeVersion(of: id, new.spec, in: caller.scope, at: now)
        }
        var key = Key(
            id: id, scope: caller.scope, spec: new.spec, usage: new.usage, origin: new.origin, owner: new.owner,
            creator: caller.principal.number, createdAt: now, state: version == nil ? .pendingImport : .enabled,
            aliases: new.alias.map { [$0] } ?? [],
            description: new.description, primaryVersion: version?.id, enterpriseProject: new.enterpriseProject,
            tags: new.tags)
        if let period = new.rotationPeriod { try key.enableRotationFromNewestVersion(every: period) }
        let (made, material) = (key, version)
        try await freeingNames { () throws(KMSError) in
            try await store.insert(made, version: material, limit: min(limit, limits.keysPerScope))
        }
        return key
    }

    /// Makes a version with fresh material, which is not stored yet.
    func makeVersion(
        of id: KeyID, _ spec: KeySpec, in scope: KeyScope, at now: Timestamp
    ) async throws(KMSError) -> KeyVersion {
        let version = KeyVersionID(random.uuid())
        let identity = KeyVersion.wrappingIdentity(scope: scope, spec: spec, key: id, version: version)
        let material = try await generateMaterial(for: spec, identity: identity)
        return KeyVersion(
            id: version, key: id, ordinal: 1, wrappedMaterial: material.wrapped, publicKey: material.publicKey,
            createdAt: now)
    }

    func generateMaterial(for spec: KeySpec, identity: RowIdentity) async throws(KMSError) -> GeneratedMaterial {
        guard !spec.isSymmetric else { return try backend.generateMaterial(for: spec, identity: identity) }
        return try await pools.generation.run { [backend] () throws(KMSError) in
            try backend.generateMaterial(for: spec, identity: identity)
        }
    }
}
