package import Crypto

/// HMAC-SHA-256 (RFC 2104, FIPS 180-4) with the key's two blocks hashed once, for keys that are used many times.
package struct HMACSHA256: Sendable {
    private let keyed: HMAC<SHA256>

    package init(key: UnsafeRawBufferPointer) {
        keyed = HMAC(key: SymmetricKey(data: key))
    }

    package init(key: KeyMaterial) {
        self = key.withUnsafeBytes { HMACSHA256(key: $0) }
    }

    /// The code of `message`.
    package func code(for message: UnsafeRawBufferPointer) -> HashedAuthenticationCode<SHA256> {
        var running = keyed
        running.update(data: message)
        return running.finalize()
    }

    /// The code of several pieces, one after the other.
    package func code(for first: UnsafeRawBufferPointer, _ second: UnsafeRawBufferPointer) -> HashedAuthenticationCode<SHA256> {
        var running = keyed
        running.update(data: first)
        running.update(data: second)
        return running.finalize()
    }
}
