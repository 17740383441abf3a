import COpenSSL

/// Secret bytes in locked, non-dumpable memory, wiped on release.
///
/// Holds keys, and the plaintexts that pass through (which are often keys of the caller). It is not `Codable`, is
/// described only by its size, and is compared in constant time.
package final class KeyMaterial: Sendable {
    // Written only by the initialisers, before the object is shared; released by deinit.
    private nonisolated(unsafe) let storage: UnsafeMutableRawBufferPointer

    /// Size in bytes.
    package var count: Int { storage.count }

    /// Makes material of `count` bytes and lets `fill` write it; what it does not write is zero.
    package init<Failure: Error>(
        count: Int,
        fill: (UnsafeMutableRawBufferPointer) throws(Failure) -> Void
    ) throws(Failure) {
        storage = LockedMemory.allocate(count)
        try fill(storage)
    }

    /// Copies `bytes`; the caller wipes its own copy.
    package convenience init(copying bytes: UnsafeRawBufferPointer) {
        self.init(count: bytes.count) { $0.copyMemory(from: bytes) }
    }

    /// Copies bytes that are no secret yet where they come from, such as a test vector's or a request's.
    package convenience init(_ bytes: some Collection<UInt8>) {
        self.init(count: bytes.count) { $0.copyBytes(from: bytes) }
    }

    deinit { LockedMemory.release(storage) }

    /// Gives `body` the bytes, which must not leave it.
    package func withUnsafeBytes<Result, Failure: Error>(
        _ body: (UnsafeRawBufferPointer) throws(Failure) -> Result
    ) throws(Failure) -> Result {
        try body(UnsafeRawBufferPointer(storage))
    }
}

extension KeyMaterial: Equatable {
    package static func == (left: KeyMaterial, right: KeyMaterial) -> Bool {
        constantTimeEqual(UnsafeRawBufferPointer(left.storage), UnsafeRawBufferPointer(right.storage))
    }
}

extension KeyMaterial: CustomStringConvertible, CustomDebugStringConvertible, CustomReflectable {
    package var description: String { "KeyMaterial(\(count) bytes)" }
    package var debugDescription: String { description }
    package var customMirror: Mirror { Mirror(self, children: []) }
}

/// Whether both hold the same bytes, in a time that depends on their lengths alone.
package func constantTimeEqual(_ left: UnsafeRawBufferPointer, _ right: UnsafeRawBufferPointer) -> Bool {
    guard left.count == right.count else { return false }
    guard let a = left.baseAddress, let b = right.baseAddress else { return true }
    return CRYPTO_memcmp(a, b, left.count) == 0
}
