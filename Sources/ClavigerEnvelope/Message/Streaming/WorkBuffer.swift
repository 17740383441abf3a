internal import ClavigerCrypto

#if canImport(Glibc)
    internal import Glibc
#elseif canImport(Musl)
    internal import Musl
#elseif canImport(Darwin)
    internal import Darwin
#endif

/// Memory that a stream goes through, wiped when it is given back.
struct WorkBuffer: ~Copyable {
    private static let pageSize = 4096

    let bytes: UnsafeMutableRawBufferPointer

    /// - Throws: ``EnvelopeError/Code/outOfMemory``
    init(_ size: Int) throws(EnvelopeError) {
        var memory: UnsafeMutableRawPointer?
        guard posix_memalign(&memory, Self.pageSize, max(size, 1)) == 0, let memory else {
            throw EnvelopeError(.outOfMemory, "there is no memory for the stream")
        }
        bytes = UnsafeMutableRawBufferPointer(start: memory, count: size)
    }

    deinit {
        LockedMemory.wipe(bytes)
        free(bytes.baseAddress)
    }

    func prefix(_ count: Int) -> UnsafeMutableRawBufferPointer {
        UnsafeMutableRawBufferPointer(rebasing: bytes[..<count])
    }
}
