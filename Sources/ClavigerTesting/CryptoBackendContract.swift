package import ClavigerCore
import ClavigerCrypto
import Testing

/// What every crypto backend keeps to.
///
/// A backend's tests run ``checks`` as the arguments of one test:
///
///     @Test(arguments: CryptoBackendContract.checks)
///     func `The software backend keeps to the contract`(check: CryptoBackendContract.Check) throws {
///         try check.run(CryptoBackendContract.Subject(unsealed: …, foreign: …, sealed: …))
///     }
package enum CryptoBackendContract {
    /// Three backends of one kind.
    package struct Subject: Sendable {
        package let unsealed: any CryptoBackend

        /// One with another root key.
        package let foreign: any CryptoBackend
        package let sealed: any CryptoBackend

        package init(unsealed: any CryptoBackend, foreign: any CryptoBackend, sealed: any CryptoBackend) {
            self.unsealed = unsealed
            self.foreign = foreign
            self.sealed = sealed
        }
    }

    /// One sentence of the contract.
    package struct Check: Sendable, CustomTestStringConvertible {
        package let sentence: String
        package let run: @Sendable (Subject) throws -> Void

        init(_ sentence: String, _ run: @escaping @Sendable (Subject) throws -> Void) {
            self.sentence = sentence
            self.run = run
        }

        package var testDescription: String { sentence }
    }

    package static let checks = wrapping + material + encryption + tampering + asymmetric + importing
}

/// Expects a call to fail with a code.
func expectFailure(
    _ code: KMSError.Code, sourceLocation: SourceLocation = #_sourceLocation, from call: () throws -> Void
) {
    let error = #expect(throws: KMSError.self, sourceLocation: sourceLocation) { try call() }
    #expect(error?.code == code, sourceLocation: sourceLocation)
}

/// A key with one version as a backend makes it.
struct BackendSample {
    let key: Key
    let version: KeyVersion

    init(
        _ backend: any CryptoBackend, scope: KeyScope = SampleKey.scope(), spec: KeySpec = .aes256,
        id: KeyID = SampleKey.id(), versionID: KeyVersionID = KeyVersionID(SampleKey.id().value)
    ) throws(KMSError) {
        let identity = KeyVersion.wrappingIdentity(scope: scope, spec: spec, key: id, version: versionID)
        let made = try backend.generateMaterial(for: spec, identity: identity)
        key = SampleKey.make("sample", in: scope, id: id, spec: spec, primaryVersion: versionID)
        version = KeyVersion(
            id: versionID, key: id, ordinal: 1, wrappedMaterial: made.wrapped, publicKey: made.publicKey,
            createdAt: SampleKey.moment)
    }

    /// The version with the material of another one.
    func holding(_ other: KeyVersion) -> KeyVersion {
        KeyVersion(
            id: version.id, key: key.id, ordinal: 1, wrappedMaterial: other.wrappedMaterial, publicKey: nil,
            createdAt: version.createdAt)
    }
}
