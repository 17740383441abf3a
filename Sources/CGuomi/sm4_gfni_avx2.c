#include "kernel.h"

#if defined(__x86_64__)

#include <immintrin.h>

#include "sm4_cpu.h"
#include "sm4_lanes.h"
#include "sm4_maps.h"
#include "sm4_words.h"

// Without a processor to tune for, clang makes two shuffles of one that it could do by PSHUFB, which makes every round longer.
#define TARGET "avx2,gfni,tune=sapphirerapids"
#pragma clang attribute push(__attribute__((target(TARGET))), apply_to = function)

#define UNROLLED _Pragma("clang loop unroll(full)")
#define INLINE static inline __attribute__((always_inline))
#define TWICE(...) _mm256_broadcastsi128_si256(_mm_set_epi64x(__VA_ARGS__))
#define MATRIX_128(matrix) _mm_set1_epi64x((long long)(matrix))
#define MATRIX(matrix) _mm256_set1_epi64x((long long)(matrix))

// Rotations of every word to the right by one, two and three bytes.
#define RIGHT_1 0x0c0f0e0d080b0a09, 0x0407060500030201
#define RIGHT_2 0x0d0c0f0e09080b0a, 0x0504070601000302
#define RIGHT_3 0x0e0d0c0f0a09080b, 0x0605040702010003

INLINE __m128i into_128(__m128i words) {
    return _mm_gf2p8affine_epi64_epi8(words, MATRIX_128(GUOMI_SM4_INTO), 0);
}

INLINE __m128i into_key_128(__m128i words) {
    return _mm_gf2p8affine_epi64_epi8(words, MATRIX_128(GUOMI_SM4_INTO), GUOMI_SM4_INTO_CONSTANT);
}

INLINE __m128i out_of_128(__m128i words) {
    return _mm_gf2p8affine_epi64_epi8(words, MATRIX_128(GUOMI_SM4_OUT_OF), 0);
}

INLINE __m256i into(__m256i words) {
    return _mm256_gf2p8affine_epi64_epi8(words, MATRIX(GUOMI_SM4_INTO), 0);
}

INLINE __m256i into_key(__m256i words) {
    return _mm256_gf2p8affine_epi64_epi8(words, MATRIX(GUOMI_SM4_INTO), GUOMI_SM4_INTO_CONSTANT);
}

INLINE __m256i out_of(__m256i words) {
    return _mm256_gf2p8affine_epi64_epi8(words, MATRIX(GUOMI_SM4_OUT_OF), 0);
}

INLINE void mix_128(__m128i part[4], __m128i sum) {
    const __m128i v = _mm_gf2p8affineinv_epi64_epi8(sum, MATRIX_128(GUOMI_SM4_V), 0);
    const __m128i w = _mm_gf2p8affineinv_epi64_epi8(sum, MATRIX_128(GUOMI_SM4_W), 0);
    const __m128i u = _mm_gf2p8affineinv_epi64_epi8(sum, MATRIX_128(GUOMI_SM4_U), GUOMI_SM4_ROUND_CONSTANT);
    part[0] = u;
    part[1] = _mm_shuffle_epi8(v, _mm_set_epi64x(RIGHT_1));
    part[2] = _mm_shuffle_epi8(v, _mm_set_epi64x(RIGHT_2));
    part[3] = _mm_shuffle_epi8(w, _mm_set_epi64x(RIGHT_3));
}

INLINE void mix(__m256i part[4], __m256i sum) {
    const __m256i v = _mm256_gf2p8affineinv_epi64_epi8(sum, MATRIX(GUOMI_SM4_V), 0);
    const __m256i w = _mm256_gf2p8affineinv_epi64_epi8(sum, MATRIX(GUOMI_SM4_W), 0);
    const __m256i u = _mm256_gf2p8affineinv_epi64_epi8(sum, MATRIX(GUOMI_SM4_U), GUOMI_SM4_ROUND_CONSTANT);
    part[0] = u;
    part[1] = _mm256_shuffle_epi8(v, TWICE(RIGHT_1));
    part[2] = _mm256_shuffle_epi8(v, TWICE(RIGHT_2));
    part[3] = _mm256_shuffle_epi8(w, TWICE(RIGHT_3));
}

INLINE void mix_schedule_128(__m128i part[4], __m128i sum) {
    part[0] = _mm_gf2p8affineinv_epi64_epi8(sum, MATRIX_128(GUOMI_SM4_SCHEDULE_0), GUOMI_SM4_SCHEDULE_CONSTANT);
    part[1] = _mm_gf2p8affineinv_epi64_epi8(sum, MATRIX_128(GUOMI_SM4_SCHEDULE_1), 0);
    part[2] = _mm_gf2p8affineinv_epi64_epi8(sum, MATRIX_128(GUOMI_SM4_SCHEDULE_2), 0);
    part[3] = _mm_gf2p8affineinv_epi64_epi8(sum, MATRIX_128(GUOMI_SM4_SCHEDULE_3), 0);
    part[1] = _mm_shuffle_epi8(part[1], _mm_set_epi64x(RIGHT_3));
    part[2] = _mm_shuffle_epi8(part[2], _mm_set_epi64x(RIGHT_2));
    part[3] = _mm_shuffle_epi8(part[3], _mm_set_epi64x(RIGHT_1));
}

#include "sm4_avx2.h"

#pragma clang attribute pop

static int is_supported(void) {
    return guomi_cpu_read().gfni_avx2;
}

const guomi_kernel guomi_gfni_avx2 = {
    .name = "gfni-avx2",
    .is_supported = is_supported,
    .set_key = set_key,
    .crypt = crypt,
    .cbc_encrypt_lanes = cbc_encrypt_lanes,
    .cbc_decrypt = cbc_decrypt,
    .ctr128 = ctr128,
    .ctr32 = ctr32,
    .ghash_set_key = guomi_ghash_pclmul_set_key,
    .ghash = guomi_ghash_pclmul,
};

#endif
