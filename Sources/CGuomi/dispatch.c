#include "kernel.h"

#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>

#include "sm4_cpu.h"

static const char *const names[GUOMI_KERNEL_COUNT] = {"gfni-avx512", "gfni-avx2", "aesni-avx2", "portable"};

// The kernels from the fastest down; NULL is one that was not built for this architecture.
static const guomi_kernel *const kernels[GUOMI_KERNEL_COUNT] = {
#if defined(__x86_64__)
    &guomi_gfni_avx512, &guomi_gfni_avx2, &guomi_aesni_avx2,
#else
    NULL, NULL, NULL,
#endif
    &guomi_portable,
};

// NULL until the first call asks.
static _Atomic(const guomi_kernel *) current;

static const guomi_kernel *find(const char *name) {
    for (size_t index = 0; index < GUOMI_KERNEL_COUNT; index++) {
        if (strcmp(names[index], name) == 0) {
            return guomi_kernel_is_supported(index) ? kernels[index] : NULL;
        }
    }
    return NULL;
}

static const guomi_kernel *choose(void) {
    const char *wanted = getenv("CLAVIGER_SM4_KERNEL");
    const guomi_kernel *kernel = wanted == NULL ? NULL : find(wanted);
    for (size_t index = 0; kernel == NULL; index++) {
        if (guomi_kernel_is_supported(index)) {
            kernel = kernels[index];
        }
    }
    return kernel;
}

const guomi_kernel *guomi_current_kernel(void) {
    const guomi_kernel *kernel = atomic_load_explicit(&current, memory_order_acquire);
    if (kernel == NULL) {
        const guomi_kernel *chosen = choose();
        // Where two threads come here at once the first decides, and a guomi_use_kernel in between stays.
        if (atomic_compare_exchange_strong(&current, &kernel, chosen)) {
            kernel = chosen;
        }
    }
    return kernel;
}

const char *guomi_kernel_name(size_t index) {
    return index < GUOMI_KERNEL_COUNT ? names[index] : NULL;
}

int guomi_kernel_is_supported(size_t index) {
    return index < GUOMI_KERNEL_COUNT && kernels[index] != NULL && kernels[index]->is_supported();
}

const char *guomi_kernel_in_use(void) {
    return guomi_current_kernel()->name;
}

int guomi_use_kernel(const char *name) {
    const guomi_kernel *kernel = find(name);
    if (kernel == NULL) {
        return -1;
    }
    atomic_store_explicit(&current, kernel, memory_order_release);
    return 0;
}

void guomi_wipe(void *bytes, size_t count) {
    memset(bytes, 0, count);
    // To the compiler this may read the memory, so that the zeros must be there.
    __asm__ volatile("" : : "r"(bytes) : "memory");
}
