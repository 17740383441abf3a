/// HMAC-SM3 (RFC 2104, GB/T 32905-2016) with the key's two blocks hashed once, for keys that are used many times.
///
/// What throws gives ``CryptoError/failed`` if OpenSSL was built without SM3.
package struct HMACSM3: HKDFHash, ~Copyable, Sendable {
    private static let blockSize = 64

    private var inner: SM3
    private var outer: SM3

    package init(key: UnsafeRawBufferPointer) throws(CryptoError) {
        var inner = try SM3()
        var outer = try SM3()
        try withTemporarySecret(Self.blockSize) { block throws(CryptoError) in
            if key.count > Self.blockSize {
                try SM3.hash(key).withUnsafeBytes { block.copyMemory(from: $0) }
            } else {
                block.copyMemory(from: key)
            }
            for index in 0..<Self.blockSize { block[index] ^= 0x36 }
            try inner.update(UnsafeRawBufferPointer(block))
            for index in 0..<Self.blockSize { block[index] ^= 0x36 ^ 0x5C }
            try outer.update(UnsafeRawBufferPointer(block))
        }
        self.inner = inner
        self.outer = outer
    }

    /// The code of `message`.
    package func code(for message: UnsafeRawBufferPointer) throws(CryptoError) -> Digest32 {
        try code(for: message, UnsafeRawBufferPointer(start: nil, count: 0))
    }

    /// The code of two pieces, one after the other.
    package func code(
        for first: UnsafeRawBufferPointer,
        _ second: UnsafeRawBufferPointer
    ) throws(CryptoError) -> Digest32 {
        var inner = try SM3(copying: inner)
        try inner.update(first)
        try inner.update(second)
        var innerHash = try inner.finalize()
        defer { innerHash.wipe() }
        var outer = try SM3(copying: outer)
        try innerHash.withUnsafeBytes { bytes throws(CryptoError) in try outer.update(bytes) }
        return try outer.finalize()
    }

    mutating func wipe() {
        inner.wipe()
        outer.wipe()
    }

    /// Whether a published code holds (Wycheproof's hmac_sm3_test.json, tcId 2), for a self-test at start.
    package static func knownAnswerHolds() -> Bool {
        guard let key = Hex.decode("8159fd15133cd964c9a6964c94f0ea269a806fd9f43f0da58b6cd1b33d189b2a".utf8) else {
            return false
        }
        do throws(CryptoError) {
            let code = try key.withBytes { key throws(CryptoError) in
                try [UInt8]([0x77]).withBytes { message throws(CryptoError) in
                    try HMACSM3(key: key).code(for: message)
                }
            }
            return Hex.string(code) == "51aaf64843b6d2fc7a244ab9cda9b7b57164ce6a865f9808c01931b46195411d"
        } catch {
            return false
        }
    }
}
