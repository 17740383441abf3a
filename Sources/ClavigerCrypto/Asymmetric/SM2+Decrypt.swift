extension SM2 {
    /// Bytes of the smallest ciphertext, of one byte: x, y, C3 and C2.
    package static let smallestCiphertext = pointSize + Digest32.size + 1

    /// Decrypts what is in any of three forms: DER (GM/T 0009 section 7.2); 04, x, y, C3, C2; the same without 04. They are tried in this
    /// order, and C3 decides.
    ///
    /// `plaintext` has as much room as the ciphertext has bytes, and does not overlap it. If the result is an error, it holds nothing that
    /// was decrypted.
    ///
    /// - Returns: the size of the plaintext.
    /// - Throws: ``CryptoError/malformed`` if `scalar` is not a private key, or there is too little room; ``CryptoError/notAuthentic`` if
    ///   no reading's C3 is right.
    package static func decrypt(
        _ ciphertext: UnsafeRawBufferPointer, scalar: UnsafeRawBufferPointer,
        into plaintext: UnsafeMutableRawBufferPointer
    ) throws(CryptoError) -> Int {
        guard plaintext.count >= ciphertext.count else { throw .malformed }
        let curve = try curve
        try ForkGate.hold { () throws(CryptoError) in try curve.requirePrivateKey(scalar) }
        for reading in SM2Reading.all(of: ciphertext) where ForkGate.hold({ curve.contains(reading.point) }) {
            let text = UnsafeMutableRawBufferPointer(rebasing: plaintext[..<reading.payload.count])
            if try open(reading, on: curve, scalar: scalar, into: text) { return text.count }
        }
        throw .notAuthentic
    }

    /// Whether C3 is right; `plaintext` holds what was decrypted then, and else zeros.
    private static func open(
        _ reading: SM2Reading, on curve: EllipticCurve, scalar: UnsafeRawBufferPointer,
        into plaintext: UnsafeMutableRawBufferPointer
    ) throws(CryptoError) -> Bool {
        try withSharedPoint(reading.point, on: curve, scalar: scalar) { shared in
            var stream = SM2KeyStream(point: shared)
            defer { stream.wipe() }
            stream.apply(to: reading.payload, into: plaintext)
            var hash = authenticator(of: UnsafeRawBufferPointer(plaintext), shared)
            defer { hash.wipe() }
            let isRight = hash.withUnsafeBytes { constantTimeEqual($0, reading.hash) }
            // GB/T 32918.4 section 7.1, step B4: a derived key of zeros is an error.
            guard isRight, !stream.isZero else {
                LockedMemory.wipe(plaintext)
                return false
            }
            return true
        }
    }
}
