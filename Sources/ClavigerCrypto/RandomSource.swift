import CKernel
import Synchronization

#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#elseif canImport(Darwin)
    import Darwin
#endif

/// The kernel's cryptographic generator, read in blocks of 4 KiB because a system call per request costs more than the request.
///
/// Bytes are wiped from the block as they are handed out, and none is handed out twice.
package final class RandomSource: Sendable {
    private static let blockSize = 4096

    private struct Block: ~Copyable {
        let bytes = LockedMemory.allocate(RandomSource.blockSize)
        var next = RandomSource.blockSize
        deinit { LockedMemory.release(bytes) }
    }

    private let block = Mutex(Block())

    package init() {}

    /// Fills `target` with random bytes.
    package func fill(_ target: UnsafeMutableRawBufferPointer) {
        guard target.count <= Self.blockSize / 4 else { return Self.read(into: target) }
        let address = UInt(bitPattern: target.baseAddress)
        let count = target.count
        block.withLock { block in
            if block.next + count > Self.blockSize {
                Self.read(into: block.bytes)
                block.next = 0
            }
            let source = UnsafeMutableRawBufferPointer(rebasing: block.bytes[block.next..<block.next + count])
            UnsafeMutableRawBufferPointer(start: UnsafeMutableRawPointer(bitPattern: address), count: count)
                .copyMemory(from: UnsafeRawBufferPointer(source))
            LockedMemory.wipe(source)
            block.next += count
        }
    }

    /// Fills `target` from the kernel for this call alone.
    ///
    /// For salts and IVs: a copy of a virtual machine goes on with the same block of 4 KiB, but not with the same kernel's generator.
    package func fillFresh(_ target: UnsafeMutableRawBufferPointer) { Self.read(into: target) }

    /// Random bytes that are no secret, such as a salt, read from the kernel for this call alone.
    package func bytes(_ count: Int) -> [UInt8] {
        [UInt8](unsafeUninitializedCapacity: count) { buffer, initialized in
            Self.read(into: UnsafeMutableRawBufferPointer(buffer))
            initialized = count
        }
    }

    /// Random secret bytes, read from the kernel for this call alone.
    package func material(_ count: Int) -> KeyMaterial {
        KeyMaterial(count: count) { Self.read(into: $0) }
    }

    /// A random UUID for what is stored: version 4, RFC 9562 section 5.4.
    package func uuid() -> UInt128 {
        var value: UInt128 = 0
        withUnsafeMutableBytes(of: &value) { Self.read(into: $0) }
        return Self.marked(value)
    }

    /// A random UUID for what only has a name, such as a request.
    package func bufferedUUID() -> UInt128 {
        var value: UInt128 = 0
        withUnsafeMutableBytes(of: &value) { fill($0) }
        return Self.marked(value)
    }

    private static func marked(_ random: UInt128) -> UInt128 {
        var value = random
        value &= ~(UInt128(0xF) << 76) & ~(UInt128(0x3) << 62)
        return value | UInt128(0x4) << 76 | UInt128(0x2) << 62
    }

    private static func read(into target: UnsafeMutableRawBufferPointer) {
        var filled = 0
        while filled < target.count {
            let rest = UnsafeMutableRawBufferPointer(rebasing: target[filled...])
            #if os(Linux)
                let got = getrandom(rest.baseAddress, rest.count, 0)
            #else
                let got = getentropy(rest.baseAddress!, min(rest.count, 256)) == 0 ? min(rest.count, 256) : -1
            #endif
            guard got > 0 else {
                // getrandom without flags fails only when interrupted, or where the system call does not exist.
                guard errno == EINTR else { fatalError("the kernel gives no random bytes") }
                continue
            }
            filled += got
        }
    }
}
