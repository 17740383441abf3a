import Crypto

/// A private key, ready for use. It serves several threads at once.
package final class PrivateKey: Sendable {
    private enum Implementation {
        case p256(P256.Signing.PrivateKey)
        case curve(OpenSSLKey)
        case rsa(OpenSSLKey, RSAPadding)
    }

    package let publicKey: PublicKey

    private let implementation: Implementation

    package var algorithm: AsymmetricAlgorithm { publicKey.algorithm }

    /// Parses PKCS#8 `PrivateKeyInfo`, DER (RFC 5208), and computes the public key of a scalar, or takes it from an RSA key.
    ///
    /// For RSA nothing tells whether the private numbers belong to the public ones: see ``checkPairwise()``.
    ///
    /// - Throws: ``CryptoError/malformed`` for anything but strict DER of a known algorithm, a scalar out of range or with another public
    ///   key beside it; ``CryptoError/failed`` if OpenSSL has no room for the key.
    package convenience init(pkcs8: KeyMaterial) throws(CryptoError) {
        let (publicKey, implementation) = try pkcs8.withUnsafeBytes { bytes throws(CryptoError) in
            try Self.load(try PrivateKeyInfo(bytes))
        }
        self.init(publicKey, implementation)
    }

    private init(_ publicKey: PublicKey, _ implementation: Implementation) {
        self.publicKey = publicKey
        self.implementation = implementation
    }

    private static func load(_ info: PrivateKeyInfo) throws(CryptoError) -> (PublicKey, Implementation) {
        switch info {
        case .rsa(let algorithm, let numbers):
            let key = try OpenSSLKey(numbers)
            let padding = RSAPadding(privateExponent: numbers.privateExponent, modulusSize: algorithm.size)
            let content = RSAPublicNumbers.encode(modulus: numbers.modulus, exponent: numbers.publicExponent)
            return (PublicKey(algorithm, content: content, of: key), .rsa(key, padding))
        case .curve(.p256, let scalar, let point):
            let key: P256.Signing.PrivateKey
            do { key = try P256.Signing.PrivateKey(rawRepresentation: scalar) } catch { throw .malformed }
            let publicKey = PublicKey(key.publicKey)
            guard point?.elementsEqual(publicKey.content) ?? true else { throw .malformed }
            return (publicKey, .p256(key))
        case .curve(let algorithm, let scalar, let point):
            SecureHeap.prepare()
            let computed = try EllipticCurve.of(algorithm).point(of: scalar)
            guard point?.elementsEqual(computed) ?? true else { throw .malformed }
            let key = try OpenSSLKey(algorithm, point: computed, scalar: scalar)
            return (PublicKey(algorithm, content: computed, of: key), .curve(key))
        }
    }
}

// MARK: Signing

extension PrivateKey {
    /// Signs a digest as ``PublicKey/digest(of:for:userID:)`` computes it.
    ///
    /// - Throws: ``CryptoError/malformed`` for a scheme of another algorithm or a digest of a wrong size.
    package func sign(
        digest: [UInt8], _ scheme: SignatureScheme, encoding: SignatureEncoding = .der
    ) throws(CryptoError) -> [UInt8] {
        guard algorithm.signatureSchemes.contains(scheme), digest.count == scheme.digestSize else { throw .malformed }
        let signature: [UInt8]
        let given: SignatureEncoding
        switch implementation {
        case .rsa(let key, _):
            return try key.sign(digest, scheme)
        case .curve(let key):
            signature = try key.sign(digest, scheme)
            given = .der
        case .p256(let key):
            do { signature = Array(try key.signature(for: PrecomputedDigest(digest)).rawRepresentation) } catch {
                throw .failed
            }
            given = .raw
        }
        if given == encoding { return signature }
        guard let numbers = SignatureNumbers(signature, given, size: algorithm.size) else { throw .failed }
        return numbers.encoded(encoding)
    }
}

// MARK: Decrypting

