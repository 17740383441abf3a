import COpenSSL

/// Takes the padding of RSAES-PKCS1-v1_5 (RFC 8017 section 7.2.2) off in constant time.
///
/// Whoever can tell a right padding from a wrong one can decrypt without the key (Bleichenbacher 1998, "Marvin" 2023), so no
/// branch and no index here depends on the decrypted bytes until real and synthetic message have become one.
struct RSAPadding {
    /// 00, 02 and eight bytes of padding stand before the byte 00 that begins the message.
    private static let smallestSeparator = 10
    /// Candidates for the length of a synthetic message; that none of them fits has a chance below 2^-128.
    private static let lengthCandidates = 128

    /// SHA-256 of the private exponent, as long as the modulus: the key from which synthetic messages are derived.
    private let rejectionKey: KeyMaterial

    init(privateExponent: UnsafeRawBufferPointer, modulusSize: Int) {
        var hasher = SHA256Hasher()
        [UInt8](repeating: 0, count: modulusSize - privateExponent.count).withUnsafeBytes { hasher.update($0) }
        hasher.update(privateExponent)
        rejectionKey = KeyMaterial(count: Digest32.size) { target in
            var hash = hasher.finalize()
            hash.withUnsafeBytes { target.copyMemory(from: $0) }
            hash.wipe()
        }
    }

    /// The message in the block `decrypted`, or, where the padding is wrong, a message that the key and the ciphertext determine
    /// (draft-irtf-cfrg-rsa-guidance section 7; the same that OpenSSL 3.2 and others give).
    func message(in decrypted: UnsafeRawBufferPointer, ciphertext: [UInt8]) -> KeyMaterial {
        let size = decrypted.count
        let derivationKey = KeyMaterial(count: Digest32.size) { target in
            var code = ciphertext.withUnsafeBytes { HMACSHA256(key: rejectionKey).code(for: $0) }
            code.withUnsafeBytes { target.copyMemory(from: $0) }
            code.wipe()
        }
        return withTemporarySecret(size) { synthetic in
            Self.derive("message", from: derivationKey, into: synthetic)
            let syntheticStart = UInt32(size) - Self.syntheticLength(from: derivationKey, size: size)

            var right = Mask.isZero(UInt32(decrypted[0])) & Mask.areEqual(UInt32(decrypted[1]), 2)
            var found: UInt32 = 0
            var separator: UInt32 = 0
            for index in 2..<size {
                let isZero = Mask.isZero(UInt32(decrypted[index]))
                separator = Mask.select(isZero & ~found, UInt32(index), separator)
                found |= isZero
            }
            // Without any separator this is 0 < 10 too.
            right &= ~Mask.isLess(separator, UInt32(Self.smallestSeparator))

            // From here on the length is that of the answer, whichever it is; both blocks are read at the same places.
            let start = Int(Mask.select(right, separator + 1, syntheticStart))
            return KeyMaterial(count: size - start) { target in
                for index in start..<size {
                    target[index - start] = UInt8(
                        truncatingIfNeeded: Mask.select(right, UInt32(decrypted[index]), UInt32(synthetic[index])))
                }
            }
        }
    }

    /// The message of exactly `count` bytes in the block `decrypted`.
    ///
    /// - Throws: ``CryptoError/notAuthentic`` if the padding is wrong or the message has another size; which of the two, and where,
    ///   does not show in the time either.
    static func message(in decrypted: UnsafeRawBufferPointer, count: Int) throws(CryptoError) -> KeyMaterial {
        let separator = decrypted.count - count - 1
        guard count > 0, separator >= smallestSeparator else { throw .notAuthentic }
        var right = Mask.isZero(UInt32(decrypted[0])) & Mask.areEqual(UInt32(decrypted[1]), 2)
        for index in 2..<separator { right &= ~Mask.isZero(UInt32(decrypted[index])) }
        right &= Mask.isZero(UInt32(decrypted[separator]))
        guard Mask.isSet(right) else { throw .notAuthentic }
        return KeyMaterial(copying: UnsafeRawBufferPointer(rebasing: decrypted[(separator + 1)...]))
    }

    /// The last candidate that leaves room for the padding (section 7.2, steps 4 to 8).
    private static func syntheticLength(from key: KeyMaterial, size: Int) -> UInt32 {
        let limit = UInt32(size - smallestSeparator)
        // All bits up to the highest of the limit.
        let bits = UInt32.max >> limit.leadingZeroBitCount
        return withTemporarySecret(2 * lengthCandidates) { candidates in
            derive("length", from: key, into: candidates)
            var length: UInt32 = 0
            for index in 0..<lengthCandidates {
                let candidate = (UInt32(candidates[2 * index]) << 8 | UInt32(candidates[2 * index + 1])) & bits
                length = Mask.select(Mask.isLess(candidate, limit), candidate, length)
            }
            return length
        }
    }

    /// The pseudorandom function of section 7.1: HMAC-SHA-256 of block number, label and size in bits, block after block.
    private static func derive(_ label: String, from key: KeyMaterial, into target: UnsafeMutableRawBufferPointer) {
        var authenticator = HMACSHA256(key: key)
        defer { authenticator.wipe() }
        let bits = UInt16(target.count * 8)
        for (number, start) in stride(from: 0, to: target.count, by: Digest32.size).enumerated() {
            let input =
                [0, UInt8(number)] + Array(label.utf8) + [UInt8(bits >> 8), UInt8(truncatingIfNeeded: bits)]
            var code = input.withUnsafeBytes { authenticator.code(for: $0) }
            code.withUnsafeBytes { bytes in
                let room = UnsafeMutableRawBufferPointer(rebasing: target[start...])
                room.copyMemory(from: UnsafeRawBufferPointer(rebasing: bytes[..<min(bytes.count, room.count)]))
            }
            code.wipe()
        }
    }
}

/// Comparisons that give all bits set for yes and none for no, without a branch. The numbers must be below 2^31.
private enum Mask {
    /// The highest bit, in every place.
    @inline(__always)
    private static func spread(_ value: UInt32) -> UInt32 {
        claviger_value_barrier(UInt32(bitPattern: Int32(bitPattern: value) >> 31))
    }

    @inline(__always)
    static func isZero(_ value: UInt32) -> UInt32 { spread(~value & (value &- 1)) }

    @inline(__always)
    static func areEqual(_ left: UInt32, _ right: UInt32) -> UInt32 { isZero(left ^ right) }

    @inline(__always)
    static func isLess(_ left: UInt32, _ right: UInt32) -> UInt32 { spread(left &- right) }

    /// Not inlined, since the compiler would otherwise decide by parts of the mask, one after the other.
    @inline(never)
    static func isSet(_ mask: UInt32) -> Bool { mask != 0 }

    @inline(__always)
    static func select(_ mask: UInt32, _ yes: UInt32, _ no: UInt32) -> UInt32 { no ^ (mask & (yes ^ no)) }
}
