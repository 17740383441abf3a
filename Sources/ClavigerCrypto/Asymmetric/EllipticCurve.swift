import COpenSSL

/// A curve in OpenSSL, for what its keys do not offer: whether a point lies on it, and the point that belongs to a scalar.
final class EllipticCurve: Sendable {
    // Only read after its making, which OpenSSL allows from several threads.
    private nonisolated(unsafe) let group: OpaquePointer
    /// Private scalars are below it: n, for SM2 n−1. Only read after its making too.
    private nonisolated(unsafe) let limit: OpaquePointer
    private let size: Int

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
        defer { ERR_clear_error() }
        guard let group = EC_GROUP_new_by_curve_name(name) else { return nil }
        guard let limit = BN_dup(EC_GROUP_get0_order(group)) else {
            EC_GROUP_free(group)
            return nil
        }
        guard name != NID_sm2 || BN_sub_word(limit, 1) == 1 else {
            BN_free(limit)
            EC_GROUP_free(group)
            return nil
        }
        self.group = group
        self.limit = limit
        self.size = size
    }

    deinit {
        BN_free(limit)
        EC_GROUP_free(group)
    }

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

    /// `point`, as 04, x, y, or with a prefix 02 or 03 and x alone (SEC 1 section 2.3.3), as 04, x, y.
    ///
    /// - Throws: ``CryptoError/malformed`` for what is not the encoding of a point of the curve other than infinity.
    func uncompressed(_ point: [UInt8]) throws(CryptoError) -> [UInt8] {
        if contains(point) { return point }
        guard point.count == 1 + size, point[0] == 2 || point[0] == 3 else { throw .malformed }
        defer { ERR_clear_error() }
        guard let decoded = EC_POINT_new(group) else { throw .failed }
        defer { EC_POINT_free(decoded) }
        guard EC_POINT_oct2point(group, decoded, point, point.count, nil) == 1 else { throw .malformed }
        var encoded = [UInt8](repeating: 0, count: 1 + 2 * size)
        guard
            EC_POINT_point2oct(group, decoded, POINT_CONVERSION_UNCOMPRESSED, &encoded, encoded.count, nil)
                == encoded.count
        else { throw .failed }
        return encoded
    }

    /// Checks that `scalar` is a private key: it must be in 1…n−1, for SM2 in 1…n−2 (GB/T 32918.1 section 6.1).
    ///
    /// - Throws: ``CryptoError/malformed`` if it is not.
    func requirePrivateKey(_ scalar: UnsafeRawBufferPointer) throws(CryptoError) {
        BN_clear_free(try number(ofPrivateKey: scalar))
    }

    /// The public point of a private scalar, as 04, x, y.
    ///
    /// - Throws: ``CryptoError/malformed`` as for ``requirePrivateKey(_:)``.
    func point(of scalar: UnsafeRawBufferPointer) throws(CryptoError) -> [UInt8] {
        var encoded = [UInt8](repeating: 0, count: 1 + 2 * size)
        let outcome: Result<Void, CryptoError> = encoded.withUnsafeMutableBytes { encoded in
            do throws(CryptoError) { return .success(try multiply(nil, by: scalar, into: encoded)) } catch {
                return .failure(error)
            }
        }
        try outcome.get()
        return encoded
    }

    /// Multiplies `point` (04, x, y) by a private scalar, in a time that does not depend on the scalar, and writes the product as 04, x, y
    /// into `product`, which has just that size.
    ///
    /// - Throws: ``CryptoError/malformed`` as for ``requirePrivateKey(_:)`` and ``contains(_:)``.
    func multiply(_ point: [UInt8], by scalar: UnsafeRawBufferPointer, into product: UnsafeMutableRawBufferPointer)
        throws(CryptoError)
    {
        guard contains(point), let decoded = EC_POINT_new(group) else { throw .malformed }
        defer { EC_POINT_free(decoded) }
        guard EC_POINT_oct2point(group, decoded, point, point.count, nil) == 1 else {
            ERR_clear_error()
            throw .malformed
        }
        try multiply(decoded, by: scalar, into: product)
    }

    /// Multiplies `point`, or the curve's base point.
    private func multiply(
        _ point: OpaquePointer?, by scalar: UnsafeRawBufferPointer, into product: UnsafeMutableRawBufferPointer
    ) throws(CryptoError) {
        defer { ERR_clear_error() }
        let number = try number(ofPrivateKey: scalar)
        defer { BN_clear_free(number) }
        guard let result = EC_POINT_new(group) else { throw .failed }
        defer { EC_POINT_clear_free(result) }
        // With one number alone OpenSSL takes the same steps for every number.
        let multiplied =
            point == nil
            ? EC_POINT_mul(group, result, number, nil, nil, nil) : EC_POINT_mul(group, result, nil, point, number, nil)
        guard multiplied == 1,
            EC_POINT_point2oct(group, result, POINT_CONVERSION_UNCOMPRESSED, product.bytes, product.count, nil)
                == product.count
        else { throw .failed }
    }

    /// The scalar as OpenSSL's number in the secure heap, which the caller clears and frees.
    private func number(ofPrivateKey scalar: UnsafeRawBufferPointer) throws(CryptoError) -> OpaquePointer {
        guard scalar.count == size else { throw .malformed }
        SecureHeap.prepare()
        defer { ERR_clear_error() }
        guard let number = BN_secure_new() else { throw .failed }
        BN_set_flags(number, BN_FLG_CONSTTIME)
        guard BN_bin2bn(scalar.bytes, Int32(scalar.count), number) != nil else {
            BN_clear_free(number)
            throw .failed
        }
        guard BN_is_zero(number) == 0, BN_cmp(number, limit) < 0 else {
            BN_clear_free(number)
            throw .malformed
        }
        return number
    }
}
