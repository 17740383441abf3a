import ClavigerCore
import ClavigerCrypto
import Testing

extension CryptoBackendContract {
    static let material = [
        Check("Asymmetric material has a public key, symmetric material has none") { subject in
            for spec in KeySpec.allCases {
                let made = try subject.unsealed.generateMaterial(for: spec, identity: RowIdentity("key-version", "1"))
                #expect(!made.wrapped.isEmpty)
                #expect((made.publicKey == nil) == spec.isSymmetric)
            }
        },
        Check("Material is never the same twice") { subject in
            let scope = SampleKey.scope()
            let id = SampleKey.id()
            let versionID = KeyVersionID(1)
            let first = try BackendSample(subject.unsealed, scope: scope, id: id, versionID: versionID)
            let second = try BackendSample(subject.unsealed, scope: scope, id: id, versionID: versionID)
            let encrypted = try subject.unsealed.activate(first.version, of: first.key)
                .encrypt(KeyMaterial([1]), purpose: .data, context: .empty, at: SampleKey.moment)
            let other = try subject.unsealed.activate(second.version, of: second.key)
            let ciphertext = try Ciphertext(encrypted)
            expectFailure(.invalidCiphertext) { _ = try other.decrypt(ciphertext, context: .empty) }
        },
        Check("Swapped rows do not open") { subject in
            let scope = SampleKey.scope()
            let sample = try BackendSample(subject.unsealed, scope: scope)
            let others = [
                try BackendSample(subject.unsealed, scope: scope),
                try BackendSample(subject.unsealed, scope: scope, id: sample.key.id),
                try BackendSample(subject.unsealed, scope: scope, versionID: sample.version.id),
                try BackendSample(
                    subject.unsealed, scope: KeyScope(account: scope.account, realm: RealmID("east")),
                    id: sample.key.id,
                    versionID: sample.version.id),
                try BackendSample(subject.unsealed, id: sample.key.id, versionID: sample.version.id),
                try BackendSample(
                    subject.unsealed, scope: scope, spec: .ecP256, id: sample.key.id, versionID: sample.version.id),
            ]
            for other in others {
                expectFailure(.backendFailed) {
                    _ = try subject.unsealed.activate(sample.holding(other.version), of: sample.key)
                }
            }
        },
        Check("Material does not open under another root key") { subject in
            let sample = try BackendSample(subject.unsealed)
            expectFailure(.backendFailed) { _ = try subject.foreign.activate(sample.version, of: sample.key) }
        },
    ]
}
