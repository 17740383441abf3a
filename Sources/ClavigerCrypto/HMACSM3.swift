/// HMAC-SM3 (RFC 2104, GB/T 32905-2016) with the key's two blocks hashed once, for keys that are used many times.
package struct HMACSM3: HKDFHash, Sendable {
    private var inner = SM3()
    private var outer = SM3()

    package init(key: UnsafeRawBufferPointer) {
        withTemporarySecret(SM3.blockSize) { block in
            if key.count > SM3.blockSize {
                var hash = SM3.hash(key)
                hash.withUnsafeBytes { block.copyMemory(from: $0) }
                hash.wipe()
            } else {
                block.copyMemory(from: key)
            }
            for index in 0..<SM3.blockSize { block[index] ^= 0x36 }
            inner.update(UnsafeRawBufferPointer(block))
            for index in 0..<SM3.blockSize { block[index] ^= 0x36 ^ 0x5C }
            outer.update(UnsafeRawBufferPointer(block))
        }
    }

    /// The code of `message`.
    package func code(for message: UnsafeRawBufferPointer) -> Digest32 {
        var stream = Stream(self)
        stream.update(message)
        return stream.finalize()
    }

    /// The code of two pieces, one after the other.
    package func code(for first: UnsafeRawBufferPointer, _ second: UnsafeRawBufferPointer) -> Digest32 {
        var stream = Stream(self)
        stream.update(first)
        stream.update(second)
        return stream.finalize()
    }

    /// Forgets the key; the value is of no use afterwards.
    package mutating func wipe() {
        inner.wipe()
        outer.wipe()
    }

    /// A message that comes in pieces.
    package struct Stream: Sendable {
        private var inner: SM3
        private var outer: SM3

        package init(_ key: HMACSM3) {
            inner = key.inner
            outer = key.outer
        }

        package mutating func update(_ bytes: UnsafeRawBufferPointer) { inner.update(bytes) }

        /// The code of all that was fed in. The stream is used up and wiped.
        package mutating func finalize() -> Digest32 {
            var hash = inner.finalize()
            // Where the key is public, as a salt is, this is as good as the code.
            defer { hash.wipe() }
            hash.withUnsafeBytes { outer.update($0) }
            return outer.finalize()
        }

        /// Forgets the key and what was fed in; the stream is of no use afterwards.
        package mutating func wipe() {
            inner.wipe()
            outer.wipe()
        }
    }

    /// Whether a published code holds (Wycheproof's hmac_sm3_test.json, tcId 2), for a self-test at start.
    package static func knownAnswerHolds() -> Bool {
        guard let key = Hex.decode("8159fd15133cd964c9a6964c94f0ea269a806fd9f43f0da58b6cd1b33d189b2a".utf8) else {
            return false
        }
        let code = key.withUnsafeBytes { key in
            [UInt8]([0x77]).withUnsafeBytes { HMACSM3(key: key).code(for: $0) }
        }
        return Hex.string(code) == "51aaf64843b6d2fc7a244ab9cda9b7b57164ce6a865f9808c01931b46195411d"
    }
}
