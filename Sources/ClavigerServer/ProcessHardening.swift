package import ClavigerCrypto

#if os(Linux)
    import CKernel
#endif
#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#elseif canImport(Darwin)
    import Darwin
#endif

/// What the process does to itself so that secrets stay in its memory.
package enum ProcessHardening {
    /// Turns core dumps and the reading of this process's memory by others off, and makes new files private.
    package static func apply() {
        #if os(Linux)
            forbidCoreFiles()
            _ = kernel_forbid_dumping()
            _ = kernel_raise_locked_memory()
            umask(0o077)
        #endif
    }

    /// Lets no signal write this process's memory into a file.
    package static func forbidCoreFiles() {
        #if os(Linux)
            _ = kernel_forbid_core_files()
        #endif
    }

    /// Takes a secret out of the environment, and wipes it where the kernel put it, which `/proc` shows for as long as the process lives.
    package static func takeVariable(_ name: String) -> KeyMaterial? {
        guard let value = getenv(name) else { return nil }
        let bytes = UnsafeMutableRawBufferPointer(start: value, count: strlen(value))
        let material = bytes.isEmpty ? nil : KeyMaterial(copying: UnsafeRawBufferPointer(bytes))
        LockedMemory.wipe(bytes)
        unsetenv(name)
        return material
    }
}
