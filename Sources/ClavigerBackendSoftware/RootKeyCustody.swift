package import ClavigerCore
package import ClavigerCrypto

/// Brings a store and its root key together: makes the root key at first start, finds it again later, and tells a wrong one.
package struct RootKeyCustody: Sendable {
    private static let parametersName = "root-key"
    private static let checkName = "root-key-check"
    private static let checkIdentity = RowIdentity("setting", checkName)
    private static let checkText = Array("claviger root key check".utf8)

    private let store: any KeyStore
    private let backend: SoftwareBackend
    private let provider: any RootKeyProvider

    package init(store: any KeyStore, backend: SoftwareBackend, provider: any RootKeyProvider) {
        self.store = store
        self.backend = backend
        self.provider = provider
    }

    /// Unseals the backend if the root key is at hand, or can be made of `passphrase`.
    ///
    /// - Parameter mayCreate: whether a store that has no root key yet gets one now.
    /// - Returns: whether the backend is unsealed now.
    /// - Throws: `.backendFailed` if the root key is not the one that this store was made with, or of another provider.
    package func unseal(passphrase: KeyMaterial? = nil, mayCreate: Bool = true) async throws(KMSError) -> Bool {
        guard backend.isSealed else { return true }
        guard let stored = try await store.setting(Self.parametersName) else {
            guard mayCreate else {
                throw KMSError(.sealed, "this data has no root key yet; it must be asked for expressly")
            }
            return try await create(passphrase: passphrase)
        }
        let parts = stored.split(separator: 0, maxSplits: 1, omittingEmptySubsequences: false)
        let name = String(decoding: parts[0], as: UTF8.self)
        guard name == provider.name, parts.count == 2 else {
            throw KMSError(
                .backendFailed,
                "this data was made with the root key provider \(name), the configuration says \(provider.name)")
        }
        guard let key = try provider.open(parameters: Array(parts[1]), passphrase: passphrase) else { return false }
        try await check(key)
        backend.unseal(with: key)
        return true
    }

    private func create(passphrase: KeyMaterial?) async throws(KMSError) -> Bool {
        guard let made = try provider.create(passphrase: passphrase) else { return false }
        let check = try made.key.wrap(KeyMaterial(Self.checkText), identity: Self.checkIdentity)
        let isFirst = try await store.insertSettings([
            Self.parametersName: Array(provider.name.utf8) + [0] + made.parameters, Self.checkName: check,
        ])
        guard isFirst else { return try await unseal(passphrase: passphrase) }
        backend.unseal(with: made.key)
        return true
    }

    private func check(_ key: any RootKey) async throws(KMSError) {
        guard
            let check = try await store.setting(Self.checkName),
            let text = try? key.unwrap(check, identity: Self.checkIdentity),
            text == KeyMaterial(Self.checkText)
        else {
            throw KMSError(.backendFailed, "this is not the root key (or passphrase) that the data was made with")
        }
    }
}
