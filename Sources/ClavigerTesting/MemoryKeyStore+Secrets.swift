package import ClavigerCore

extension MemoryKeyStore {
    package func insert(_ secret: Secret, value: SealedSecretValue, limit: Int) async throws(KMSError) {
        try access { state throws(KMSError) in
            guard let version = secret.versions.first, secret.versions.count == 1 else {
                throw KMSError(.internalFailure, "a new secret has one version")
            }
            if let index = state.index(of: secret.name, in: secret.scope) {
                try state.secrets[index].requireInUse()
                throw KMSError(.secretExists, "a secret of this account and region has the name \(secret.name)")
            }
            guard state.secrets.count(where: { $0.scope == secret.scope }) < limit else {
                throw KMSError(.tooManySecrets, "the account holds \(limit) secrets in this region")
            }
            guard !state.secrets.contains(where: { $0.id == secret.id }) else {
                throw KMSError(.storeUnavailable, "the secret exists already")
            }
            state.lastSecretSequence += 1
            state.secrets.append(secret.with(sequence: state.lastSecretSequence))
            state.secretValues[state.lastSecretSequence] = [Array(version.id.utf8): value]
        }
    }

    package func secret(_ name: SecretName, in scope: KeyScope) async throws(KMSError) -> Secret? {
        try access { state in state.index(of: name, in: scope).map { state.secrets[$0] } }
    }

    package func secretWithValue(
        _ name: SecretName, in scope: KeyScope, version: @escaping @Sendable (Secret) -> SecretVersion?
    ) async throws(KMSError) -> (secret: Secret, version: SecretVersion?, value: SealedSecretValue?)? {
        try access { state in
            guard let index = state.index(of: name, in: scope) else { return nil }
            let secret = state.secrets[index]
            guard let version = version(secret) else { return (secret, nil, nil) }
            return (secret, version, state.secretValues[secret.sequence]?[Array(version.id.utf8)])
        }
    }

    package func changeSecret(
        _ name: SecretName, in scope: KeyScope,
        _ change: @escaping @Sendable (inout Secret) throws(KMSError) -> [SecretEffect]
    ) async throws(KMSError) -> Secret {
        try access { state throws(KMSError) in
            guard let index = state.index(of: name, in: scope) else {
                throw KMSError(.secretNotFound, "no secret \(name) in this account and region")
            }
            let old = state.secrets[index]
            var new = old
            let effects = try change(&new)
            let kept = new.versions.filter { version in old.versions.contains { $0.isSame(as: version) } }
            let come = new.versions.filter { version in !kept.contains { $0.isSame(as: version) } }
            var values = state.secretValues[old.sequence, default: [:]]
            values = values.filter { id, _ in kept.contains { id == Array($0.id.utf8) } }
            for effect in effects {
                switch effect {
                case .addValue(let value, let version):
                    guard come.contains(where: { $0.isNamed(version) }) else {
                        throw KMSError(.internalFailure, "a value is for no new version of its secret")
                    }
                    values[Array(version.utf8)] = value
                }
            }
            guard come.allSatisfy({ values[Array($0.id.utf8)] != nil }) else {
                throw KMSError(.internalFailure, "a new version of a secret has no value")
            }
            state.secrets[index] = new
            state.secretValues[old.sequence] = values
            return new
        }
    }

    package func deleteSecret(
        _ name: SecretName, in scope: KeyScope, if condition: @escaping @Sendable (Secret) throws(KMSError) -> Bool
    ) async throws(KMSError) -> Secret? {
        try access { state throws(KMSError) in
            guard let index = state.index(of: name, in: scope), try condition(state.secrets[index]) else { return nil }
            state.secretValues[state.secrets[index].sequence] = nil
            return state.secrets.remove(at: index)
        }
    }

    package func listSecrets(_ query: SecretQuery, offset: Int, limit: Int) async throws(KMSError) -> SecretPage {
        try access { state in
            // The secrets are in the order of creation and the sort is stable, so those of one second stay in that order.
            let matches = state.secrets.filter(query.selects).sorted { $0.createdAt < $1.createdAt }
            let page = matches.dropFirst(max(0, offset)).prefix(max(0, limit))
            return SecretPage(secrets: page.map { $0.with(versions: []) }, total: matches.count)
        }
    }

    package func secretsDue(
        at moment: Timestamp, limit: Int
    ) async throws(KMSError) -> [(name: SecretName, scope: KeyScope)] {
        try access { state in
            let due = state.secrets.compactMap { secret in
                secret.deletionDate.flatMap { $0 <= moment ? (date: $0, secret: secret) : nil }
            }
            return due.sorted { $0.date < $1.date }.prefix(max(0, limit)).map { ($0.secret.name, $0.secret.scope) }
        }
    }
}

extension MemoryKeyStore.State {
    fileprivate func index(of name: SecretName, in scope: KeyScope) -> Int? {
        secrets.firstIndex { $0.scope == scope && $0.name.text.isSame(as: name.text) }
    }
}

extension Secret {
    /// The secret with another number, or other versions.
    package func with(sequence: Int64? = nil, versions: [SecretVersion]? = nil) -> Secret {
        Secret(
            id: id, scope: scope, name: name, encryptionKey: encryptionKey, hasChosenKey: hasChosenKey,
            creator: creator, createdAt: createdAt, sequence: sequence ?? self.sequence, updatedAt: updatedAt,
            description: description, deletionDate: deletionDate, tags: tags, versions: versions ?? self.versions)
    }
}

extension SecretVersion {
    /// Whether it is the same version, whatever labels it has.
    fileprivate func isSame(as other: SecretVersion) -> Bool {
        isNamed(other.id) && form == other.form && createdAt == other.createdAt
    }
}

extension SecretQuery {
    fileprivate func selects(_ secret: Secret) -> Bool {
        guard secret.scope == scope else { return false }
        guard let filter else { return true }
        let texts =
            switch filter.field {
            case .name: [secret.name.text]
            case .description: [secret.description]
            case .tagKey: secret.tags.map(\.key)
            case .tagValue: secret.tags.map(\.value)
            }
        return texts.contains { text in filter.values.contains { text.holds($0) } }
    }
}
