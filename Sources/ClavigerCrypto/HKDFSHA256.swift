/// HKDF with SHA-256 (RFC 5869).
package enum HKDFSHA256 {
    private static let hashSize = 32

    /// Derives `output.count` bytes, at most 8,160, from `material`.
    package static func derive(
        from material: UnsafeRawBufferPointer,
        salt: UnsafeRawBufferPointer,
        info: UnsafeRawBufferPointer,
        into output: UnsafeMutableRawBufferPointer
    ) throws(CryptoError) {
        guard output.count <= 255 * hashSize else { throw .malformed }
        // RFC 5869 section 2.2: an absent salt is a block of zeros, which HMAC makes of an empty key by itself.
        var pseudorandomKey = HMACSHA256(key: salt).code(for: material)
        defer { pseudorandomKey.wipe() }
        var expand = pseudorandomKey.withUnsafeBytes { HMACSHA256(key: $0) }
        defer { expand.wipe() }
        withUnsafeTemporaryAllocation(byteCount: hashSize + info.count + 1, alignment: 16) { block in
            defer { LockedMemory.wipe(block) }
            UnsafeMutableRawBufferPointer(rebasing: block[hashSize...]).copyMemory(from: info)
            var written = 0
            var counter: UInt8 = 1
            while written < output.count {
                block[hashSize + info.count] = counter
                let input = counter == 1 ? block[hashSize...] : block[...]
                var code = expand.code(for: UnsafeRawBufferPointer(rebasing: input))
                defer { code.wipe() }
                code.withUnsafeBytes { piece in
                    let count = min(hashSize, output.count - written)
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
