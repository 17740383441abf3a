// GHASH (NIST SP 800-38D, 6.4) by PCLMULQDQ over 128 bits, and over 256 where the processor has VPCLMULQDQ.
//
// A block is read as a big-endian number, so that the coefficient of x^i is bit 127 - i. The powers are kept divided by x, which
// puts the product of two such numbers where the reduction wants it. The reduction folds the lower 64 bits twice, by the reflected
// x^128 + x^127 + x^126 + x^121 + 1 (Gueron, Kounavis: Intel carry-less multiplication instruction and its usage for computing the
// GCM mode). `powers` holds H^16 to H^1 in this order, without VPCLMULQDQ only the last eight; blocks are multiplied by a power
// each, and their sum is reduced once.

#include "kernel.h"

#if defined(__x86_64__)
#include <cpuid.h>
#include <immintrin.h>
#include <stdatomic.h>

#define POWERS 16

// Whether there is VPCLMULQDQ; that the system keeps 256-bit registers was asked before a kernel with AVX2 was chosen.
static int is_wide(void) {
    static _Atomic int known = 0;
    int answer = atomic_load_explicit(&known, memory_order_relaxed);
    if (answer == 0) {
        unsigned a = 0, b = 0, c = 0, d = 0;
        answer = __get_cpuid_count(7, 0, &a, &b, &c, &d) && c & 1u << 10 ? 1 : -1;
        atomic_store_explicit(&known, answer, memory_order_relaxed);
    }
    return answer > 0;
}

#pragma clang attribute push(__attribute__((target("avx2,pclmul"))), apply_to = function)

static inline __m128i reverse(__m128i block) {
    return _mm_shuffle_epi8(block, _mm_set_epi8(0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15));
}

static inline __m128i load(const uint8_t *bytes) {
    return _mm_loadu_si128((const __m128i *) (const void *) bytes);
}

static inline void store(uint8_t *bytes, __m128i block) {
    _mm_storeu_si128((__m128i *) (void *) bytes, block);
}

// A sum of products: times 1, x^64 and x^128.
typedef struct {
    __m128i low, middle, high;
} sum128;

static inline void add_product128(sum128 *sum, __m128i left, __m128i right) {
    sum->low = _mm_xor_si128(sum->low, _mm_clmulepi64_si128(left, right, 0x00));
    sum->middle = _mm_xor_si128(sum->middle, _mm_clmulepi64_si128(left, right, 0x01));
    sum->middle = _mm_xor_si128(sum->middle, _mm_clmulepi64_si128(left, right, 0x10));
    sum->high = _mm_xor_si128(sum->high, _mm_clmulepi64_si128(left, right, 0x11));
}

static inline __m128i reduce128(const sum128 *sum) {
    __m128i folding = _mm_set_epi64x(0, (long long) 0xc200000000000000);
    __m128i folded = _mm_clmulepi64_si128(folding, sum->low, 0x00);
    __m128i middle = _mm_xor_si128(sum->middle, _mm_xor_si128(_mm_shuffle_epi32(sum->low, 0x4e), folded));
    folded = _mm_clmulepi64_si128(folding, middle, 0x00);
    return _mm_xor_si128(sum->high, _mm_xor_si128(_mm_shuffle_epi32(middle, 0x4e), folded));
}

static inline __m128i multiply(__m128i left, __m128i right) {
    sum128 sum = {_mm_setzero_si128(), _mm_setzero_si128(), _mm_setzero_si128()};
    add_product128(&sum, left, right);
    return reduce128(&sum);
}

static void hash128(const uint8_t *powers, uint8_t hash[16], const uint8_t *input, size_t blocks) {
    __m128i value = reverse(load(hash));
    while (blocks > 0) {
        size_t count = blocks < 8 ? blocks : 8;
        const uint8_t *power = powers + (POWERS - count) * 16;
        sum128 sum = {_mm_setzero_si128(), _mm_setzero_si128(), _mm_setzero_si128()};
        if (count == 8) {
            add_product128(&sum, _mm_xor_si128(value, reverse(load(input))), load(power));
#pragma clang loop unroll(full)
            for (size_t index = 1; index < 8; index++) {
                add_product128(&sum, reverse(load(input + 16 * index)), load(power + 16 * index));
            }
        } else {
            add_product128(&sum, _mm_xor_si128(value, reverse(load(input))), load(power));
            for (size_t index = 1; index < count; index++) {
                add_product128(&sum, reverse(load(input + 16 * index)), load(power + 16 * index));
            }
        }
        value = reduce128(&sum);
        input += count * 16;
        blocks -= count;
    }
    store(hash, reverse(value));
}

