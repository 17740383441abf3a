/// A customer master key: a named key with state and versions, which never leaves the service.
package struct Key: Hashable, Identifiable, Sendable {
    package let id: KeyID
    package let scope: KeyScope
    package let spec: KeySpec
    package let usage: KeyUsage
    package let origin: KeyOrigin
    package let owner: KeyOwner

    /// Who made the key.
    package let creator: IdentityNumber
    package let createdAt: Timestamp

    /// The order of creation in the store; breaks ties between keys of one second. Zero until the store has given it.
    package let sequence: Int64

    package private(set) var state: KeyState

    /// The key's names, the primary one first. Only Alibaba's dialect knows more than one, or none.
    package private(set) var aliases: [KeyAlias]
    package private(set) var description: String

    /// When the key will be gone, while deletion is pending.
    package private(set) var deletionDate: Timestamp?

    /// The version that encrypts; `nil` while material is awaited.
    package private(set) var primaryVersion: KeyVersionID?

    /// How the key rotates by itself; `nil` if it does not.
    package private(set) var rotationPolicy: RotationPolicy?

    /// When the newest version replaced an older one; `nil` before the first rotation.
    package private(set) var lastRotation: Timestamp?

    /// What is known of material from outside; `nil` before the first import.
    package private(set) var importedMaterial: ImportedMaterial?

    /// How many resources of cloud products rely on the key. The store counts them.
    package let bindingCount: Int

    /// What Huawei's dialect sorts keys by: the id of a project of the customer's own, `0` for the default one.
    package let enterpriseProject: String

    /// Unique by name, in the order in which they were given.
    package private(set) var tags: [KeyTag]

    /// Rights to this key alone, oldest first. They come and go by ``KeyEffect``s.
    package let grants: [KeyGrant]

    /// The key's own policy, in which its rights are beside those of users and groups.
    package private(set) var policy: PolicyDocument?

    package init(
        id: KeyID, scope: KeyScope, spec: KeySpec, usage: KeyUsage, origin: KeyOrigin, owner: KeyOwner,
        creator: IdentityNumber, createdAt: Timestamp, sequence: Int64 = 0, state: KeyState, aliases: [KeyAlias],
        description: String,
        deletionDate: Timestamp? = nil, primaryVersion: KeyVersionID?, rotationPolicy: RotationPolicy? = nil,
        lastRotation: Timestamp? = nil, importedMaterial: ImportedMaterial? = nil, bindingCount: Int = 0,
        enterpriseProject: String = Key.defaultEnterpriseProject, tags: [KeyTag], grants: [KeyGrant] = [],
        policy: PolicyDocument? = nil
    ) {
        self.id = id
        self.scope = scope
        self.spec = spec
        self.usage = usage
        self.origin = origin
        self.owner = owner
        self.creator = creator
        self.createdAt = createdAt
        self.sequence = sequence
        self.state = state
        self.aliases = aliases
        self.description = description
        self.deletionDate = deletionDate
        self.primaryVersion = primaryVersion
        self.rotationPolicy = rotationPolicy
        self.lastRotation = lastRotation
        self.importedMaterial = importedMaterial
        self.bindingCount = bindingCount
        self.enterpriseProject = enterpriseProject
        self.tags = tags
        self.grants = grants
        self.policy = policy
    }

    /// The enterprise project of keys of which nobody has said another.
    package static let defaultEnterpriseProject = "0"
}

extension Key {
    /// The name that Tencent's and Huawei's dialects show and change; `nil` if the key has none.
    package var primaryAlias: KeyAlias? { aliases.first }

    /// When the newest version was made.
    package var newestVersionDate: Timestamp { lastRotation ?? createdAt }

    /// Whether the service or a cloud product made the key, and not a user.
    package var isManaged: Bool {
        switch owner {
        case .user: false
        case .product: true
        }
    }

    /// Refuses an operation that the state table does not allow.
    package func require(_ operation: KeyOperation) throws(KMSError) {
        guard !operation.allowedStates.contains(state) else { return }
        if operation == .cancelDeletion {
            throw KMSError(
                .keyNotPendingDeletion, "key \(id) is \(state.words), its deletion is not scheduled", keyState: state)
        }
        if operation.namesDisabledKeys, state == .disabled {
            throw KMSError(.keyDisabled, "key \(id) is disabled", keyState: state)
        }
        throw KMSError(
            .wrongKeyState, "key \(id) is \(state.words), which does not allow this (\(operation))", keyState: state)
    }

