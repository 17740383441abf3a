// GHASH (NIST SP 800-38D, 6.4) by VPCLMULQDQ over 512 bits, which is four blocks. Numbers, powers and reduction are as in
// ghash_pclmul.c; `powers` holds H^32 to H^1 in this order.

#include "kernel.h"

#if defined(__x86_64__)
#include <immintrin.h>

#define POWERS 32

#pragma clang attribute push(__attribute__((target("avx512f,avx512bw,avx512dq,avx512vl,pclmul,vpclmulqdq"))), apply_to = function)

// A sum of products: times 1, x^64 and x^128.
typedef struct {
    __m512i low, middle, high;
} sum512;

static inline __m128i load128(const uint8_t *bytes) {
    return _mm_loadu_si128((const __m128i *) (const void *) bytes);
}

static inline __m128i reverse128(__m128i block) {
    return _mm_shuffle_epi8(block, _mm_set_epi8(0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15));
}

static inline __m512i load(const uint8_t *bytes) {
    return _mm512_loadu_si512((const void *) bytes);
}

static inline __m512i reverse(__m512i blocks) {
    return _mm512_shuffle_epi8(blocks, _mm512_broadcast_i32x4(_mm_set_epi8(0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15)));
}

static inline __m512i xor3(__m512i first, __m512i second, __m512i third) {
    return _mm512_ternarylogic_epi64(first, second, third, 0x96);
}

static inline sum512 product(__m512i left, __m512i right) {
    sum512 sum;
    sum.low = _mm512_clmulepi64_epi128(left, right, 0x00);
    sum.middle = _mm512_xor_si512(_mm512_clmulepi64_epi128(left, right, 0x01), _mm512_clmulepi64_epi128(left, right, 0x10));
    sum.high = _mm512_clmulepi64_epi128(left, right, 0x11);
    return sum;
}

static inline void add_product(sum512 *sum, __m512i left, __m512i right) {
    sum->low = _mm512_xor_si512(sum->low, _mm512_clmulepi64_epi128(left, right, 0x00));
    sum->middle =
        xor3(sum->middle, _mm512_clmulepi64_epi128(left, right, 0x01), _mm512_clmulepi64_epi128(left, right, 0x10));
    sum->high = _mm512_xor_si512(sum->high, _mm512_clmulepi64_epi128(left, right, 0x11));
}

static inline __m512i reduce(const sum512 *sum) {
    __m512i folding = _mm512_set1_epi64((long long) 0xc200000000000000);
    __m512i folded = _mm512_clmulepi64_epi128(folding, sum->low, 0x00);
    __m512i middle = xor3(sum->middle, _mm512_shuffle_epi32(sum->low, _MM_PERM_BADC), folded);
    folded = _mm512_clmulepi64_epi128(folding, middle, 0x00);
    return xor3(sum->high, _mm512_shuffle_epi32(middle, _MM_PERM_BADC), folded);
}

static inline __m128i fold(__m512i blocks) {
    __m256i two = _mm256_xor_si256(_mm512_castsi512_si256(blocks), _mm512_extracti64x4_epi64(blocks, 1));
    return _mm_xor_si128(_mm256_castsi256_si128(two), _mm256_extracti128_si256(two, 1));
}

static inline __m512i multiply(__m512i left, __m512i right) {
    sum512 sum = product(left, right);
    return reduce(&sum);
}

void guomi_ghash_vpclmul512_set_key(uint8_t *powers, const uint8_t hash_key[16]) {
    // Divided by x: 1 / x = x^127 + x^6 + x + 1. The mask is made of the sign, without a branch.
    __m128i key = reverse128(load128(hash_key));
    __m128i carry = _mm_srli_epi64(key, 63);
    __m128i mask = _mm_sub_epi64(_mm_setzero_si128(), _mm_unpackhi_epi64(carry, carry));
    __m128i divided = _mm_or_si128(_mm_add_epi64(key, key), _mm_slli_si128(carry, 8));
    divided = _mm_xor_si128(divided, _mm_and_si128(mask, _mm_set_epi64x((long long) 0xc200000000000000, 1)));

    // H^2, H, H^2, H: the first two of them times H^2 are H^4 and H^3, the others stay.
    __m512i first = _mm512_broadcast_i32x4(divided);
    __m512i second = multiply(first, first);
    __m512i pair = _mm512_mask_blend_epi64(0x33, first, second);
    __m512i four = _mm512_mask_blend_epi64(0x0f, pair, multiply(pair, second));
    __m512i fourth = _mm512_shuffle_i64x2(four, four, 0x00);
    __m512i eight = multiply(four, fourth);
    __m512i eighth = _mm512_shuffle_i64x2(eight, eight, 0x00);
    __m512i twelve = multiply(four, eighth);
    __m512i sixteen = multiply(eight, eighth);
    __m512i sixteenth = _mm512_shuffle_i64x2(sixteen, sixteen, 0x00);
    _mm512_storeu_si512((void *) (powers + 448), four);
    _mm512_storeu_si512((void *) (powers + 384), eight);
    _mm512_storeu_si512((void *) (powers + 320), twelve);
    _mm512_storeu_si512((void *) (powers + 256), sixteen);
    _mm512_storeu_si512((void *) (powers + 192), multiply(four, sixteenth));
    _mm512_storeu_si512((void *) (powers + 128), multiply(eight, sixteenth));
    _mm512_storeu_si512((void *) (powers + 64), multiply(twelve, sixteenth));
    _mm512_storeu_si512((void *) powers, multiply(sixteen, sixteenth));
}

void guomi_ghash_vpclmul512(const uint8_t *powers, uint8_t hash[16], const uint8_t *input, size_t blocks) {
    __m128i value = reverse128(load128(hash));
    for (; blocks >= POWERS; blocks -= POWERS, input += POWERS * 16) {
        sum512 sum = product(_mm512_xor_si512(_mm512_zextsi128_si512(value), reverse(load(input))), load(powers));
#pragma clang loop unroll(full)
        for (size_t index = 64; index < POWERS * 16; index += 64) {
            add_product(&sum, reverse(load(input + index)), load(powers + index));
        }
        value = fold(reduce(&sum));
    }
    if (blocks > 0) {
        const uint8_t *power = powers + (POWERS - blocks) * 16;
        __m512i carried = _mm512_zextsi128_si512(value);
        sum512 sum = {_mm512_setzero_si512(), _mm512_setzero_si512(), _mm512_setzero_si512()};
        for (; blocks >= 4; blocks -= 4, input += 64, power += 64) {
            add_product(&sum, _mm512_xor_si512(carried, reverse(load(input))), load(power));
            carried = _mm512_setzero_si512();
        }
        if (blocks > 0) {
            __mmask8 mask = (__mmask8) ((1u << 2 * blocks) - 1);
            __m512i last = reverse(_mm512_maskz_loadu_epi64(mask, (const void *) input));
            add_product(&sum, _mm512_xor_si512(carried, last), _mm512_maskz_loadu_epi64(mask, (const void *) power));
        }
        value = fold(reduce(&sum));
    }
    _mm_storeu_si128((__m128i *) (void *) hash, reverse128(value));
}

#pragma clang attribute pop
#endif
