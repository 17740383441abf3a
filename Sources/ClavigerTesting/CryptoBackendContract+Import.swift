import ClavigerCore
import ClavigerCrypto
import Testing

extension CryptoBackendContract {
    static let digestKey = KeyMaterial([UInt8](repeating: 9, count: 32))

    static let importing = [
        Check("Material is imported by every wrapping algorithm, and used") { subject in
            for spec in [KeySpec.aes256, .sm4] {
                for algorithm in WrappingAlgorithm.allCases {
                    let invitation = try Invitation(subject.unsealed, spec: spec, algorithm)
                    let material = KeyMaterial([UInt8](repeating: 5, count: spec == .sm4 ? 16 : 32))
                    let received = try invitation.send(material, to: subject.unsealed)
                    let version = try subject.unsealed.activate(
                        invitation.version(received), of: invitation.key)
                    let bytes = try version.encrypt(
                        KeyMaterial([1]), purpose: .data, context: .empty, at: SampleKey.moment)
                    let again = try subject.unsealed.activate(
                        invitation.version(try invitation.send(material, to: subject.unsealed)), of: invitation.key)
                    #expect(try again.decrypt(Ciphertext(bytes), context: .empty) == KeyMaterial([1]))
                }
            }
        },
        Check("The digest is that of the material, the key and the digest key") { subject in
            let invitation = try Invitation(subject.unsealed)
            let material = KeyMaterial([UInt8](repeating: 5, count: 32))
            let first = try invitation.send(material, to: subject.unsealed)
            let second = try invitation.send(material, to: subject.unsealed)
            #expect(first.digest == second.digest)
            #expect(first.wrapped != second.wrapped)
            let other = try invitation.send(KeyMaterial([UInt8](repeating: 6, count: 32)), to: subject.unsealed)
            #expect(other.digest != first.digest)
            let elsewhere = try Invitation(subject.unsealed)
            #expect(try elsewhere.send(material, to: subject.unsealed).digest != first.digest)
            let rekeyed = try invitation.send(
                material, to: subject.unsealed, digestKey: KeyMaterial([UInt8](repeating: 8, count: 32)))
            #expect(rekeyed.digest != first.digest)
        },
        Check("Material of a wrong size is told from what cannot be unwrapped, unless by PKCS#1 v1.5") { subject in
            let codes: [(WrappingAlgorithm, KMSError.Code)] = [
                (.rsaPKCS1, .invalidWrappedMaterial), (.rsaOAEPSHA1, .wrongMaterialSize),
                (.rsaOAEPSHA256, .wrongMaterialSize), (.sm2, .wrongMaterialSize),
            ]
            #expect(codes.count == WrappingAlgorithm.allCases.count)
            for (algorithm, code) in codes {
                for (spec, right) in [(KeySpec.aes256, 32), (.sm4, 16)] {
                    let invitation = try Invitation(subject.unsealed, spec: spec, algorithm)
                    for size in [1, 15, 16, 17, 31, 32, 33, 64] where size != right {
                        expectFailure(code) {
                            _ = try invitation.send(
                                KeyMaterial([UInt8](repeating: 5, count: size)), to: subject.unsealed)
                        }
                    }
                }
            }
        },
        Check("By PKCS#1 v1.5, words do not tell a wrong size from what cannot be unwrapped") { subject in
            let invitation = try Invitation(subject.unsealed, .rsaPKCS1)
            let short = try invitation.wrap(KeyMaterial([5]))
            let messages = [short, short.reversed(), Array(short.dropLast())].map { wrapped in
                do throws(KMSError) {
                    _ = try subject.unsealed.importMaterial(
                        wrapped, with: invitation.parameters, into: invitation.key, digestKey: digestKey)
                    return "imported"
                } catch {
                    return error.message
                }
            }
            #expect(Set(messages).count == 1)
            #expect(messages.first != "imported")
        },
        Check("What cannot be unwrapped is refused in one way") { subject in
            for algorithm in WrappingAlgorithm.allCases {
                let invitation = try Invitation(subject.unsealed, algorithm)
                var wrapped = try invitation.wrap(KeyMaterial([UInt8](repeating: 5, count: 32)))
                wrapped[wrapped.count - 1] ^= 1
                let foreign = try Invitation(subject.unsealed, algorithm)
                    .wrap(KeyMaterial([UInt8](repeating: 5, count: 32)))
                for bytes in [wrapped, foreign, [], [1, 2, 3], [UInt8](repeating: 255, count: 256)] {
                    expectFailure(.invalidWrappedMaterial) {
                        _ = try invitation.send(wrapped: bytes, to: subject.unsealed)
                    }
                }
            }
        },
        Check("An invitation of another key, or under another root key, does not open") { subject in
            let invitation = try Invitation(subject.unsealed)
            let wrapped = try invitation.wrap(KeyMaterial([UInt8](repeating: 5, count: 32)))
            let other = try Invitation(subject.unsealed)
            expectFailure(.backendFailed) {
                _ = try subject.unsealed.importMaterial(
                    wrapped, with: invitation.parameters, into: other.key, digestKey: digestKey)
            }
            expectFailure(.backendFailed) { _ = try invitation.send(wrapped: wrapped, to: subject.foreign) }
            expectFailure(.sealed) { _ = try invitation.send(wrapped: wrapped, to: subject.sealed) }
        },
    ]
}

/// A key that waits for material, and the parameters for importing it.
private struct Invitation {
    let key: Key
    let parameters: ImportParameters
    let publicKey: PublicKey

    init(
        _ backend: any CryptoBackend, spec: KeySpec = .aes256, _ algorithm: WrappingAlgorithm = .rsaOAEPSHA256
    ) throws {
        key = SampleKey.make(
            "external", in: SampleKey.scope(), spec: spec, origin: .external, state: .pendingImport)
        let digest = [UInt8](repeating: 1, count: 32)
        let pair = try backend.generateMaterial(
            for: algorithm.keySpec,
            identity: ImportParameters.wrappingIdentity(
                scope: key.scope, key: key.id, algorithm: algorithm, tokenDigest: digest))
        parameters = ImportParameters(
            tokenDigest: digest, key: key.id, algorithm: algorithm, wrappedPrivateKey: pair.wrapped,
            expiry: SampleKey.moment)
        publicKey = try PublicKey(spki: try #require(pair.publicKey))
    }

    func wrap(_ material: KeyMaterial) throws -> [UInt8] {
        try publicKey.encrypt(material, parameters.algorithm.scheme)
    }

    func send(
        _ material: KeyMaterial, to backend: any CryptoBackend, digestKey: KeyMaterial = CryptoBackendContract.digestKey
    ) throws -> ReceivedMaterial {
        try backend.importMaterial(try wrap(material), with: parameters, into: key, digestKey: digestKey)
    }

    func send(wrapped: [UInt8], to backend: any CryptoBackend) throws -> ReceivedMaterial {
        try backend.importMaterial(
            wrapped, with: parameters, into: key, digestKey: CryptoBackendContract.digestKey)
    }

    func version(_ received: ReceivedMaterial) -> KeyVersion {
        KeyVersion(
            id: key.externalVersion, key: key.id, ordinal: 1, wrappedMaterial: received.wrapped, publicKey: nil,
            createdAt: SampleKey.moment)
    }
}
