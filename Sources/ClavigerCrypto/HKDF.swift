/// An HMAC of 32 bytes, seen by HKDF.
protocol HKDFHash {
    init(key: UnsafeRawBufferPointer)

    /// The code of `message`.
    func code(for message: UnsafeRawBufferPointer) -> Digest32

    /// Forgets the key; the value is of no use afterwards.
    mutating func wipe()
}

extension HKDFHash {
    private static var size: Int { Digest32.size }

    /// HKDF (RFC 5869) with this HMAC: derives `output.count` bytes, at most 255 times 32, from `material`.
    static func derive(
        from material: UnsafeRawBufferPointer,
        salt: UnsafeRawBufferPointer,
        info: UnsafeRawBufferPointer,
        into output: UnsafeMutableRawBufferPointer
    ) throws(CryptoError) {
        guard output.count <= 255 * size else { throw .malformed }
        // RFC 5869 section 2.2: an absent salt is a block of zeros, which HMAC makes of an empty key by itself.
        var pseudorandomKey = Self(key: salt).code(for: material)
        defer { pseudorandomKey.wipe() }
        try pseudorandomKey.withUnsafeBytes { key throws(CryptoError) in
            try expand(key, info: info, into: output)
        }
    }

    /// The second step, RFC 5869 section 2.3.
    private static func expand(
        _ pseudorandomKey: UnsafeRawBufferPointer,
        info: UnsafeRawBufferPointer,
        into output: UnsafeMutableRawBufferPointer
    ) throws(CryptoError) {
        var keyed = Self(key: pseudorandomKey)
        defer { keyed.wipe() }
        try withTemporarySecret(size + info.count + 1) { block throws(CryptoError) in
            UnsafeMutableRawBufferPointer(rebasing: block[size...]).copyMemory(from: info)
            var written = 0
            var counter: UInt8 = 1
            while written < output.count {
                block[size + info.count] = counter
                let input = counter == 1 ? block[size...] : block[...]
                var code = keyed.code(for: UnsafeRawBufferPointer(rebasing: input))
                defer { code.wipe() }
                code.withUnsafeBytes { piece in
                    let count = min(size, output.count - written)
                    UnsafeMutableRawBufferPointer(rebasing: output[written...])
                        .copyMemory(from: UnsafeRawBufferPointer(rebasing: piece[..<count]))
                    block.copyMemory(from: piece)
                    written += count
                }
                counter &+= 1
            }
        }
    }
}
