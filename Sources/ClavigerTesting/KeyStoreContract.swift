package import ClavigerCore
import Testing

/// What every key store keeps to.
///
/// A store's tests run ``checks`` as the arguments of one test, each on a store that it may fill and close:
///
///     @Test(arguments: KeyStoreContract.checks)
///     func `A memory store keeps to the contract`(check: KeyStoreContract.Check) async throws {
///         try await check.run(MemoryKeyStore())
///     }
package enum KeyStoreContract {
    /// One sentence of the contract.
    package struct Check: Sendable, CustomTestStringConvertible {
        package let sentence: String
        package let run: @Sendable (any KeyStore) async throws -> Void

        init(_ sentence: String, _ run: @escaping @Sendable (any KeyStore) async throws -> Void) {
            self.sentence = sentence
            self.run = run
        }

        package var testDescription: String { sentence }
    }

    package static let checks =
        settings + keys + aliases + policies + updates + tags + effects + versions + bindings + importParameters
        + grants + lists
        + filters + searches + dueWork + deletion + upkeep
}

/// Expects a call to fail with a code.
func expect(
    _ code: KMSError.Code, sourceLocation: SourceLocation = #_sourceLocation, from call: () async throws -> Void
) async {
    let error = await #expect(throws: KMSError.self, sourceLocation: sourceLocation) { try await call() }
    #expect(error?.code == code, sourceLocation: sourceLocation)
}

extension KeyStore {
    /// Stores keys one after the other, without versions.
    func insert(_ keys: [Key]) async throws {
        for key in keys { try await insert(key, version: nil, limit: .max) }
    }

    /// The primary aliases of a page.
    func aliases(_ query: KeyQuery, offset: Int = 0, limit: Int = 1000) async throws -> [String] {
        try await list(query, offset: offset, limit: limit).keys.map(\.primaryName)
    }
}
