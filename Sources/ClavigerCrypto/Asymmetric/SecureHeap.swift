import COpenSSL

/// OpenSSL's own locked memory, in which it keeps private scalars and the temporary numbers of its computations with curves.
enum SecureHeap {
    /// Room for some ten thousand scalars.
    private static let size = 4 << 20
    private static let smallestBlock = 32

    private static let outcome = CRYPTO_secure_malloc_init(size, smallestBlock)

    /// Sets the heap up, once; without it OpenSSL takes ordinary memory, which is no reason to stop.
    static func prepare() { _ = outcome }

    /// Whether there is no such heap, or the kernel refused to lock it (`RLIMIT_MEMLOCK` is too low).
    static var lockWasRefused: Bool { outcome != 1 }
}
