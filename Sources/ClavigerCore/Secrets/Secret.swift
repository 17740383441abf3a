/// Something secret that the service keeps for applications: a name, and versions of a value. The values are encrypted under a key and rest
/// beside it; see ``SecretStore``.
package struct Secret: Hashable, Identifiable, Sendable {
    /// Versions that are kept. Beyond that, the oldest without a stage goes when another comes.
    package static let mostVersions = 100

    /// Labels that callers can give a secret, all of its versions together. ``SecretStage/previous`` counts, but comes by itself also beyond that.
    package static let mostStages = 8

    /// The number of a UUID that is never used again; names are.
    package let id: UInt128
    package let scope: KeyScope
    package let name: SecretName

    /// Under which key the values are encrypted.
    package let encryptionKey: KeyID

    /// Whether whoever made the secret has chosen the key; it is the service's own otherwise.
    package let hasChosenKey: Bool

    package let creator: IdentityNumber
    package let createdAt: Timestamp

    /// The order of creation in the store; breaks ties between secrets of one second. Zero until the store has given it.
    package let sequence: Int64

    package private(set) var updatedAt: Timestamp
    package private(set) var description: String

    /// When the secret will be gone, while deletion is pending.
    package private(set) var deletionDate: Timestamp?

    /// Unique by name, in the order in which they were given.
    package private(set) var tags: [KeyTag]

    /// The oldest first.
    package private(set) var versions: [SecretVersion]

    package init(
        id: UInt128, scope: KeyScope, name: SecretName, encryptionKey: KeyID, hasChosenKey: Bool,
        creator: IdentityNumber, createdAt: Timestamp, sequence: Int64 = 0, updatedAt: Timestamp, description: String,
        deletionDate: Timestamp? = nil, tags: [KeyTag], versions: [SecretVersion]
    ) {
        self.id = id
        self.scope = scope
        self.name = name
        self.encryptionKey = encryptionKey
        self.hasChosenKey = hasChosenKey
        self.creator = creator
        self.createdAt = createdAt
        self.sequence = sequence
        self.updatedAt = updatedAt
        self.description = description
        self.deletionDate = deletionDate
        self.tags = tags
        self.versions = versions
    }
}

extension Secret {
    /// The version with this id; `nil` if there is none.
    package func version(_ id: String) -> SecretVersion? { versions.first { $0.isNamed(id) } }

    /// The version that has the label; `nil` if none has.
    package func version(at stage: SecretStage) -> SecretVersion? { versions.first { $0.stages.contains(stage) } }

    /// Refuses a secret whose deletion is pending.
    ///
    /// - Throws: `.secretPendingDeletion`.
    package func requireInUse() throws(KMSError) {
        guard deletionDate == nil else {
            throw KMSError(.secretPendingDeletion, "the secret \(name) is waiting for its deletion")
        }
    }

    /// - Throws: `.secretPendingDeletion`.
    package mutating func describe(as text: String, at now: Timestamp) throws(KMSError) {
        try requireInUse()
        description = text
        updatedAt = now
    }

    /// Adds a version, and gives it labels, which others lose. Without a free place the oldest version without a label goes.
    ///
    /// - Throws: `.secretPendingDeletion`, `.secretVersionExists`, `.tooManyStages`; the secret is then as it was.
    package mutating func addVersion(_ version: SecretVersion, at now: Timestamp) throws(KMSError) {
        try requireInUse()
        guard self.version(version.id) == nil else {
            throw KMSError(.secretVersionExists, "the secret \(name) has a version \(version.id) already")
        }
        let unlabelled = SecretVersion(
            id: version.id, form: version.form, createdAt: version.createdAt, stages: [])
        var versions = try giving(version.stages, to: versions.count, of: versions + [unlabelled])
        while versions.count > Self.mostVersions, let index = versions.firstIndex(where: \.stages.isEmpty) {
            versions.remove(at: index)
        }
        self.versions = versions
        updatedAt = now
    }

    /// Gives a label to a version, or takes it away.
    ///
    /// - Parameters:
    ///   - target: the version that gets it; `nil` if none shall have it.
    ///   - source: the version that must have it; `nil` if it does not matter.
    /// - Throws: `.secretPendingDeletion`, `.secretVersionNotFound`, `.tooManyStages`; `.invalidParameter` if `source` does not have the label,
    ///   or a label of the service's own would be nowhere. The secret is then as it was.
    package mutating func moveStage(
        _ stage: SecretStage, to target: String?, from source: String?, at now: Timestamp
    ) throws(KMSError) {
        try requireInUse()
        let former = try source.map { id throws(KMSError) in try index(of: id) }
        let next = try target.map { id throws(KMSError) in try index(of: id) }
        if let former, !versions[former].stages.contains(stage) {
            throw KMSError(
                .invalidParameter, "the version \(versions[former].id) does not have the label \(stage)")
        }
        if let next {
            versions = try giving([stage], to: next, of: versions)
        } else {
            guard !stage.isBuiltIn else {
                throw KMSError(.invalidParameter, "\(stage) can be moved to another version, not removed")
            }
            for index in versions.indices { versions[index].stages.removeAll { $0 == stage } }
        }
        updatedAt = now
    }