    /// Refuses an operation that keys of this kind are not made for.
    package func requireFit(for operation: KeyOperation) throws(KMSError) {
        switch operation.demand {
        case .anyKey: break
        case .symmetric: try requireUse(spec.isSymmetric, "a symmetric key", operation)
        case .asymmetric: try requireUse(!spec.isSymmetric, "an asymmetric key", operation)
        case .asymmetricEncryption:
            try requireUse(!spec.isSymmetric && usage == .encryptDecrypt, "an asymmetric key for encryption", operation)
        case .signing: try requireUse(!spec.isSymmetric && usage == .signVerify, "a key for signing", operation)
        case .external:
            guard origin == .external else {
                throw KMSError(.notExternalKey, "key \(id) has material that was made here, not imported")
            }
        case .automaticRotation:
            guard origin == .generated else {
                throw KMSError(.externalKeyCannotRotate, "key \(id) has material from outside, which does not rotate")
            }
            guard spec.isSymmetric else {
                throw KMSError(.unsupportedOperation, "key \(id) is asymmetric; only symmetric keys rotate")
            }
        case .generated:
            guard origin == .generated else {
                throw KMSError(.externalKeyCannotRotate, "key \(id) has material from outside, which has one version")
            }
        case .rotation:
            guard origin == .generated, spec.isSymmetric else {
                throw KMSError(
                    .rotationUnsupported, "key \(id) cannot rotate; symmetric keys with material made here can")
            }
        }
    }

    private func requireUse(_ fits: Bool, _ needed: String, _ operation: KeyOperation) throws(KMSError) {
        guard fits else {
            throw KMSError(
                .invalidKeyUsage,
                "\(operation) needs \(needed); key \(id) is of the spec \(spec.rawValue), for \(usage.rawValue)")
        }
    }

    /// Refuses to take a key away from the cloud product that it belongs to, or from resources that rely on it.
    private func requireUnused() throws(KMSError) {
        if case .product(let name) = owner { throw KMSError(.keyInUse, "key \(id) belongs to the product \(name)") }
        guard bindingCount == 0 else {
            throw KMSError(.keyInUse, "key \(id) is bound to \(bindingCount) resources of cloud products")
        }
    }

    private func requireUserOwned() throws(KMSError) {
        guard case .product(let name) = owner else { return }
        throw KMSError(.notUserKey, "key \(id) belongs to the product \(name), which alone may do this")
    }

    package mutating func enable() throws(KMSError) {
        try require(.enable)
        state = .enabled
    }

    /// Stops cryptographic use of the key until ``enable()``.
    package mutating func disable() throws(KMSError) {
        try require(.disable)
        try requireUnused()
        state = .disabled
    }

    /// What a dialect demands before a key may be scheduled for deletion.
    package enum DeletionGate: Sendable {
        case anyUsableState
        /// An enabled key must be disabled first, so that its users notice before it is too late.
        case disabledFirst
    }

    package mutating func scheduleDeletion(at date: Timestamp, gate: DeletionGate) throws(KMSError) {
        try require(.scheduleDeletion)
        try requireUnused()
        if gate == .disabledFirst, state == .enabled {
            throw KMSError(.keyNotDisabled, "key \(id) is enabled; disable it before its deletion is scheduled")
        }
        state = .pendingDeletion
        deletionDate = date
    }

    /// What a key is after its deletion was cancelled, if it has material; it waits for it otherwise.
    package enum StateAfterCancellation: Sendable {
        /// Somebody has to want it enabled.
        case disabled
        case enabled
    }

    /// Ends the wait for deletion.
    package mutating func cancelDeletion(to next: StateAfterCancellation = .disabled) throws(KMSError) {
        try require(.cancelDeletion)
        if primaryVersion == nil {
            state = .pendingImport
        } else {
            switch next {
            case .disabled: state = .disabled
            case .enabled: state = .enabled
            }
        }
        deletionDate = nil
    }

    /// - Throws: `.notUserKey` for keys of the service itself.
    package mutating func describe(as text: String) throws(KMSError) {
        try require(.updateDescription)
        guard !owner.isService else {
            throw KMSError(.notUserKey, "key \(id) is the service's own and keeps its description")
        }
        description = text
    }
}

// MARK: aliases

extension Key {
    /// As many names a key can have. All of them are in memory when the key is used.
    package static let mostAliases = 1000

    /// Gives the key another primary alias, or its first one.
    ///
    /// - Throws: `.notUserKey` for keys of the service itself, `.invalidAlias` for a name that only they have.
    package mutating func rename(_ alias: KeyAlias) throws(KMSError) {
        try require(.updateAlias)
        try requireFreeAliases()
        try alias.requireUnreserved()
        // One of its other names may become the primary one.
        aliases = [alias] + aliases.dropFirst().filter { $0 != alias }
    }

