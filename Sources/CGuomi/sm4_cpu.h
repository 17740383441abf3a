#ifndef GUOMI_SM4_CPU_H
#define GUOMI_SM4_CPU_H

#if defined(__x86_64__)

#include <cpuid.h>
#include <stdint.h>

// What the processor and the operating system offer together. Read from CPUID directly: __builtin_cpu_supports would need a symbol
// of the compiler's run-time library, which not every way of linking brings along.
typedef struct {
    int aes_avx2;       // AES-NI, PCLMULQDQ, SSSE3, AVX2
    int gfni_avx2;      // and GFNI in its VEX form
    int gfni_avx512;    // and AVX-512 F, BW, DQ, VL, VBMI and VPCLMULQDQ
} guomi_cpu;

static inline guomi_cpu guomi_cpu_read(void) {
    guomi_cpu cpu = {0, 0, 0};
    unsigned int eax, ebx, ecx, edx;
    if (!__get_cpuid(1, &eax, &ebx, &ecx, &edx)) {
        return cpu;
    }
    // Leaf 1, ECX: 1 PCLMULQDQ, 9 SSSE3, 19 SSE4.1, 25 AES, 27 OSXSAVE, 28 AVX.
    const unsigned int first = 1u << 1 | 1u << 9 | 1u << 19 | 1u << 25 | 1u << 27 | 1u << 28;
    if ((ecx & first) != first) {
        return cpu;
    }
    // The operating system must save the registers: XCR0 bits 1 and 2 for XMM and YMM, 5 to 7 for the masks and ZMM.
    uint32_t saved, saved_high;
    __asm__ volatile("xgetbv" : "=a"(saved), "=d"(saved_high) : "c"(0));
    if ((saved & 0x06) != 0x06 || !__get_cpuid_count(7, 0, &eax, &ebx, &ecx, &edx)) {
        return cpu;
    }
    // Leaf 7, EBX: 5 AVX2, 16 AVX-512 F, 17 DQ, 30 BW, 31 VL; ECX: 1 VBMI, 8 GFNI, 10 VPCLMULQDQ.
    const unsigned int avx512 = 1u << 16 | 1u << 17 | 1u << 30 | 1u << 31;
    cpu.aes_avx2 = (ebx >> 5 & 1) != 0;
    cpu.gfni_avx2 = cpu.aes_avx2 && (ecx >> 8 & 1) != 0;
    cpu.gfni_avx512 = cpu.gfni_avx2 && (saved & 0xe6) == 0xe6 && (ebx & avx512) == avx512 && (ecx & (1u << 1)) != 0
                      && (ecx & (1u << 10)) != 0;
    return cpu;
}

#endif
#endif