extension PrivateKey {
    /// Decrypts what ``PublicKey/encrypt(_:_:)`` made. SM2 ciphertexts may have any of three forms, whichever `scheme` names: DER, octets
    /// that begin with 04, octets without it.
    ///
    /// With ``AsymmetricEncryptionScheme/rsaPKCS1`` a ciphertext whose padding is wrong gives a message too, always the same and like a
    /// random one, so that nobody can find out by asking which ciphertexts are right.
    ///
    /// - Throws: ``CryptoError/notAuthentic`` for what cannot be decrypted: with `rsaPKCS1` only a ciphertext of another length than the
    ///   modulus or not below it; ``CryptoError/malformed`` for a scheme of another algorithm.
    package func decrypt(_ ciphertext: [UInt8], _ scheme: AsymmetricEncryptionScheme)
        throws(CryptoError) -> KeyMaterial
    {
        guard algorithm.encryptionSchemes.contains(scheme) else { throw .malformed }
        switch implementation {
        case .p256:
            throw .malformed
        case .curve(let key):
            return try decryptWithSM2(ciphertext, scheme, key)
        case .rsa(let key, let padding):
            try requireBelowModulus(ciphertext)
            switch scheme {
            case .rsaPKCS1:
                return try withUnpadded(ciphertext, key) { padding.message(in: $0, ciphertext: ciphertext) }
            case .rsaOAEPSHA1, .rsaOAEPSHA256, .sm2ASN1, .sm2Raw:
                return try withTemporarySecret(algorithm.size) { plaintext throws(CryptoError) in
                    let count = try key.decrypt(ciphertext, .decrypt(scheme), into: plaintext)
                    return KeyMaterial(copying: UnsafeRawBufferPointer(rebasing: plaintext[..<count]))
                }
            }
        }
    }

    /// Decrypts a text whose size is known, such as a wrapped key.
    ///
    /// - Throws: ``CryptoError/notAuthentic`` for what cannot be decrypted or has another size, ``CryptoError/malformed`` for a scheme of
    ///   another algorithm. With ``AsymmetricEncryptionScheme/rsaPKCS1`` this does tell right ciphertexts from wrong ones, though not in
    ///   which way they are wrong: it is for keys that are used for few imports.
    package func decryptFixedSize(_ ciphertext: [UInt8], _ scheme: AsymmetricEncryptionScheme, count: Int)
        throws(CryptoError) -> KeyMaterial
    {
        if scheme == .rsaPKCS1, case .rsa(let key, _) = implementation {
            try requireBelowModulus(ciphertext)
            return try withUnpadded(ciphertext, key) { block throws(CryptoError) in
                try RSAPadding.message(in: block, count: count)
            }
        }
        let plaintext = try decrypt(ciphertext, scheme)
        guard plaintext.count == count else { throw .notAuthentic }
        return plaintext
    }

    /// Both are public, so that what fails after this check is no longer the ciphertext's fault.
    private func requireBelowModulus(_ ciphertext: [UInt8]) throws(CryptoError) {
        guard ciphertext.count == algorithm.size, ciphertext.lexicographicallyPrecedes(publicKey.modulus) else {
            throw .notAuthentic
        }
    }

    private func withUnpadded(
        _ ciphertext: [UInt8], _ key: OpenSSLKey,
        _ body: (UnsafeRawBufferPointer) throws(CryptoError) -> KeyMaterial
    ) throws(CryptoError) -> KeyMaterial {
        try withTemporarySecret(algorithm.size) { block throws(CryptoError) in
            do throws(CryptoError) {
                guard try key.decrypt(ciphertext, .decryptUnpadded, into: block) == block.count else { throw .failed }
            } catch {
                throw .failed
            }
            return try body(UnsafeRawBufferPointer(block))
        }
    }

    private func decryptWithSM2(_ ciphertext: [UInt8], _ scheme: AsymmetricEncryptionScheme, _ key: OpenSSLKey)
        throws(CryptoError) -> KeyMaterial
    {
        let parsed = try SM2Ciphertext(ciphertext, on: try EllipticCurve.of(algorithm))
        return try KeyMaterial(count: parsed.payload.count) { plaintext throws(CryptoError) in
            guard try key.decrypt(parsed.der, .decrypt(scheme), into: plaintext) == plaintext.count,
                // GB/T 32918.4 section 7.1, step B4: a derived key of zeros is an error. Not every OpenSSL sees it.
                !parsed.payloadEquals(UnsafeRawBufferPointer(plaintext))
            else { throw .notAuthentic }
        }
    }
}

// MARK: Consistency

extension PrivateKey {
    /// Checks by use that private and public key belong together (FIPS 140-3 IG 10.3.A): signs and verifies, and encrypts and decrypts
    /// where the key can.
    ///
    /// - Throws: ``CryptoError/failed`` if they do not.
    package func checkPairwise() throws(CryptoError) {
        for scheme in algorithm.signatureSchemes {
            let digest = [UInt8](repeating: 0xA5, count: scheme.digestSize)
            guard publicKey.verify(try sign(digest: digest, scheme), digest: digest, scheme) else { throw .failed }
        }
        guard let scheme = algorithm.encryptionSchemes.first else { return }
        let plaintext = KeyMaterial([UInt8](repeating: 0x5A, count: 32))
        let ciphertext = try publicKey.encrypt(plaintext, scheme)
        let decrypted: KeyMaterial
        do throws(CryptoError) { decrypted = try decrypt(ciphertext, scheme) } catch { throw .failed }
        guard decrypted == plaintext else { throw .failed }
    }
}
