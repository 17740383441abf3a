import COpenSSL

/// SM3 (GB/T 32905-2016), a hash of 32 bytes.
///
/// OpenSSL keeps the state in memory of its own, which is wiped and freed with the hasher; that is why it cannot be
/// copied by assignment.
/// What throws gives ``CryptoError/failed`` if OpenSSL was built without SM3.
package struct SM3: ~Copyable, @unchecked Sendable {
    // Fetched once: looking the algorithm up by name costs more than hashing a short message.
    private nonisolated(unsafe) static let algorithm = EVP_MD_fetch(nil, "SM3", nil)

    // Owned by this value alone. What does not mutate only reads it, so threads may share the hasher.
    private let context: OpaquePointer

    package init() throws(CryptoError) {
        context = try Self.context { context in
            Self.algorithm != nil && EVP_DigestInit_ex2(context, Self.algorithm, nil) == 1
        }
    }

    /// A hasher that has been fed what `other` has.
    package init(copying other: borrowing SM3) throws(CryptoError) {
        let original = other.context
        context = try Self.context { EVP_MD_CTX_copy_ex($0, original) == 1 }
    }

    private static func context(_ prepare: (OpaquePointer) -> Bool) throws(CryptoError) -> OpaquePointer {
        guard let context = EVP_MD_CTX_new() else { throw .failed }
        guard prepare(context) else {
            EVP_MD_CTX_free(context)
            throw .failed
        }
        return context
    }

    deinit { EVP_MD_CTX_free(context) }

    package mutating func update(_ bytes: UnsafeRawBufferPointer) throws(CryptoError) {
        guard let start = bytes.baseAddress else { return }
        guard EVP_DigestUpdate(context, start, bytes.count) == 1 else { throw .failed }
    }

    /// The hash of all that was fed in.
    package consuming func finalize() throws(CryptoError) -> Digest32 {
        var succeeded = false
        // The buffer is the digest's own, of the size that the function writes.
        let digest = Digest32 { succeeded = EVP_DigestFinal_ex(context, $0.bytes, nil) == 1 }
        guard succeeded else { throw .failed }
        return digest
    }

    /// Forgets what was fed in; the hasher is of no use afterwards.
    mutating func wipe() { EVP_MD_CTX_reset(context) }

    /// The hash of the pieces, one after the other.
    package static func hash(_ pieces: UnsafeRawBufferPointer...) throws(CryptoError) -> Digest32 {
        var hasher = try SM3()
        for piece in pieces { try hasher.update(piece) }
        return try hasher.finalize()
    }

    /// Whether the first example of GB/T 32905-2016 (A.1) holds, for a self-test at start.
    package static func knownAnswerHolds() -> Bool {
        do throws(CryptoError) {
            let digest = try Array("abc".utf8).withBytes { bytes throws(CryptoError) in try hash(bytes) }
            return Hex.string(digest) == "66c7f0f462eeedd9d1f2d46bdc10e4e24167c4875cf2f7a2297da02b8f4ba8e0"
        } catch {
            return false
        }
    }
}
