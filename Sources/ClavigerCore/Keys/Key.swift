/// A customer master key: a named key with state and versions, which never leaves the service.
package struct Key: Hashable, Identifiable, Sendable {
    package let id: KeyID
    package let scope: KeyScope
    package let spec: KeySpec
    package let usage: KeyUsage
    package let origin: KeyOrigin
    package let owner: KeyOwner
    package let createdAt: Timestamp

    /// The order of creation in the store; breaks ties between keys of one second. Zero until the store has given it.
    package let sequence: Int64

    package private(set) var state: KeyState

    /// The first of the key's aliases, the only one that Tencent's and Huawei's dialects know.
    package private(set) var primaryAlias: KeyAlias
    package private(set) var description: String

    /// When the key will be gone, while deletion is pending.
    package private(set) var deletionDate: Timestamp?

    /// The version that encrypts; `nil` while material is awaited.
    package let primaryVersion: KeyVersionID?
    package let tags: [KeyTag]

    package init(
        id: KeyID, scope: KeyScope, spec: KeySpec, usage: KeyUsage, origin: KeyOrigin, owner: KeyOwner,
        createdAt: Timestamp, sequence: Int64 = 0, state: KeyState, primaryAlias: KeyAlias, description: String,
        deletionDate: Timestamp? = nil, primaryVersion: KeyVersionID?, tags: [KeyTag]
    ) {
        self.id = id
        self.scope = scope
        self.spec = spec
        self.usage = usage
        self.origin = origin
        self.owner = owner
        self.createdAt = createdAt
        self.sequence = sequence
        self.state = state
        self.primaryAlias = primaryAlias
        self.description = description
        self.deletionDate = deletionDate
        self.primaryVersion = primaryVersion
        self.tags = tags
    }
}

extension Key {
    /// Refuses an operation that the state table does not allow.
    package func require(_ operation: KeyOperation) throws(KMSError) {
        guard !operation.allowedStates.contains(state) else { return }
        if operation == .cancelDeletion {
            throw KMSError(.keyNotPendingDeletion, "key \(id) is \(state), its deletion is not scheduled")
        }
        if operation.usesMaterial, state == .disabled {
            throw KMSError(.keyDisabled, "key \(id) is disabled")
        }
        throw KMSError(.wrongKeyState, "key \(id) is \(state), which does not allow \(operation)")
    }

    /// Refuses symmetric use of an asymmetric key.
    package func requireSymmetric() throws(KMSError) {
        guard spec.isSymmetric else {
            throw KMSError(.invalidKeyUsage, "key \(id) is asymmetric, a symmetric key is needed")
        }
    }

    package mutating func enable() throws(KMSError) {
        try require(.enable)
        state = .enabled
    }

    /// Stops cryptographic use of the key until ``enable()``.
    package mutating func disable() throws(KMSError) {
        try require(.disable)
        try requireUserOwned()
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
        try requireUserOwned()
        if gate == .disabledFirst, state == .enabled {
            throw KMSError(.keyNotDisabled, "key \(id) is enabled; disable it before its deletion is scheduled")
        }
        state = .pendingDeletion
        deletionDate = date
    }

    /// Ends the wait for deletion; the key is then disabled, or waits for material again if it has none.
    package mutating func cancelDeletion() throws(KMSError) {
        try require(.cancelDeletion)
        state = primaryVersion == nil ? .pendingImport : .disabled
        deletionDate = nil
    }

    package mutating func rename(_ alias: KeyAlias) throws(KMSError) {
        try require(.updateAlias)
        primaryAlias = alias
    }

    package mutating func describe(as text: String) throws(KMSError) {
        try require(.updateDescription)
        description = text
    }

    private func requireUserOwned() throws(KMSError) {
        guard case .product(let name) = owner else { return }
        throw KMSError(.keyInUse, "key \(id) belongs to the product \(name)")
    }
}

/// A label of a key: a name and a value.
package struct KeyTag: Hashable, Sendable {
    package let key: String
    package let value: String

    package init(key: String, value: String) {
        self.key = key
        self.value = value
    }
}
