import COpenSSL

/// A fresh key pair.
package struct AsymmetricKeyPair: Sendable {
    package enum Algorithm: Sendable {
        case rsa2048
        case p256
        /// The curve of GB/T 32918.5.
        case sm2
    }

    /// PKCS#8 `PrivateKeyInfo`, DER (RFC 5958).
    package let privateKey: KeyMaterial

    /// `SubjectPublicKeyInfo`, DER (RFC 5280).
    package let publicKey: [UInt8]

    /// Generates a pair with OpenSSL's generator; RSA takes some tens of milliseconds, so call it where blocking does no harm.
    package static func generate(_ algorithm: Algorithm) throws(CryptoError) -> AsymmetricKeyPair {
        guard let pair = generatePair(algorithm) else { throw .failed }
        defer { EVP_PKEY_free(pair) }
        guard let info = EVP_PKEY2PKCS8(pair) else { throw .failed }
        defer { PKCS8_PRIV_KEY_INFO_free(info) }
        let size = i2d_PKCS8_PRIV_KEY_INFO(info, nil)
        guard size > 0 else { throw .failed }
        let privateKey = KeyMaterial(count: Int(size)) { target in
            var position = target.bytes
            i2d_PKCS8_PRIV_KEY_INFO(info, &position)
        }
        let publicSize = i2d_PUBKEY(pair, nil)
        guard publicSize > 0 else { throw .failed }
        var publicKey = [UInt8](repeating: 0, count: Int(publicSize))
        publicKey.withUnsafeMutableBufferPointer { target in
            var position = target.baseAddress
            i2d_PUBKEY(pair, &position)
        }
        return AsymmetricKeyPair(privateKey: privateKey, publicKey: publicKey)
    }

    private static func generatePair(_ algorithm: Algorithm) -> OpaquePointer? {
        let context =
            switch algorithm {
            case .rsa2048: EVP_PKEY_CTX_new_from_name(nil, "RSA", nil)
            case .p256: EVP_PKEY_CTX_new_from_name(nil, "EC", nil)
            case .sm2: EVP_PKEY_CTX_new_from_name(nil, "SM2", nil)
            }
        defer { EVP_PKEY_CTX_free(context) }
        guard context != nil, EVP_PKEY_keygen_init(context) == 1 else { return nil }
        switch algorithm {
        case .rsa2048: guard EVP_PKEY_CTX_set_rsa_keygen_bits(context, 2048) == 1 else { return nil }
        case .p256: guard EVP_PKEY_CTX_set_group_name(context, "P-256") == 1 else { return nil }
        case .sm2: break
        }
        var pair: OpaquePointer?
        guard EVP_PKEY_generate(context, &pair) == 1 else { return nil }
        return pair
    }
}
