package import ClavigerCore
import ClavigerCrypto
import Synchronization

/// Finds credentials by access key id, and sessions by their token: from memory, else from the store.
///
/// What was read is kept only if no change of its account came between reading and keeping it; so a slow reader never brings back the rights from
/// before a change, and after ``invalidate(_:)`` every request that begins finds the new ones.
package final class CredentialDirectory: Sendable {
    /// What the ids of temporary credentials begin with.
    static let temporaryPrefix = "TMPK"

    private struct State {
        var resident: ResidentCredentials

        /// Uses of access keys that are no longer at hand, not stored yet.
        var uses: [String: Timestamp] = [:]

        mutating func note(_ uses: [String: Timestamp]) { self.uses.merge(uses) { max($0, $1) } }
    }

    private let store: any IdentityStore
    private let backend: any CryptoBackend
    private let tokens: TokenAuthority
    private let policies: PolicyReader
    private let clock: WallClock
    private let state: Mutex<State>

    /// - Parameter capacity: how many credentials are kept at hand; beyond it any gives way.
    package init(
        store: any IdentityStore, backend: any CryptoBackend, tokens: TokenAuthority, policies: PolicyReader,
        clock: WallClock = .system, capacity: Int = 100_000
    ) {
        self.store = store
        self.backend = backend
        self.tokens = tokens
        self.policies = policies
        self.clock = clock
        state = Mutex(State(resident: ResidentCredentials(capacity: capacity)))
    }

    // MARK: finding

    /// The credential if it is at hand; `nil` means ask ``load(_:token:)``.
    ///
    /// - Parameter token: what came with temporary credentials; access keys have none.
    /// - Throws: `.tokenExpired`.
    package func resident(_ accessKeyID: String, token: String? = nil) throws(KMSError) -> Credential? {
        guard let credential = state.withLock({ $0.resident.credentials[accessKeyID] }) else { return nil }
        guard let expiry = credential.expiry else { return credential }
        // What is wrong with another token, opening it tells.
        guard let token, credential.belongs(to: token) else { return nil }
        guard clock.now < expiry else { throw TokenAuthority.tokenExpired }
        return credential
    }

    /// The credential, and afterwards it is at hand.
    ///
    /// - Throws: `.unknownAccessKey` if there is none, `.accessKeyDisabled` if it, its identity or its account is disabled. For temporary credentials `.invalidToken` if the
    ///   token is missing, not theirs or void, or their identity is; `.tokenExpired`. `.sealed`.
    package func load(_ accessKeyID: String, token: String? = nil) async throws(KMSError) -> Credential {
        guard !backend.isSealed else { throw Self.sealed }
        let mark = mark
        let credential =
            accessKeyID.hasPrefix(Self.temporaryPrefix)
            ? try await temporaryCredential(accessKeyID, token, mark) : try await accessKey(accessKeyID, mark)
        state.withLock { state in
            guard let (id, forgotten) = state.resident.insert(credential, id: accessKeyID, readAt: mark) else { return }
            if forgotten.expiry == nil, let use = forgotten.takeUse() { state.note([id: use]) }
        }
        return credential
    }

    /// The session that a token stands for.
    ///
    /// - Throws: `.invalidToken` also if its identity or account is disabled or gone, `.tokenExpired`, `.sealed`.
    package func session(_ token: String) async throws(KMSError) -> Session { try await session(token, as: .session) }

    /// What the token of an identity stands for, if its identity is at hand; `nil` means ask ``identitySession(_:)``.
    ///
    /// - Throws: `.invalidToken`, `.tokenExpired`, `.sealed`.
    package func residentSession(_ token: String) throws(KMSError) -> Session? {
        guard !backend.isSealed else { throw Self.sealed }
        let token = try tokens.open(token, as: .identity)
        guard let identity = state.withLock({ $0.resident.identities[token.identity] }) else { return nil }
        try Self.requireCurrent(token, of: identity)
        return Session(token, of: identity)
    }

    /// What the token of an identity stands for, and afterwards the identity is at hand.
    ///
    /// - Throws: `.invalidToken` also if its identity or account is disabled or gone, `.tokenExpired`, `.sealed`.
    package func identitySession(_ token: String) async throws(KMSError) -> Session {
        try await session(token, as: .identity)
    }

    /// What an identity may do; `nil` if there is none, or it or its account is disabled.
    package func rights(ofIdentity id: String) async throws(KMSError) -> Rights? {
        try await identity(id, mark)?.rights
    }

    private var mark: UInt64 { state.withLock { $0.resident.mark } }

    private static let sealed = KMSError(.sealed, "the service is sealed")
    // In the same words: only a dialect whose codes tell them apart does.
    private static let unknownAccessKey = KMSError(.unknownAccessKey, "no enabled access key has this id")
    private static let accessKeyDisabled = KMSError(.accessKeyDisabled, unknownAccessKey.message)

    private func session(_ token: String, as kind: Token.Kind) async throws(KMSError) -> Session {
        guard !backend.isSealed else { throw Self.sealed }
        let mark = mark
        let token = try tokens.open(token, as: kind)
        return Session(token, of: try await identity(of: token, mark))
    }

    private func accessKey(_ id: String, _ mark: UInt64) async throws(KMSError) -> Credential {
        guard let found = try await store.accessKey(id) else { throw Self.unknownAccessKey }
        guard found.accessKey.isEnabled, let identity = try await resident(found.identity, mark) else {
            throw Self.accessKeyDisabled
        }
        let row = AccessKey.wrappingIdentity(account: found.accessKey.account, id: id)
        return Credential(
            principal: identity.principal(accessKeyID: id),
            secret: try backend.unwrap(found.accessKey.wrappedSecret, identity: row), rights: identity.rights)
    }

    private func temporaryCredential(
        _ id: String, _ text: String?, _ mark: UInt64
    ) async throws(KMSError) -> Credential {
        guard let text else { throw TokenAuthority.invalidToken }
        let token = try tokens.open(text, as: .temporaryCredential)
        guard token.accessKeyID == id else { throw TokenAuthority.invalidToken }
        let identity = try await identity(of: token, mark)
        try await requireIssuer(of: token)
        return Credential(
            principal: identity.principal(accessKeyID: id), secret: token.secret, rights: identity.rights,
            expiry: token.expiry, token: KeyMaterial(text.utf8))
    }

    /// Refuses temporary credentials that were made by what does not count any more.
    private func requireIssuer(of token: Token) async throws(KMSError) {
        let counts: Bool
        switch token.issuer {
        case .none: counts = true
        case .accessKey(let id):
            let found = try await store.accessKey(id)
            counts = found.map { $0.accessKey.isEnabled && $0.identity.id == token.identity } ?? false
        case .session(let id): counts = !tokens.isRevoked(id)
        }
        guard counts else { throw TokenAuthority.invalidToken }
    }

    private func identity(of token: Token, _ mark: UInt64) async throws(KMSError) -> ResidentIdentity {
        guard let identity = try await identity(token.identity, mark) else { throw TokenAuthority.invalidToken }
        try Self.requireCurrent(token, of: identity)
        return identity
    }

    /// Refuses what was made before the sessions of the identity were ended.
    private static func requireCurrent(_ token: Token, of identity: ResidentIdentity) throws(KMSError) {
        guard identity.account == token.account, identity.epoch == token.epoch else {
            throw TokenAuthority.invalidToken
        }
    }

    private func identity(_ id: String, _ mark: UInt64) async throws(KMSError) -> ResidentIdentity? {
        if let resident = state.withLock({ $0.resident.identities[id] }) { return resident }
        guard let identity = try await store.identity(id) else { return nil }
        return try await resident(identity, mark)
    }

    private func resident(_ identity: Identity, _ mark: UInt64) async throws(KMSError) -> ResidentIdentity? {
        if let resident = state.withLock({ $0.resident.identities[identity.id] }) { return resident }
        guard identity.isEnabled, let account = try await store.account(identity.account), account.isEnabled else {
            return nil
        }
        let resident = ResidentIdentity(identity, rights: try await rights(of: identity, in: account))
        state.withLock { $0.resident.insert(resident, readAt: mark) }
        return resident
    }

    private func rights(of identity: Identity, in account: Account) async throws(KMSError) -> Rights {
        if identity.isRoot { return .root }
        let stored = try await store.policies(applyingTo: identity.id)
        return Rights(
            stored.map { policies.readStored($0.document, named: $0.name, for: .identity, account: account) })
    }

    // MARK: forgetting

    /// Forgets what was read of an account, after every change of it, its identities, access keys, groups and policies.
    package func invalidate(_ account: AccountID) {
        keepUses(of: state.withLock { $0.resident.remove(account) })
    }

    /// Forgets all that was read.
    package func invalidate() { keepUses(of: state.withLock { $0.resident.removeAll() }) }

    /// Forgets all secrets, when the server is sealed.
    package func removeAll() { invalidate() }

    // MARK: use

    /// Stores when access keys last signed, and forgets temporary credentials that have expired.
    ///
    /// - Throws: what the store throws; what it did not take is kept for the next time.
    package func flushUse() async throws(KMSError) {
        let now = clock.now
        // The table is copied rather than held: requests must not wait while a hundred thousand credentials are looked at.
        let credentials = state.withLock { $0.resident.credentials }
        let taken = Self.takeUses(of: credentials)
        let expired = credentials.compactMap { id, credential in credential.hasExpired(at: now) ? id : nil }
        let uses = state.withLock { state in
            for id in expired where state.resident.credentials[id]?.hasExpired(at: now) == true {
                state.resident.removeCredential(id)
            }
            state.note(taken)
            defer { state.uses = [:] }
            return state.uses
        }
        guard !uses.isEmpty else { return }
        do throws(KMSError) {
            try await store.noteUse(of: uses)
        } catch {
            state.withLock { $0.note(uses) }
            throw error
        }
    }

    private func keepUses(of forgotten: [String: Credential]) {
        let uses = Self.takeUses(of: forgotten)
        if !uses.isEmpty { state.withLock { $0.note(uses) } }
    }

    private static func takeUses(of credentials: [String: Credential]) -> [String: Timestamp] {
        var uses: [String: Timestamp] = [:]
        for (id, credential) in credentials where credential.expiry == nil {
            if let use = credential.takeUse() { uses[id] = use }
        }
        return uses
    }
}

extension Credential {
    fileprivate func hasExpired(at now: Timestamp) -> Bool { expiry.map { $0 <= now } ?? false }
}