    /// Gives the key one more name.
    ///
    /// - Throws: `.notUserKey` for keys of the service itself, `.invalidAlias` for a name that only they have, `.tooManyAliases`.
    package mutating func addAlias(_ alias: KeyAlias) throws(KMSError) {
        try require(.addAlias)
        try requireFreeAliases()
        try alias.requireUnreserved()
        guard aliases.count < Self.mostAliases else {
            throw KMSError(.tooManyAliases, "key \(id) has \(Self.mostAliases) aliases, which is the limit")
        }
        aliases.append(alias)
    }

    /// Takes a name away; if it is the primary one, the next takes its place.
    ///
    /// - Throws: `.aliasNotFound`, `.notUserKey` for keys of the service itself.
    package mutating func removeAlias(_ alias: KeyAlias) throws(KMSError) {
        try require(.removeAlias)
        guard let index = aliases.firstIndex(of: alias) else { throw .aliasNotFound(alias) }
        try requireFreeAliases()
        aliases.remove(at: index)
    }

    /// It is by its alias that a key of the service is known to be there; without it, the next request would make another.
    private func requireFreeAliases() throws(KMSError) {
        guard !owner.isService else {
            throw KMSError(.notUserKey, "key \(id) is the service's own and keeps its alias")
        }
    }
}

// MARK: archiving

extension Key {
    /// Stops encryption under the key; what is encrypted can still be decrypted.
    package mutating func archive() throws(KMSError) {
        try require(.archive)
        try requireUserOwned()
        try requireUnused()
        state = .archived
    }

    /// Enables the key again, whatever it was before it was archived.
    package mutating func cancelArchive() throws(KMSError) {
        try require(.cancelArchive)
        try requireUserOwned()
        state = .enabled
    }
}

// MARK: rotation

extension Key {
    /// Lets the key rotate every `period` from `now` on; calling it again changes the period.
    package mutating func enableRotation(every period: Duration, from now: Timestamp) throws(KMSError) {
        try requireFit(for: .enableRotation)
        try require(.enableRotation)
        rotationPolicy = RotationPolicy(period: period, nextRotation: now + period)
    }

    /// Lets the key rotate every `period` from `now` on, if it rotates by itself already.
    ///
    /// - Throws: `.rotationNotEnabled`.
    package mutating func changeRotation(every period: Duration, from now: Timestamp) throws(KMSError) {
        guard rotationPolicy != nil else {
            throw KMSError(.rotationNotEnabled, "key \(id) does not rotate by itself")
        }
        try enableRotation(every: period, from: now)
    }

    /// Lets the key rotate every `period`, counted from when its newest version was made.
    package mutating func enableRotationFromNewestVersion(every period: Duration) throws(KMSError) {
        try enableRotation(every: period, from: newestVersionDate)
    }

    package mutating func disableRotation() throws(KMSError) {
        try require(.disableRotation)
        rotationPolicy = nil
    }

    /// Makes another version the primary one.
    package mutating func rotate(to version: KeyVersionID, at now: Timestamp) throws(KMSError) {
        try requireFit(for: .rotate)
        try require(.rotate)
        primaryVersion = version
        lastRotation = now
        rotationPolicy = rotationPolicy.map { RotationPolicy(period: $0.period, nextRotation: now + $0.period) }
    }

    /// Notes another version. That of a symmetric key is the primary one from now on; an asymmetric key, whose versions are used by their ids,
    /// keeps the first for those who name none.
    package mutating func addVersion(_ version: KeyVersionID, at now: Timestamp) throws(KMSError) {
        guard !spec.isSymmetric else { return try rotate(to: version, at: now) }
        try requireFit(for: .createVersion)
        try require(.createVersion)
        lastRotation = now
    }

    /// Whether the key should have rotated by `moment`.
    package func isDueForRotation(at moment: Timestamp) -> Bool {
        guard state == .enabled, let policy = rotationPolicy else { return false }
        return policy.nextRotation <= moment
    }
}

// MARK: material from outside

extension Key {
    /// The one version of a key whose material comes from outside. Its id is always that of the key, so that what was encrypted under the
    /// material opens again once the same material is back.
    package var externalVersion: KeyVersionID { KeyVersionID(id.value) }

