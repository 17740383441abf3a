extension SM2 {
    /// Bytes of a signature in DER at most: two INTEGERs of 32 bytes and a zero in front.
    package static let largestSignature = 72

    /// Signs a digest and writes `SEQUENCE { r INTEGER, s INTEGER }` in DER (GM/T 0009 section 7.3) into `signature`, which has room for
    /// ``largestSignature`` bytes. That the scalar belongs to the point is not checked.
    ///
    /// - Returns: the size of the signature.
    /// - Throws: ``CryptoError/malformed`` unless `point` is a point of the curve, `scalar` a private key and `digest` of 32 bytes.
    package static func sign(
        digest: UnsafeRawBufferPointer, scalar: UnsafeRawBufferPointer, point: UnsafeRawBufferPointer,
        into signature: UnsafeMutableRawBufferPointer
    ) throws(CryptoError) -> Int {
        guard digest.count == digestSize else { throw .malformed }
        let (curve, encoded) = try curve(with: point)
        let made = try ForkGate.hold { () throws(CryptoError) in
            // OpenSSL 3.0 looks for a signature by n−1 for ever: its inverse of 1+d does not exist.
            try curve.requirePrivateKey(scalar)
            return try OpenSSLKey(.sm2, point: encoded, scalar: scalar).sign(Array(digest), .sm2DSA)
        }
        guard made.count <= min(largestSignature, signature.count) else { throw .failed }
        signature.copyBytes(from: made)
        return made.count
    }

    /// Checks a signature of a digest, which may be DER, or r and s in 32 bytes each.
    ///
    /// - Throws: ``CryptoError/malformed`` unless `point` is a point of the curve and `digest` of 32 bytes; ``CryptoError/notAuthentic``
    ///   if the signature, in whichever form, is none of this digest by this key.
    package static func verify(
        _ signature: UnsafeRawBufferPointer, digest: UnsafeRawBufferPointer, point: UnsafeRawBufferPointer
    ) throws(CryptoError) {
        guard digest.count == digestSize else { throw .malformed }
        let (_, encoded) = try curve(with: point)
        guard signature.count <= largestSignature else { throw .notAuthentic }
        let bytes = Array(signature)
        // DER may have the size of the other form too, so that both are tried.
        let readings = [SignatureEncoding.der, .raw].compactMap { SignatureNumbers(bytes, $0, size: scalarSize) }
        guard !readings.isEmpty else { throw .notAuthentic }
        let isRight = try ForkGate.hold { () throws(CryptoError) in
            let key = try OpenSSLKey(.sm2, point: encoded)
            return readings.contains { key.verifies($0.der, Array(digest), .sm2DSA) }
        }
        guard isRight else { throw .notAuthentic }
    }
}
