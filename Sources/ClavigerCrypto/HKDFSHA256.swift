/// HKDF with SHA-256 (RFC 5869).
package enum HKDFSHA256 {
    /// Derives `output.count` bytes, at most 8,160, from `material`.
    ///
    /// - Throws: ``CryptoError/malformed`` if more are asked for.
    package static func derive(
        from material: UnsafeRawBufferPointer,
        salt: UnsafeRawBufferPointer,
        info: UnsafeRawBufferPointer,
        into output: UnsafeMutableRawBufferPointer
    ) throws(CryptoError) {
        try HMACSHA256.derive(from: material, salt: salt, info: info, into: output)
    }
}
