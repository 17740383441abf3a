#pragma once
// System calls that the Glibc module leaves out.
#if defined(__linux__)
#include <sys/prctl.h>
#include <sys/random.h>
#include <sys/resource.h>
#include <sys/syscall.h>
#include <stdint.h>
#include <unistd.h>

// prctl(2) is variadic, which Swift cannot call.
static inline int kernel_forbid_dumping(void) { return prctl(PR_SET_DUMPABLE, 0, 0, 0, 0); }

static inline int kernel_forbid_core_files(void) {
    struct rlimit none = {0, 0};
    return setrlimit(RLIMIT_CORE, &none);
}

// Sets how the calling thread shares its core: by how much nicer than before it is, and how long it wants to go on at a time. Since Linux 6.12 a
// thread that wakes runs at once if its slice is shorter than that of the one that runs; older kernels ignore slices.
static inline int kernel_share_core(int more_niceness, uint64_t slice_nanoseconds) {
    // sched_setattr(2) of Linux 3.14, which the C library declares only since glibc 2.41.
    struct {
        uint32_t size, policy;
        uint64_t flags;
        int32_t nice;
        uint32_t priority;
        uint64_t runtime, deadline, period;
    } attributes = {sizeof(attributes), 0, 0, 0, 0, slice_nanoseconds, 0, 0};
    attributes.nice = getpriority(PRIO_PROCESS, 0) + more_niceness;
    return (int)syscall(SYS_sched_setattr, 0, &attributes, 0);
}

// Raises the limit of locked memory to what the hard limit allows.
static inline int kernel_raise_locked_memory(void) {
    struct rlimit limit;
    if (getrlimit(RLIMIT_MEMLOCK, &limit) != 0) return -1;
    limit.rlim_cur = limit.rlim_max;
    return setrlimit(RLIMIT_MEMLOCK, &limit);
}
#endif
