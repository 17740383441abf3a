package import ClavigerCrypto
import Synchronization

/// An access key ready to verify signatures: its secret in memory, and whom it stands for.
package final class Credential: Sendable {
    package let principal: Principal
    package let secret: KeyMaterial

    init(principal: Principal, secret: KeyMaterial) {
        self.principal = principal
        self.secret = secret
    }
}

/// Finds credentials by access key id: from memory, else from the store.
package final class CredentialDirectory: Sendable {
    private let store: any KeyStore
    private let backend: any CryptoBackend
    private let cached = Mutex<[String: Credential]>([:])

    package init(store: any KeyStore, backend: any CryptoBackend) {
        self.store = store
        self.backend = backend
    }

    /// The credential if it is at hand; `nil` means ask ``load(_:)``.
    package func resident(_ accessKeyID: String) -> Credential? { cached.withLock { $0[accessKeyID] } }

    /// - Throws: `.unknownAccessKey` if there is none or it is disabled.
    package func load(_ accessKeyID: String) async throws(KMSError) -> Credential {
        guard !backend.isSealed else { throw KMSError(.sealed, "the service is sealed") }
        guard let found = try await store.accessKey(accessKeyID), found.accessKey.isEnabled else {
            throw KMSError(.unknownAccessKey, "no enabled access key has this id")
        }
        let identity = AccessKey.wrappingIdentity(account: found.accessKey.account, id: accessKeyID)
        let credential = Credential(
            principal: Principal(
                account: found.accessKey.account, identity: found.identity.id, name: found.identity.name,
                isRoot: found.identity.isRoot, accessKeyID: accessKeyID),
            secret: try backend.unwrap(found.accessKey.wrappedSecret, identity: identity))
        cached.withLock { $0[accessKeyID] = credential }
        return credential
    }

    package func removeAll() { cached.withLock { $0 = [:] } }
}
