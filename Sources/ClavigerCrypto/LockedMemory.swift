import COpenSSL

#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#elseif canImport(Darwin)
    import Darwin
#endif

/// Memory for secrets: locked against swapping, left out of core dumps, wiped when given back.
///
/// Small blocks come from slabs of 64 KiB, so that a hundred thousand keys of 32 bytes cost megabytes and not a page each.
package enum LockedMemory {
    private static let slabSize = 1 << 16
    private static let blockSizes = [64, 256, 1024, 4096]

    private struct FreeLists: ~Copyable {
        var blocks: [[UnsafeMutableRawPointer]] = Array(repeating: [], count: LockedMemory.blockSizes.count)
        var lockFailed = false
    }

    // The pointers in the free lists belong to nobody else; the lock hands each to one owner.
    private static let freeLists = ForkGuarded(FreeLists(), by: .memory)

    /// Whether the kernel refused to lock some of the memory for secrets, OpenSSL's included (`RLIMIT_MEMLOCK` is too low), so that it could be
    /// swapped out.
    package static var lockWasRefused: Bool { slabLockWasRefused || SecureHeap.lockWasRefused }

    /// The same of the memory that this type hands out.
    package static var slabLockWasRefused: Bool { freeLists.withLock { $0.lockFailed } }

    static func allocate(_ count: Int) -> UnsafeMutableRawBufferPointer {
        guard let index = blockSizes.firstIndex(where: { count <= $0 }) else {
            return UnsafeMutableRawBufferPointer(start: map(roundedToPages(count)), count: count)
        }
        let address = freeLists.withLock { lists -> UInt in
            if lists.blocks[index].isEmpty {
                let slab = map(slabSize, failed: &lists.lockFailed)
                for offset in stride(from: 0, to: slabSize, by: blockSizes[index]) {
                    lists.blocks[index].append(slab + offset)
                }
            }
            return UInt(bitPattern: lists.blocks[index].removeLast())
        }
        return UnsafeMutableRawBufferPointer(start: UnsafeMutableRawPointer(bitPattern: address), count: count)
    }

    static func release(_ bytes: UnsafeMutableRawBufferPointer) {
        guard let start = bytes.baseAddress else { return }
        wipe(bytes)
        guard let index = blockSizes.firstIndex(where: { bytes.count <= $0 }) else {
            munmap(start, roundedToPages(bytes.count))
            return
        }
        let address = UInt(bitPattern: start)
        freeLists.withLock { lists in
            if let block = UnsafeMutableRawPointer(bitPattern: address) { lists.blocks[index].append(block) }
        }
    }

    /// Overwrites `bytes` with zeros in a way that the optimizer keeps.
    package static func wipe(_ bytes: UnsafeMutableRawBufferPointer) {
        OPENSSL_cleanse(bytes.baseAddress, bytes.count)
    }

    private static func roundedToPages(_ count: Int) -> Int { (count + 4095) & ~4095 }

    private static func map(_ size: Int) -> UnsafeMutableRawPointer {
        var failed = false
        let pages = map(size, failed: &failed)
        if failed { freeLists.withLock { $0.lockFailed = true } }
        return pages
    }

    private static func map(_ size: Int, failed: inout Bool) -> UnsafeMutableRawPointer {
        let pages = mmap(nil, size, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0)
        guard let pages, pages != MAP_FAILED else {
            // There is no way on without memory for the secret, as with every other allocation in Swift.
            fatalError("no memory for secrets")
        }
        if mlock(pages, size) != 0 { failed = true }
        #if os(Linux)
            madvise(pages, size, MADV_DONTDUMP)
        #endif
        return pages
    }
}
