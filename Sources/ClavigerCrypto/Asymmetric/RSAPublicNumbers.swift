/// Modulus and exponent of an RSA public key (RFC 8017 section 3.1).
enum RSAPublicNumbers {
    /// OpenSSL takes no longer exponents with moduli above 3072 bits, so that verifying stays cheap.
    private static let largestExponent = 8

    /// - Throws: ``CryptoError/malformed`` unless the modulus is odd, and the exponent odd, at least 3 and below 2^64.
    static func check(modulus: UnsafeRawBufferPointer, exponent: UnsafeRawBufferPointer) throws(CryptoError) {
        guard let last = modulus.last, last & 1 == 1, let lowest = exponent.last, lowest & 1 == 1,
            exponent.count <= largestExponent, exponent.count > 1 || lowest >= 3
        else { throw .malformed }
    }

    /// Bits of a number in big-endian order without leading zeros.
    static func bits(_ number: UnsafeRawBufferPointer) -> Int {
        guard let first = number.first else { return 0 }
        return number.count * 8 - first.leadingZeroBitCount
    }

    /// `RSAPublicKey` (RFC 8017 appendix A.1.1), DER.
    static func encode(modulus: some Collection<UInt8>, exponent: some Collection<UInt8>) -> [UInt8] {
        DER.sequence(DER.unsigned(modulus), DER.unsigned(exponent))
    }
}
