import COpenSSL

/// SHA-256 (FIPS 180-4) as a plain value: copying one that has hashed a prefix is how HMAC gets its speed, and nothing is allocated.
package struct SHA256Hasher: Sendable {
    private var context = SHA256_CTX()

    package init() { SHA256_Init(&context) }

    package mutating func update(_ bytes: UnsafeRawBufferPointer) {
        guard let start = bytes.baseAddress else { return }
        SHA256_Update(&context, start, bytes.count)
    }

    /// The hash of all that was fed in. The hasher is used up and wiped.
    package mutating func finalize() -> Digest32 {
        // The buffer is the digest's own, of the size that the function writes.
        let digest = Digest32 { _ = SHA256_Final($0.bytes, &context) }
        withUnsafeMutableBytes(of: &context) { LockedMemory.wipe($0) }
        return digest
    }

    package static func hash(_ bytes: UnsafeRawBufferPointer) -> Digest32 {
        var hasher = SHA256Hasher()
        hasher.update(bytes)
        return hasher.finalize()
    }
}

/// The 32 bytes of a SHA-256 or SM3 hash, or of a code made with one of them.
package struct Digest32: Sendable {
    package static let size = 32

    private var words: (UInt64, UInt64, UInt64, UInt64) = (0, 0, 0, 0)

    /// Lets `fill` write the bytes, which are zero before.
    init(fill: (UnsafeMutableRawBufferPointer) -> Void) { withUnsafeMutableBytes(of: &words, fill) }

    package func withUnsafeBytes<Result, Failure: Error>(
        _ body: (UnsafeRawBufferPointer) throws(Failure) -> Result
    ) throws(Failure) -> Result {
        var copy = words
        defer { withUnsafeMutableBytes(of: &copy) { LockedMemory.wipe($0) } }
        let outcome: Swift.Result<Result, Failure> = Swift.withUnsafeBytes(of: &copy) { bytes in
            do throws(Failure) { return .success(try body(bytes)) } catch { return .failure(error) }
        }
        return try outcome.get()
    }

    /// Overwrites the bytes, where they are a key.
    package mutating func wipe() { withUnsafeMutableBytes(of: &words) { LockedMemory.wipe($0) } }

    package var bytes: [UInt8] { withUnsafeBytes { Array($0) } }

    /// Appends the bytes in hexadecimal, lower case.
    package func appendHex(to text: inout [UInt8]) {
        withUnsafeBytes { bytes in
            for byte in bytes {
                text.append(Hex.digit(byte >> 4))
                text.append(Hex.digit(byte & 15))
            }
        }
    }
}

extension Digest32: Sequence {
    package func makeIterator() -> Array<UInt8>.Iterator { bytes.makeIterator() }
}
