/// The form in which a secret rests: encrypted under a wrapping key, bound to the identity of the row that holds it.
///
/// `CLW1`, salt (32), ciphertext, tag (16). A key and an IV are derived for each secret from the wrapping key and the salt, so that the number
/// of secrets under one root key has no practical limit. The identity is authenticated: a wrapped secret moved to another row does not open.
package enum KeyWrapping {
    static let magic: [UInt8] = Array("CLW1".utf8)
    static let saltSize = 32

    /// Bytes that a wrapped secret is longer than the secret.
    package static let overhead = 4 + saltSize + AES256GCM.tagSize

    private static let info: [UInt8] = Array("claviger key wrapping 1".utf8)

    /// Encrypts `secret` for the row `identity`; `salt` is 32 fresh random bytes.
    package static func wrap(
        _ secret: KeyMaterial,
        under key: KeyMaterial,
        identity: [UInt8],
        salt: [UInt8]
    ) throws(CryptoError) -> [UInt8] {
        precondition(salt.count == saltSize)
        var wrapped = magic + salt + [UInt8](repeating: 0, count: secret.count + AES256GCM.tagSize)
        let start = magic.count + saltSize
        let end = start + secret.count
        var failure: CryptoError?
        wrapped.withUnsafeMutableBytes { out in
            do throws(CryptoError) {
                try withDerived(key, salt) { key, iv throws(CryptoError) in
                    try identity.withBytes { identity throws(CryptoError) in
                        try secret.withUnsafeBytes { secret throws(CryptoError) in
                            try AES256GCM.seal(
                                secret, key: key, iv: iv, authenticating: identity,
                                into: UnsafeMutableRawBufferPointer(rebasing: out[start..<end]),
                                tag: UnsafeMutableRawBufferPointer(rebasing: out[end...]))
                        }
                    }
                }
            } catch { failure = error }
        }
        if let failure { throw failure }
        return wrapped
    }

    /// Decrypts what ``wrap(_:under:identity:salt:)`` made for the same row.
    ///
    /// - Throws: ``CryptoError/notAuthentic`` if the key, the row or a byte differs.
    package static func unwrap(
        _ wrapped: [UInt8],
        under key: KeyMaterial,
        identity: [UInt8]
    ) throws(CryptoError) -> KeyMaterial {
        guard wrapped.count >= overhead, wrapped.starts(with: magic) else { throw .notAuthentic }
        let start = magic.count + saltSize
        let end = wrapped.count - AES256GCM.tagSize
        return try withDerived(key, Array(wrapped[magic.count..<start])) { key, iv throws(CryptoError) in
            try identity.withBytes { identity throws(CryptoError) in
                try wrapped.withBytes { wrapped throws(CryptoError) in
                    try KeyMaterial(count: end - start) { secret throws(CryptoError) in
                        try AES256GCM.open(
                            UnsafeRawBufferPointer(rebasing: wrapped[start..<end]), key: key, iv: iv,
                            authenticating: identity, tag: UnsafeRawBufferPointer(rebasing: wrapped[end...]),
                            into: secret)
                    }
                }
            }
        }
    }

    private static func withDerived<Result>(
        _ key: KeyMaterial,
        _ salt: [UInt8],
        _ body: (_ key: UnsafeRawBufferPointer, _ iv: UnsafeRawBufferPointer) throws(CryptoError) -> Result
    ) throws(CryptoError) -> Result {
        try withTemporarySecret(AES256GCM.keySize + AES256GCM.ivSize) { derived throws(CryptoError) in
            try key.withUnsafeBytes { key throws(CryptoError) in
                try salt.withBytes { salt throws(CryptoError) in
                    try info.withBytes { info throws(CryptoError) in
                        try HKDFSHA256.derive(from: key, salt: salt, info: info, into: derived)
                    }
                }
            }
            return try body(
                UnsafeRawBufferPointer(rebasing: derived[..<AES256GCM.keySize]),
                UnsafeRawBufferPointer(rebasing: derived[AES256GCM.keySize...]))
        }
    }
}