void guomi_ghash_pclmul_set_key(uint8_t *powers, const uint8_t hash_key[16]) {
    // Divided by x: 1 / x = x^127 + x^6 + x + 1. The mask is made of the sign, without a branch.
    __m128i key = reverse(load(hash_key));
    __m128i carry = _mm_srli_epi64(key, 63);
    __m128i mask = _mm_sub_epi64(_mm_setzero_si128(), _mm_unpackhi_epi64(carry, carry));
    __m128i first = _mm_or_si128(_mm_add_epi64(key, key), _mm_slli_si128(carry, 8));
    first = _mm_xor_si128(first, _mm_and_si128(mask, _mm_set_epi64x((long long) 0xc200000000000000, 1)));

    __m128i second = multiply(first, first);
    __m128i third = multiply(second, first);
    __m128i fourth = multiply(second, second);
    uint8_t *end = powers + POWERS * 16;
    store(end - 16, first);
    store(end - 32, second);
    store(end - 48, third);
    store(end - 64, fourth);
    store(end - 80, multiply(fourth, first));
    store(end - 96, multiply(fourth, second));
    store(end - 112, multiply(fourth, third));
    __m128i eighth = multiply(fourth, fourth);
    store(end - 128, eighth);
    if (is_wide()) {
        for (size_t back = 16; back <= 128; back += 16) {
            store(end - 128 - back, multiply(eighth, load(end - back)));
        }
    }
}

#pragma clang attribute pop

#pragma clang attribute push(__attribute__((target("avx2,pclmul,vpclmulqdq"))), apply_to = function)

typedef struct {
    __m256i low, middle, high;
} sum256;

static inline __m256i load256(const uint8_t *bytes) {
    return _mm256_loadu_si256((const __m256i *) (const void *) bytes);
}

static inline __m256i reverse256(__m256i blocks) {
    __m128i order = _mm_set_epi8(0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15);
    return _mm256_shuffle_epi8(blocks, _mm256_broadcastsi128_si256(order));
}

static inline void add_product256(sum256 *sum, __m256i left, __m256i right) {
    sum->low = _mm256_xor_si256(sum->low, _mm256_clmulepi64_epi128(left, right, 0x00));
    sum->middle = _mm256_xor_si256(sum->middle, _mm256_clmulepi64_epi128(left, right, 0x01));
    sum->middle = _mm256_xor_si256(sum->middle, _mm256_clmulepi64_epi128(left, right, 0x10));
    sum->high = _mm256_xor_si256(sum->high, _mm256_clmulepi64_epi128(left, right, 0x11));
}

static inline __m128i reduce256(const sum256 *sum) {
    __m256i folding = _mm256_set1_epi64x((long long) 0xc200000000000000);
    __m256i folded = _mm256_clmulepi64_epi128(folding, sum->low, 0x00);
    __m256i middle = _mm256_xor_si256(sum->middle, _mm256_xor_si256(_mm256_shuffle_epi32(sum->low, 0x4e), folded));
    folded = _mm256_clmulepi64_epi128(folding, middle, 0x00);
    __m256i both = _mm256_xor_si256(sum->high, _mm256_xor_si256(_mm256_shuffle_epi32(middle, 0x4e), folded));
    return _mm_xor_si128(_mm256_castsi256_si128(both), _mm256_extracti128_si256(both, 1));
}

static void hash256(const uint8_t *powers, uint8_t hash[16], const uint8_t *input, size_t blocks) {
    __m128i value = reverse(load(hash));
    while (blocks > 0) {
        size_t count = blocks < POWERS ? blocks : POWERS;
        const uint8_t *power = powers + (POWERS - count) * 16;
        __m256i carried = _mm256_zextsi128_si256(value);
        sum256 sum = {_mm256_setzero_si256(), _mm256_setzero_si256(), _mm256_setzero_si256()};
        if (count == POWERS) {
            add_product256(&sum, _mm256_xor_si256(carried, reverse256(load256(input))), load256(power));
#pragma clang loop unroll(full)
            for (size_t index = 2; index < POWERS; index += 2) {
                add_product256(&sum, reverse256(load256(input + 16 * index)), load256(power + 16 * index));
            }
        } else {
            size_t index = 0;
            for (; index + 2 <= count; index += 2) {
                __m256i two = reverse256(load256(input + 16 * index));
                add_product256(&sum, _mm256_xor_si256(carried, two), load256(power + 16 * index));
                carried = _mm256_setzero_si256();
            }
            if (index < count) {
                __m256i block = _mm256_zextsi128_si256(reverse(load(input + 16 * index)));
                add_product256(&sum, _mm256_xor_si256(carried, block), _mm256_zextsi128_si256(load(power + 16 * index)));
            }
        }
        value = reduce256(&sum);
        input += count * 16;
        blocks -= count;
    }
    store(hash, reverse(value));
}

#pragma clang attribute pop

void guomi_ghash_pclmul(const uint8_t *powers, uint8_t hash[16], const uint8_t *input, size_t blocks) {
    if (is_wide()) {
        hash256(powers, hash, input, blocks);
    } else {
        hash128(powers, hash, input, blocks);
    }
}
#endif
