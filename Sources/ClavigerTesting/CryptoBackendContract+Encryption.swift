import ClavigerCore
import ClavigerCrypto
import Testing

extension CryptoBackendContract {
    static let encryption = [
        Check("What was encrypted is decrypted, of any size and purpose") { subject in
            let sample = try BackendSample(subject.unsealed)
            let version = try subject.unsealed.activate(sample.version, of: sample.key)
            for count in [0, 1, 16, 31, 32, 4095, 4096, 8192] {
                for purpose in Ciphertext.Purpose.allCases {
                    let plaintext = RandomSource().material(count)
                    let bytes = try version.encrypt(
                        plaintext, purpose: purpose, context: .empty, at: Timestamp(seconds: 1_700_000_001))
                    let ciphertext = try Ciphertext(bytes)
                    #expect(bytes.count == count + Ciphertext.overhead)
                    #expect(ciphertext.purpose == purpose)
                    #expect(ciphertext.keyID == sample.key.id.value)
                    #expect(ciphertext.keyVersionID == sample.version.id.value)
                    #expect(ciphertext.issuedAt == 1_700_000_001)
                    #expect(try version.decrypt(ciphertext, context: .empty) == plaintext)
                }
            }
        },
        Check("A version that is activated again decrypts what it encrypted before") { subject in
            let sample = try BackendSample(subject.unsealed)
            let bytes = try subject.unsealed.activate(sample.version, of: sample.key)
                .encrypt(KeyMaterial([7]), purpose: .data, context: .empty, at: SampleKey.moment)
            let again = try subject.unsealed.activate(sample.version, of: sample.key)
            #expect(try again.decrypt(Ciphertext(bytes), context: .empty) == KeyMaterial([7]))
        },
        Check("No two ciphertexts are the same") { subject in
            let sample = try BackendSample(subject.unsealed)
            let version = try subject.unsealed.activate(sample.version, of: sample.key)
            var seen: Set<[UInt8]> = []
            for _ in 0..<100 {
                seen.insert(
                    try version.encrypt(KeyMaterial([7]), purpose: .data, context: .empty, at: SampleKey.moment))
            }
            #expect(seen.count == 100)
        },
        Check("A ciphertext opens with its own context only") { subject in
            let sample = try BackendSample(subject.unsealed)
            let version = try subject.unsealed.activate(sample.version, of: sample.key)
            let context = try EncryptionContext(json: Array("{\"a\": \"1\"}".utf8))
            let bytes = try version.encrypt(KeyMaterial([7]), purpose: .data, context: context, at: SampleKey.moment)
            let ciphertext = try Ciphertext(bytes)
            #expect(try version.decrypt(ciphertext, context: context) == KeyMaterial([7]))
            for other in [
                EncryptionContext.empty, try EncryptionContext(json: Array("{\"a\": 1}".utf8)),
                EncryptionContext(additionalData: Array("{\"a\": \"1\"}".utf8)),
            ] {
                expectFailure(.invalidCiphertext) { _ = try version.decrypt(ciphertext, context: other) }
            }
        },
    ]

    static let tampering = [
        Check("Every changed bit makes a ciphertext invalid") { subject in
            let sample = try BackendSample(subject.unsealed)
            let version = try subject.unsealed.activate(sample.version, of: sample.key)
            let bytes = try version.encrypt(
                KeyMaterial([1, 2, 3]), purpose: .data, context: .empty, at: SampleKey.moment)
            for index in bytes.indices {
                for bit in 0..<8 {
                    var changed = bytes
                    changed[index] ^= 1 << bit
                    // What is no ciphertext any more is refused before a backend sees it.
                    guard let ciphertext = try? Ciphertext(changed) else { continue }
                    expectFailure(.invalidCiphertext) { _ = try version.decrypt(ciphertext, context: .empty) }
                }
            }
        },
        Check("A shortened or lengthened ciphertext is invalid") { subject in
            let sample = try BackendSample(subject.unsealed)
            let version = try subject.unsealed.activate(sample.version, of: sample.key)
            let bytes = try version.encrypt(
                KeyMaterial([1, 2, 3]), purpose: .data, context: .empty, at: SampleKey.moment)
            for changed in [Array(bytes.dropLast()), bytes + [0], Array(bytes.prefix(Ciphertext.overhead))] {
                let ciphertext = try Ciphertext(changed)
                expectFailure(.invalidCiphertext) { _ = try version.decrypt(ciphertext, context: .empty) }
            }
        },
        Check("A ciphertext of another key or version is invalid, even where the material is the same") { subject in
            let sample = try BackendSample(subject.unsealed)
            let other = try BackendSample(subject.unsealed, scope: sample.key.scope, id: sample.key.id)
            let bytes = try subject.unsealed.activate(sample.version, of: sample.key)
                .encrypt(KeyMaterial([1]), purpose: .data, context: .empty, at: SampleKey.moment)
            let version = try subject.unsealed.activate(other.version, of: other.key)
            let ciphertext = try Ciphertext(bytes)
            expectFailure(.invalidCiphertext) { _ = try version.decrypt(ciphertext, context: .empty) }
        },
    ]
}