    /// - Throws: `.secretVersionNotFound`.
    private func index(of id: String) throws(KMSError) -> Int {
        guard let index = versions.firstIndex(where: { $0.isNamed(id) }) else {
            throw KMSError(.secretVersionNotFound, "the secret \(name) has no version \(id)")
        }
        return index
    }

    /// The versions once the one at `index` has the labels.
    ///
    /// - Throws: `.tooManyStages`.
    private func giving(
        _ stages: [SecretStage], to index: Int, of versions: [SecretVersion]
    ) throws(KMSError) -> [SecretVersion] {
        var known = Set(versions.flatMap(\.stages))
        let count = known.count
        known.formUnion(stages)
        guard known.count <= max(count, Self.mostStages) else {
            throw KMSError(
                .tooManyStages, "the secret \(name) would have \(known.count) labels; the limit is \(Self.mostStages)")
        }
        var versions = versions
        for stage in stages where stage != .current { versions.move(stage, to: index) }
        // Last, so that what was current before has its label for that, whatever else was asked for.
        if stages.contains(.current), let former = versions.move(.current, to: index) {
            versions.move(.previous, to: former)
        }
        return versions
    }
}

extension [SecretVersion] {
    /// Gives a version a label that another has.
    ///
    /// - Returns: the version that has lost it; `nil` if none has.
    @discardableResult
    fileprivate mutating func move(_ stage: SecretStage, to index: Int) -> Int? {
        guard !self[index].stages.contains(stage) else { return nil }
        let former = firstIndex { $0.stages.contains(stage) }
        if let former { self[former].stages.removeAll { $0 == stage } }
        self[index].stages.append(stage)
        return former
    }
}

// MARK: deletion

extension Secret {
    /// Lets the secret be gone at `date`, if it is not restored before. That does not count as an update, so that a restored secret is as it was.
    ///
    /// - Throws: `.secretPendingDeletion` if that is so already.
    package mutating func scheduleDeletion(at date: Timestamp) throws(KMSError) {
        try requireInUse()
        deletionDate = date
    }

    /// Ends the wait for deletion.
    ///
    /// - Throws: `.secretNotPendingDeletion`.
    package mutating func restore() throws(KMSError) {
        guard deletionDate != nil else {
            throw KMSError(.secretNotPendingDeletion, "the deletion of the secret \(name) is not scheduled")
        }
        deletionDate = nil
    }

    /// Whether the secret's last moment has passed, even if nobody has removed it yet.
    package func isGone(at now: Timestamp) -> Bool { deletionDate.map { $0 <= now } ?? false }
}

// MARK: tags

extension Secret {
    /// Gives the secret tags. A name that it has already keeps its place and gets the new value.
    ///
    /// - Parameter limit: as many tags the secret can have afterwards.
    /// - Throws: `.tooManyTags`, `.secretPendingDeletion`.
    package mutating func addTags(_ added: [KeyTag], limit: Int, at now: Timestamp) throws(KMSError) {
        try requireInUse()
        var tags = tags
        tags.merge(added)
        guard tags.count <= max(limit, self.tags.count) else {
            throw KMSError(.tooManyTags, "the secret \(name) would have \(tags.count) tags; the limit is \(limit)")
        }
        self.tags = tags
        updatedAt = now
    }

    /// Takes tags away; names that the secret does not have do not matter.
    ///
    /// - Throws: `.secretPendingDeletion`.
    package mutating func removeTags(named names: [String], at now: Timestamp) throws(KMSError) {
        try requireInUse()
        tags.removeAll { tag in names.contains { tag.isNamed($0) } }
        updatedAt = now
    }
}

extension AccessResource {
    /// A secret; one that does not exist has no tags.
    package static func secret(_ name: SecretName, _ secret: Secret? = nil) -> AccessResource {
        AccessResource(.secret, .text(name.text), creator: secret?.creator, tags: secret?.tags ?? [])
    }

    package static func newSecret(_ name: SecretName) -> AccessResource { AccessResource(.secret, .new(name.text)) }
}
