import ClavigerCore
import ClavigerCrypto
import Testing

extension CryptoBackendContract {
    private static let asymmetricSpecs: [KeySpec] = [.rsa2048, .ecP256, .ecP384, .ecP256K, .sm2]

    static let asymmetric = [
        Check("A private key signs what its public key verifies, by every scheme of the key") { subject in
            for spec in asymmetricSpecs {
                let sample = try BackendSample(subject.unsealed, spec: spec)
                let publicKey = try PublicKey(spki: try #require(sample.version.publicKey))
                let privateKey = try subject.unsealed.activatePrivateKey(sample.version, of: sample.key)
                #expect(privateKey.publicKey.spki == publicKey.spki)
                for scheme in publicKey.algorithm.signatureSchemes {
                    let digest = [UInt8](repeating: 7, count: scheme.digestSize)
                    let signature = try privateKey.sign(digest, scheme, encoding: .der)
                    #expect(publicKey.verify(signature, digest: digest, scheme, encoding: .der))
                    let other = [UInt8](repeating: 8, count: scheme.digestSize)
                    #expect(!publicKey.verify(signature, digest: other, scheme, encoding: .der))
                }
            }
        },
        Check("A private key decrypts what was encrypted under its public key, by every scheme of the key") { subject in
            for spec in [KeySpec.rsa2048, .sm2] {
                let sample = try BackendSample(subject.unsealed, spec: spec)
                let publicKey = try PublicKey(spki: try #require(sample.version.publicKey))
                let privateKey = try subject.unsealed.activatePrivateKey(sample.version, of: sample.key)
                for scheme in publicKey.algorithm.encryptionSchemes {
                    let plaintext = KeyMaterial([1, 2, 3])
                    let ciphertext = try publicKey.encrypt(plaintext, scheme)
                    #expect(try privateKey.decrypt(ciphertext, scheme) == plaintext)
                }
            }
        },
        Check("A scheme of another key, or a digest of a wrong size, is refused") { subject in
            let sample = try BackendSample(subject.unsealed, spec: .ecP256)
            let privateKey = try subject.unsealed.activatePrivateKey(sample.version, of: sample.key)
            for (size, scheme) in [(32, SignatureScheme.sm2DSA), (32, .rsaPSSSHA256), (31, .ecdsaSHA256)] {
                expectFailure(.invalidParameter) {
                    _ = try privateKey.sign([UInt8](repeating: 7, count: size), scheme, encoding: .der)
                }
            }
            expectFailure(.decryptionFailed) { _ = try privateKey.decrypt([1, 2, 3], .rsaOAEPSHA1) }
        },
        Check("Private keys in each other's rows, or under another root key, do not open") { subject in
            let scope = SampleKey.scope()
            let sample = try BackendSample(subject.unsealed, scope: scope, spec: .sm2)
            let other = try BackendSample(subject.unsealed, scope: scope, spec: .sm2)
            expectFailure(.backendFailed) {
                _ = try subject.unsealed.activatePrivateKey(sample.holding(other.version), of: sample.key)
            }
            expectFailure(.backendFailed) { _ = try subject.foreign.activatePrivateKey(sample.version, of: sample.key) }
            expectFailure(.sealed) { _ = try subject.sealed.activatePrivateKey(sample.version, of: sample.key) }
        },
        Check("Symmetric keys of every spec encrypt and decrypt") { subject in
            for spec in KeySpec.allCases where spec.isSymmetric {
                let sample = try BackendSample(subject.unsealed, spec: spec)
                let version = try subject.unsealed.activate(sample.version, of: sample.key)
                let bytes = try version.encrypt(
                    KeyMaterial([1, 2, 3]), purpose: .data, context: .empty, at: SampleKey.moment)
                let ciphertext = try Ciphertext(bytes)
                #expect(.symmetric(ciphertext.suite) == spec.family)
                #expect(try version.decrypt(ciphertext, context: .empty) == KeyMaterial([1, 2, 3]))
            }
        },
    ]
}
