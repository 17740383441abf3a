#pragma once
// System calls that the Glibc module leaves out.
#if defined(__linux__)
#include <sys/prctl.h>
#include <sys/random.h>
#include <sys/resource.h>

// prctl(2) is variadic, which Swift cannot call.
static inline int kernel_forbid_dumping(void) { return prctl(PR_SET_DUMPABLE, 0, 0, 0, 0); }

static inline int kernel_forbid_core_files(void) {
    struct rlimit none = {0, 0};
    return setrlimit(RLIMIT_CORE, &none);
}

// Raises the limit of locked memory to what the hard limit allows.
static inline int kernel_raise_locked_memory(void) {
    struct rlimit limit;
    if (getrlimit(RLIMIT_MEMLOCK, &limit) != 0) return -1;
    limit.rlim_cur = limit.rlim_max;
    return setrlimit(RLIMIT_MEMLOCK, &limit);
}
#endif
