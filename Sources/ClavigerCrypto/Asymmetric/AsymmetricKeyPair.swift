import COpenSSL

/// A fresh key pair.
package struct AsymmetricKeyPair: Sendable {
    /// PKCS#8 `PrivateKeyInfo`, DER (RFC 5208).
    package let privateKey: KeyMaterial

    /// `SubjectPublicKeyInfo`, DER (RFC 5280).
    package let publicKey: [UInt8]

    /// Generates a pair with OpenSSL's generator and checks by use that its halves belong together. RSA takes some tens to thousands of
    /// milliseconds, depending on the size, so call it where blocking does no harm.
    ///
    /// - Throws: ``CryptoError/failed``.
    package static func generate(_ algorithm: AsymmetricAlgorithm) throws(CryptoError) -> AsymmetricKeyPair {
        SecureHeap.prepare()
        guard let pair = generatePair(algorithm) else {
            ERR_clear_error()
            throw .failed
        }
        defer { EVP_PKEY_free(pair) }
        let encoding = algorithm.isRSA ? try exportRSA(pair, algorithm) : try exportScalar(pair, algorithm)
        let key = try PrivateKey(pkcs8: encoding)
        try key.checkPairwise()
        guard key.algorithm == algorithm else { throw .failed }
        return AsymmetricKeyPair(privateKey: encoding, publicKey: key.publicKey.spki)
    }

    private static func generatePair(_ algorithm: AsymmetricAlgorithm) -> OpaquePointer? {
        let type =
            switch algorithm {
            case .rsa2048, .rsa3072, .rsa4096: "RSA"
            case .p256, .p384, .secp256k1: "EC"
            case .sm2: "SM2"
            }
        let context = EVP_PKEY_CTX_new_from_name(nil, type, nil)
        defer { EVP_PKEY_CTX_free(context) }
        guard context != nil, EVP_PKEY_keygen_init(context) == 1 else { return nil }
        let isSet =
            switch algorithm {
            case .rsa2048, .rsa3072, .rsa4096: EVP_PKEY_CTX_set_rsa_keygen_bits(context, Int32(algorithm.size * 8))
            case .p256: EVP_PKEY_CTX_set_group_name(context, "P-256")
            case .p384: EVP_PKEY_CTX_set_group_name(context, "P-384")
            case .secp256k1: EVP_PKEY_CTX_set_group_name(context, "secp256k1")
            case .sm2: Int32(1)
            }
        var pair: OpaquePointer?
        guard isSet == 1, EVP_PKEY_generate(context, &pair) == 1 else { return nil }
        return pair
    }
}

// MARK: Export

// OpenSSL's own encoders leave unwiped copies in ordinary memory; its numbers are taken one by one instead.
extension AsymmetricKeyPair {
    private static func exportRSA(_ pair: OpaquePointer, _ algorithm: AsymmetricAlgorithm)
        throws(CryptoError) -> KeyMaterial
    {
        let names = [
            "n", "e", "d", "rsa-factor1", "rsa-factor2", "rsa-exponent1", "rsa-exponent2", "rsa-coefficient1",
        ]
        return try withTemporarySecret(names.count * algorithm.size) { memory throws(CryptoError) in
            var numbers: [UnsafeRawBufferPointer] = []
            for (index, name) in names.enumerated() {
                let start = index * algorithm.size
                let room = UnsafeMutableRawBufferPointer(rebasing: memory[start..<start + algorithm.size])
                try export(name, of: pair, into: room)
                numbers.append(UnsafeRawBufferPointer(room))
            }
            return PrivateKeyInfo.rsa(
                algorithm,
                .init(
                    modulus: numbers[0], publicExponent: numbers[1], privateExponent: numbers[2], prime1: numbers[3],
                    prime2: numbers[4], exponent1: numbers[5], exponent2: numbers[6], coefficient: numbers[7])
            ).encoded()
        }
    }

    private static func exportScalar(_ pair: OpaquePointer, _ algorithm: AsymmetricAlgorithm)
        throws(CryptoError) -> KeyMaterial
    {
        try withTemporarySecret(algorithm.size) { memory throws(CryptoError) in
            try export("priv", of: pair, into: memory)
            let scalar = UnsafeRawBufferPointer(memory)
            let bare = PrivateKeyInfo.curve(algorithm, scalar: scalar, point: nil).encoded()
            let point = try PrivateKey(pkcs8: bare).publicKey.content
            return point.withUnsafeBytes { PrivateKeyInfo.curve(algorithm, scalar: scalar, point: $0).encoded() }
        }
    }

    /// Writes a number of the key to `target`, big-endian, with leading zeros.
    private static func export(_ name: String, of pair: OpaquePointer, into target: UnsafeMutableRawBufferPointer)
        throws(CryptoError)
    {
        let isExported = name.withCString { name in
            var parameters = [OSSL_PARAM_construct_BN(name, target.bytes, target.count), OSSL_PARAM_construct_end()]
            return EVP_PKEY_get_params(pair, &parameters) == 1 && OSSL_PARAM_modified(parameters) == 1
        }
        guard isExported else {
            ERR_clear_error()
            throw .failed
        }
        // OpenSSL writes in the machine's order, least significant byte first, and fills up with zeros.
        for index in 0..<target.count / 2 { target.swapAt(index, target.count - 1 - index) }
    }
}

// MARK: Compact form

extension AsymmetricKeyPair {
    package static let privatePEMLabel = "PRIVATE KEY"

    /// The shortest PKCS#8 DER of an SM2 private key: without public key and parameters inside, 67 bytes.
    ///
    /// - Throws: ``CryptoError/malformed`` if `privateKey` is no PKCS#8 DER of an SM2 key.
    package static func compactSM2PrivateKey(_ privateKey: KeyMaterial) throws(CryptoError) -> KeyMaterial {
        try privateKey.withUnsafeBytes { bytes throws(CryptoError) in
            guard case .curve(.sm2, let scalar, _) = try PrivateKeyInfo(bytes) else { throw .malformed }
            return PrivateKeyInfo.curve(.sm2, scalar: scalar, point: nil).encoded()
        }
    }

    /// ``compactSM2PrivateKey(_:)`` as PEM with the label `PRIVATE KEY`, about 150 bytes.
    package static func compactSM2PrivateKeyPEM(_ privateKey: KeyMaterial) throws(CryptoError) -> KeyMaterial {
        try compactSM2PrivateKey(privateKey).withUnsafeBytes { PEM.encode($0, label: privatePEMLabel) }
    }
}