    /// Takes material whose keyed digest is `digest` until `expiry`, or for as long as the key is bound to resources.
    ///
    /// - Throws: `.materialMismatch` if another material was imported before.
    package mutating func importMaterial(digest: [UInt8], expiry: Timestamp?) throws(KMSError) {
        try requireFit(for: .importMaterial)
        try require(.importMaterial)
        if let known = importedMaterial?.digest, known != digest {
            throw KMSError(.materialMismatch, "another material was imported into key \(id) before; only that one fits")
        }
        // What resources rely on does not expire, see ``bindResource()``.
        importedMaterial = ImportedMaterial(digest: digest, expiry: bindingCount == 0 ? expiry : nil)
        primaryVersion = externalVersion
        // Whoever disabled the key still wants that.
        if state == .pendingImport { state = .enabled }
    }

    package mutating func deleteImportedMaterial() throws(KMSError) {
        try requireFit(for: .deleteImportedMaterial)
        try require(.deleteImportedMaterial)
        try requireUnused()
        loseMaterial()
    }

    /// Whether the material's time is over at `moment`.
    package func hasExpiredMaterial(at moment: Timestamp) -> Bool {
        importedMaterial?.expiry.map { $0 <= moment } ?? false
    }

    /// The key as it is at `moment`, even if nobody has removed its expired material yet.
    package func current(at moment: Timestamp) -> Key {
        guard hasExpiredMaterial(at: moment) else { return self }
        var key = self
        key.loseMaterial()
        return key
    }

    private mutating func loseMaterial() {
        primaryVersion = nil
        importedMaterial = importedMaterial.map { ImportedMaterial(digest: $0.digest, expiry: nil) }
        // A key whose deletion is pending stays so; without material there is nothing to decrypt for an archived key either.
        if state != .pendingDeletion { state = .pendingImport }
    }
}

// MARK: tags

extension Key {
    /// Gives the key tags. A name that it has already keeps its place and gets the new value.
    ///
    /// - Parameter limit: as many tags the key can have afterwards.
    /// - Throws: `.tooManyTags`.
    package mutating func addTags(_ added: [KeyTag], limit: Int) throws(KMSError) {
        try require(.tag)
        var tags = tags
        tags.merge(added)
        // A key can have more from another dialect, which does not keep a value from being changed.
        guard tags.count <= max(limit, self.tags.count) else {
            throw KMSError(.tooManyTags, "key \(id) would have \(tags.count) tags; the limit is \(limit)")
        }
        self.tags = tags
    }

    /// Takes tags away; names that the key does not have do not matter.
    package mutating func removeTags(named names: [String]) throws(KMSError) {
        try require(.untag)
        tags.removeAll { tag in names.contains { tag.isNamed($0) } }
    }
}

// MARK: grants

extension Key {
    /// Refuses a key that cannot have one more grant.
    ///
    /// - Throws: `.notUserKey` for keys of cloud products, as for their policies; `.tooManyGrants`.
    func requireRoomForGrant() throws(KMSError) {
        try requireUserOwned()
        guard grants.count < KeyGrant.mostPerKey else {
            throw KMSError(.tooManyGrants, "key \(id) has \(KeyGrant.mostPerKey) grants, which is the limit")
        }
    }
}

// MARK: the key's own policy

extension Key {
    /// Gives the key a policy of its own, or takes it away.
    package mutating func setPolicy(_ policy: PolicyDocument?) throws(KMSError) {
        try require(.putPolicy)
        try requireUserOwned()
        self.policy = policy
    }
}

// MARK: cloud products

extension Key {
    /// Lets a resource rely on the key: its material no longer expires.
    package mutating func bindResource() throws(KMSError) {
        try require(.bindResource)
        importedMaterial = importedMaterial.map { ImportedMaterial(digest: $0.digest, expiry: nil) }
    }
}

extension [KeyTag] {
    /// Adds tags. A name that is there already keeps its place and gets the new value.
    mutating func merge(_ added: [KeyTag]) {
        for tag in added {
            if let index = firstIndex(where: { $0.isNamed(tag.key) }) { self[index] = tag } else { append(tag) }
        }
    }
}

/// A label of a key: a name and a value. Both count byte for byte.
package struct KeyTag: Hashable, Sendable {
    package let key: String
    package let value: String

    package init(key: String, value: String) {
        self.key = key
        self.value = value
    }

    /// Whether this is the tag's name.
    package func isNamed(_ name: String) -> Bool { key.utf8.elementsEqual(name.utf8) }

    // Swift takes equivalent spellings of a text for equal.
    package static func == (left: KeyTag, right: KeyTag) -> Bool {
        left.isNamed(right.key) && left.value.utf8.elementsEqual(right.value.utf8)
    }

    // Equal bytes are equal texts.
    package func hash(into hasher: inout Hasher) {
        hasher.combine(key)
        hasher.combine(value)
    }
}
