import COpenSSL

/// A curve in OpenSSL, for what its keys do not offer: whether a point lies on it, and the point that belongs to a scalar.
final class EllipticCurve: Sendable {
    // Only read after its making, which OpenSSL allows from several threads.
    private nonisolated(unsafe) let group: OpaquePointer
    private let size: Int
    private let isSM2: Bool

    private static let p384 = EllipticCurve(NID_secp384r1, size: 48)
    private static let secp256k1 = EllipticCurve(NID_secp256k1, size: 32)
    private static let sm2 = EllipticCurve(NID_sm2, size: 32)

    /// The curve of keys that OpenSSL computes with.
    static func of(_ algorithm: AsymmetricAlgorithm) throws(CryptoError) -> EllipticCurve {
        let curve: EllipticCurve? =
            switch algorithm {
            case .p384: p384
            case .secp256k1: secp256k1
            case .sm2: sm2
            case .rsa2048, .rsa3072, .rsa4096, .p256: nil
            }
        guard let curve else { throw .failed }
        return curve
    }

    private init?(_ name: Int32, size: Int) {
        guard let group = EC_GROUP_new_by_curve_name(name) else {
            ERR_clear_error()
            return nil
        }
        self.group = group
        self.size = size
        isSM2 = name == NID_sm2
    }

    deinit { EC_GROUP_free(group) }

    /// Whether `point`, as 04, x, y, is a point of the curve with coordinates below the prime.
    func contains(_ point: [UInt8]) -> Bool {
        guard point.count == 1 + 2 * size, point[0] == 4, let decoded = EC_POINT_new(group) else { return false }
        defer { EC_POINT_free(decoded) }
        guard EC_POINT_oct2point(group, decoded, point, point.count, nil) == 1 else {
            ERR_clear_error()
            return false
        }
        return true
    }

    /// The public point of a private scalar, as 04, x, y.
    ///
    /// - Throws: ``CryptoError/malformed`` for a scalar that is no private key: it must be in 1…n−1, for SM2 in 1…n−2
    ///   (GB/T 32918.1 section 6.1).
    func point(of scalar: UnsafeRawBufferPointer) throws(CryptoError) -> [UInt8] {
        guard scalar.count == size else { throw .malformed }
        defer { ERR_clear_error() }
        guard let number = BN_secure_new(), let limit = BN_dup(EC_GROUP_get0_order(group)),
            let point = EC_POINT_new(group)
        else { throw .failed }
        defer {
            BN_clear_free(number)
            BN_free(limit)
            EC_POINT_free(point)
        }
        BN_set_flags(number, BN_FLG_CONSTTIME)
        guard BN_bin2bn(scalar.bytes, Int32(scalar.count), number) != nil, !isSM2 || BN_sub_word(limit, 1) == 1 else {
            throw .failed
        }
        guard BN_is_zero(number) == 0, BN_cmp(number, limit) < 0 else { throw .malformed }
        var encoded = [UInt8](repeating: 0, count: 1 + 2 * size)
        guard EC_POINT_mul(group, point, number, nil, nil, nil) == 1,
            EC_POINT_point2oct(group, point, POINT_CONVERSION_UNCOMPRESSED, &encoded, encoded.count, nil)
                == encoded.count
        else { throw .failed }
        return encoded
    }
}
