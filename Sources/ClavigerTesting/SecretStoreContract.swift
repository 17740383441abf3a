package import ClavigerCore
import Testing

/// What every store of secrets keeps to. A store's tests run ``checks`` as ``KeyStoreContract`` describes.
package enum SecretStoreContract {
    /// One sentence of the contract.
    package struct Check: Sendable, CustomTestStringConvertible {
        package let sentence: String
        package let run: @Sendable (any SecretStore) async throws -> Void

        init(_ sentence: String, _ run: @escaping @Sendable (any SecretStore) async throws -> Void) {
            self.sentence = sentence
            self.run = run
        }

        package var testDescription: String { sentence }
    }

    package static let checks = secrets + versions + changes + deletion + lists + filters
}

extension SecretStore {
    /// Stores secrets one after the other, each with the value 1.
    func insert(_ secrets: [Secret]) async throws {
        for secret in secrets { try await insert(secret, value: SampleSecret.value(1), limit: .max) }
    }

    /// The value of the version with this id; `nil` if there is none.
    func value(of name: String, version: String, in scope: KeyScope) async throws -> SealedSecretValue? {
        // Asked for whether the secret knows the version or not.
        let wanted = SampleSecret.version(version)
        return try await secretWithValue(SecretName(checked: name), in: scope) { _ in wanted }?.value
    }

    /// The secret with this name.
    func secret(_ name: String, in scope: KeyScope) async throws -> Secret? {
        try await secret(SecretName(checked: name), in: scope)
    }

    /// Changes the secret with this name.
    @discardableResult
    func change(
        _ name: String, in scope: KeyScope,
        _ change: @escaping @Sendable (inout Secret) throws(KMSError) -> [SecretEffect]
    ) async throws -> Secret {
        try await changeSecret(SecretName(checked: name), in: scope, change)
    }

    /// Gives the secret one more version with a value.
    @discardableResult
    func put(
        _ version: SecretVersion, _ value: UInt8, in name: String, of scope: KeyScope
    ) async throws -> Secret {
        try await change(name, in: scope) { secret throws(KMSError) in
            try secret.addVersion(version, at: SampleKey.moment)
            return [.addValue(SampleSecret.value(value), version: version.id)]
        }
    }
}
