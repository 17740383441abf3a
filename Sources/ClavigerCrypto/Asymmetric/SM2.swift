/// SM2 (GB/T 32918) with keys in their raw form, which are given anew to each call: a point as x and y, 64 bytes, and a private scalar
/// of 32 bytes, big-endian.
///
/// Keys that are used often, and come as PKCS#8 or SubjectPublicKeyInfo, are ``PrivateKey`` and ``PublicKey``.
package enum SM2 {
    package static let scalarSize = 32
    package static let pointSize = 64
    package static let digestSize = 32

    /// Bytes of a user's name at most: the length in bits has two bytes.
    package static let longestUserID = (1 << 13) - 1

    static let prefixSize = 1

    /// The curve, and the point as 04, x, y.
    ///
    /// - Throws: ``CryptoError/malformed`` if `point` is not a point of the curve.
    static func curve(with point: UnsafeRawBufferPointer) throws(CryptoError) -> (EllipticCurve, [UInt8]) {
        let curve = try curve
        let encoded = [4] + Array(point)
        guard ForkGate.hold({ curve.contains(encoded) }) else { throw .malformed }
        return (curve, encoded)
    }

    /// The curve. What is done with it, and with the keys of OpenSSL, is done behind the gate.
    static var curve: EllipticCurve {
        get throws(CryptoError) { try ForkGate.hold { () throws(CryptoError) in try EllipticCurve.of(.sm2) } }
    }
}

// MARK: Keys

extension SM2 {
    /// Makes a pair: the public point goes to `point`, the private scalar to `scalar`.
    package static func generate(point: UnsafeMutableRawBufferPointer, scalar: UnsafeMutableRawBufferPointer)
        throws(CryptoError)
    {
        try withRandomScalar { random, encoded throws(CryptoError) in
            point.copyBytes(from: encoded.dropFirst(prefixSize))
            scalar.copyMemory(from: random)
        }
    }

    /// Gives `body` a random private scalar and its point as 04, x, y.
    static func withRandomScalar<Result>(
        _ body: (_ scalar: UnsafeRawBufferPointer, _ point: [UInt8]) throws(CryptoError) -> Result
    ) throws(CryptoError) -> Result {
        let curve = try curve
        return try withTemporarySecret(scalarSize) { scalar throws(CryptoError) in
            while true {
                random.fillFresh(scalar)
                let point: [UInt8]
                do throws(CryptoError) {
                    point = try ForkGate.hold { () throws(CryptoError) in
                        try curve.point(of: UnsafeRawBufferPointer(scalar))
                    }
                } catch .malformed {
                    // Not in range, which happens once in 2^32: n is close to 2^256 − 2^224.
                    continue
                }
                return try body(UnsafeRawBufferPointer(scalar), point)
            }
        }
    }

    /// Only what reads from the kernel for the call alone is used of it.
    private static let random = RandomSource()

    /// The point, as x and y, of a public key in PEM: one block `PUBLIC KEY`, with nothing but white space around it, of a
    /// SubjectPublicKeyInfo (RFC 5480) that names the curve 1.2.156.10197.1.301; the point may be compressed.
    ///
    /// - Throws: ``CryptoError/malformed`` for anything else.
    package static func point(pem: UnsafeRawBufferPointer) throws(CryptoError) -> [UInt8] {
        let spki = try PEM.decode(pem, label: PublicKey.pemLabel)
        let point = try spki.withBytes { bytes throws(CryptoError) in
            var whole = DERReader(bytes)
            var info = try whole.enter(.sequence)
            try whole.expectEnd()
            guard try info.readWhole().elementsEqual(AsymmetricAlgorithm.sm2.identifier) else { throw .malformed }
            let bits = try info.read(.bitString)
            try info.expectEnd()
            guard bits.first == 0 else { throw .malformed }
            return Array(bits.dropFirst())
        }
        let curve = try curve
        let uncompressed = try ForkGate.hold { () throws(CryptoError) in try curve.uncompressed(point) }
        return Array(uncompressed.dropFirst(prefixSize))
    }
}

// MARK: Digests

extension SM2 {
    /// What is signed for `message`: the hash of Z and the message (GB/T 32918.2 section 6.1), where Z binds the user's name and the key.
    ///
    /// - Throws: ``CryptoError/malformed`` if `point` is not a point of the curve, or the name is longer than ``longestUserID``.
    package static func digest(
        of message: UnsafeRawBufferPointer, userID: UnsafeRawBufferPointer, point: UnsafeRawBufferPointer
    ) throws(CryptoError) -> Digest32 {
        _ = try curve(with: point)
        return try identity(userID: userID, point: point).withUnsafeBytes { SM3.hash($0, message) }
    }

    /// Z (GB/T 32918.2 section 5.5): the hash of the bits of the user's name, the name, the curve's a, b and base point, and the key.
    static func identity(userID: UnsafeRawBufferPointer, point: UnsafeRawBufferPointer)
        throws(CryptoError) -> Digest32
    {
        guard userID.count <= longestUserID else { throw .malformed }
        let bits = UInt16(userID.count * 8)
        let head = [UInt8(bits >> 8), UInt8(truncatingIfNeeded: bits)]
        return head.withUnsafeBytes { head in
            parameters.withUnsafeBytes { parameters in SM3.hash(head, userID, parameters, point) }
        }
    }

    /// a, b, and the x and y of the base point (GB/T 32918.5 section 2).
    private static let parameters: [UInt8] =
        [UInt8](words: 0xFFFF_FFFE_FFFF_FFFF, 0xFFFF_FFFF_FFFF_FFFF, 0xFFFF_FFFF_0000_0000, 0xFFFF_FFFF_FFFF_FFFC)
        + [UInt8](words: 0x28E9_FA9E_9D9F_5E34, 0x4D5A_9E4B_CF65_09A7, 0xF397_89F5_15AB_8F92, 0xDDBC_BD41_4D94_0E93)
        + [UInt8](words: 0x32C4_AE2C_1F19_8119, 0x5F99_0446_6A39_C994, 0x8FE3_0BBF_F266_0BE1, 0x715A_4589_334C_74C7)
        + [UInt8](words: 0xBC37_36A2_F4F6_779C, 0x59BD_CEE3_6B69_2153, 0xD0A9_877C_C62A_4740, 0x02DF_32E5_2139_F0A0)
}

extension [UInt8] {
    /// The bytes of the words, most significant first.
    fileprivate init(words: UInt64...) {
        self = words.flatMap { word in (0..<8).map { UInt8(truncatingIfNeeded: word >> (56 - 8 * $0)) } }
    }
}
