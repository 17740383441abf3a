import ClavigerCrypto

/// The body of a request or an answer, which may hold a data key in base64: wiped when nobody holds it any more.
///
/// It is for the time of one call. What outlives the call is ``KeyMaterial``.
package final class WipedBytes {
    private var bytes: [UInt8]

    package var count: Int { bytes.count }

    /// Takes `bytes` over: they are overwritten, wherever else they are still held.
    package init(_ bytes: [UInt8]) { self.bytes = bytes }

    /// Makes one that is empty, with room for `capacity` bytes.
    package init(capacity: Int) {
        bytes = []
        bytes.reserveCapacity(capacity)
    }

    deinit { Self.wipe(bytes[...]) }

    /// Gives `body` the bytes, which must not leave it: they are still there when it returns, but may be gone afterwards.
    func withBytes<Result, Failure: Error>(_ body: ([UInt8]) throws(Failure) -> Result) throws(Failure) -> Result {
        // Without this the object might end, and wipe the bytes, as soon as the array is taken out of it.
        try withExtendedLifetime(self) { () throws(Failure) in try body(bytes) }
    }

    package func append(_ piece: UnsafeRawBufferPointer) {
        let count = bytes.count + piece.count
        if count > bytes.capacity {
            // The array would grow by itself, and leave what it held in memory that it gives back.
            var larger: [UInt8] = []
            larger.reserveCapacity(max(count, 2 * bytes.capacity))
            larger.append(contentsOf: bytes)
            swap(&bytes, &larger)
            Self.wipe(larger[...])
        }
        bytes.append(contentsOf: piece)
    }

    /// Overwrites the bytes in the memory in which they are.
    ///
    /// Not by `withUnsafeMutableBytes`, which makes a copy for itself where somebody else still refers to the memory.
    static func wipe(_ bytes: ArraySlice<UInt8>) {
        bytes.withUnsafeBytes { LockedMemory.wipe(UnsafeMutableRawBufferPointer(mutating: $0)) }
    }
}
