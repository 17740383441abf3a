/// HMAC-SHA-256 (RFC 2104, FIPS 180-4) with the key's two blocks hashed once, for keys that are used many times.
package struct HMACSHA256: HKDFHash, Sendable {
    private static let blockSize = 64

    private var inner = SHA256Hasher()
    private var outer = SHA256Hasher()

    package init(key: UnsafeRawBufferPointer) {
        withTemporarySecret(Self.blockSize) { block in
            if key.count > Self.blockSize {
                var hash = SHA256Hasher.hash(key)
                hash.withUnsafeBytes { block.copyMemory(from: $0) }
                hash.wipe()
            } else {
                block.copyMemory(from: key)
            }
            for index in 0..<Self.blockSize { block[index] ^= 0x36 }
            inner.update(UnsafeRawBufferPointer(block))
            for index in 0..<Self.blockSize { block[index] ^= 0x36 ^ 0x5C }
            outer.update(UnsafeRawBufferPointer(block))
        }
    }

    package init(key: KeyMaterial) {
        self = key.withUnsafeBytes { HMACSHA256(key: $0) }
    }

    /// The code of `message`.
    package func code(for message: UnsafeRawBufferPointer) -> Digest32 {
        var inner = inner
        inner.update(message)
        return code(of: &inner)
    }

    /// The code of several pieces, one after the other.
    package func code(for first: UnsafeRawBufferPointer, _ second: UnsafeRawBufferPointer) -> Digest32 {
        var inner = inner
        inner.update(first)
        inner.update(second)
        return code(of: &inner)
    }

    private func code(of inner: inout SHA256Hasher) -> Digest32 {
        var outer = outer
        var hash = inner.finalize()
        // Where the key is public, as a salt is, this is as good as the code.
        defer { hash.wipe() }
        hash.withUnsafeBytes { outer.update($0) }
        return outer.finalize()
    }

    /// Forgets the key; the value is of no use afterwards.
    mutating func wipe() {
        withUnsafeMutableBytes(of: &inner) { LockedMemory.wipe($0) }
        withUnsafeMutableBytes(of: &outer) { LockedMemory.wipe($0) }
    }
}
