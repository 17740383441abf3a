import ClavigerCore
import ClavigerCrypto
import Testing

extension CryptoBackendContract {
    private static let secret = KeyMaterial(Array("a secret of the server's own".utf8))
    private static let identity = RowIdentity("setting", "example")

    static let wrapping = [
        Check("A secret comes back for its row") { subject in
            let wrapped = try subject.unsealed.wrap(secret, identity: identity)
            #expect(try subject.unsealed.unwrap(wrapped, identity: identity) == secret)
        },
        Check("A wrapped secret does not hold the secret, and is never the same twice") { subject in
            let first = try subject.unsealed.wrap(secret, identity: identity)
            let second = try subject.unsealed.wrap(secret, identity: identity)
            #expect(first != second)
            #expect(!String(decoding: first, as: UTF8.self).contains("secret"))
        },
        Check("A secret does not open for another row") { subject in
            let wrapped = try subject.unsealed.wrap(secret, identity: identity)
            for other in [
                RowIdentity("setting", "example2"), RowIdentity("setting"), RowIdentity("settingexample"),
                RowIdentity("setting", "exam", "ple"), RowIdentity("access-key", "example"),
            ] {
                expectFailure(.backendFailed) { _ = try subject.unsealed.unwrap(wrapped, identity: other) }
            }
        },
        Check("A secret does not open under another root key") { subject in
            let wrapped = try subject.unsealed.wrap(secret, identity: identity)
            expectFailure(.backendFailed) { _ = try subject.foreign.unwrap(wrapped, identity: identity) }
        },
        Check("A changed or shortened secret does not open") { subject in
            let wrapped = try subject.unsealed.wrap(secret, identity: identity)
            for index in wrapped.indices {
                var changed = wrapped
                changed[index] ^= 0x10
                expectFailure(.backendFailed) { _ = try subject.unsealed.unwrap(changed, identity: identity) }
            }
            for length in [0, 1, wrapped.count - 1] {
                expectFailure(.backendFailed) {
                    _ = try subject.unsealed.unwrap(Array(wrapped.prefix(length)), identity: identity)
                }
            }
            expectFailure(.backendFailed) { _ = try subject.unsealed.unwrap(wrapped + [0], identity: identity) }
        },
        Check("A sealed backend answers sealed to everything") { subject in
            let wrapped = try subject.unsealed.wrap(secret, identity: identity)
            let sample = try BackendSample(subject.unsealed)
            #expect(subject.sealed.isSealed)
            #expect(!subject.unsealed.isSealed)
            expectFailure(.sealed) { _ = try subject.sealed.wrap(secret, identity: identity) }
            expectFailure(.sealed) { _ = try subject.sealed.unwrap(wrapped, identity: identity) }
            expectFailure(.sealed) { _ = try subject.sealed.activate(sample.version, of: sample.key) }
            for spec in KeySpec.allCases {
                expectFailure(.sealed) { _ = try subject.sealed.generateMaterial(for: spec, identity: identity) }
            }
        },
    ]
}
