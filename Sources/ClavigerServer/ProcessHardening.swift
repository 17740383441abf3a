#if os(Linux)
    import CKernel
    import Glibc
#endif

/// What the process does to itself so that secrets stay in its memory.
package enum ProcessHardening {
    /// Turns core dumps and the reading of this process's memory by others off, and makes new files private.
    package static func apply() {
        #if os(Linux)
            _ = kernel_forbid_core_files()
            _ = kernel_forbid_dumping()
            _ = kernel_raise_locked_memory()
            umask(0o077)
        #endif
    }

    /// Takes a variable out of the environment and wipes it where the kernel put it, which `/proc` shows for as long as the process lives.
    package static func forgetVariable(_ name: String) {
        #if os(Linux)
            if let value = getenv(name) { explicit_bzero(value, strlen(value)) }
            unsetenv(name)
        #endif
    }
}
