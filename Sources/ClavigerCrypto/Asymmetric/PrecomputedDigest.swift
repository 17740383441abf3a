import Crypto

/// A SHA-256 digest that was computed elsewhere, for swift-crypto to sign.
struct PrecomputedDigest: Digest {
    static let byteCount = 32

    private let bytes: [UInt8]

    /// `bytes` are 32, which the callers have checked.
    init(_ bytes: [UInt8]) {
        precondition(bytes.count == Self.byteCount)
        self.bytes = bytes
    }

    var description: String { Hex.string(bytes) }

    func makeIterator() -> Array<UInt8>.Iterator { bytes.makeIterator() }

    func withUnsafeBytes<Result>(_ body: (UnsafeRawBufferPointer) throws -> Result) rethrows -> Result {
        try bytes.withUnsafeBytes(body)
    }
}
