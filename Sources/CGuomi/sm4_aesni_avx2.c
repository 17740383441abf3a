#include "kernel.h"

#if defined(__x86_64__)

#include <immintrin.h>

#include "sm4_cpu.h"
#include "sm4_lanes.h"
#include "sm4_maps.h"
#include "sm4_words.h"

// Without a processor to tune for, clang makes two shuffles of one that it could do by PSHUFB, which makes every round longer.
#define TARGET "avx2,aes,tune=haswell"
#pragma clang attribute push(__attribute__((target(TARGET))), apply_to = function)

#define UNROLLED _Pragma("clang loop unroll(full)")
#define INLINE static inline __attribute__((always_inline))
#define TWICE(...) _mm256_broadcastsi128_si256(_mm_set_epi64x(__VA_ARGS__))

// The maps of sm4_maps.h without GFNI. A linear map of a byte is the sum of the maps of its two halves, each of which PSHUFB looks
// up in a register. AESENCLAST inverts, and goes on with AES's affine map (FIPS 197, 5.1.1) and ShiftRows: U, V and the maps of the
// key schedule here are those there multiplied with the inverse of that affine map. Its constant 0x63 and the constant of the round
// are in the tables for the low halves; the latter in V's, which comes in three times, while U's comes in twice and cancels.
// Each as the high and the low eight bytes of the table.
#define INTO_LOW 0xa62a961a23af139f, 0x39b50985bc308c00
#define INTO_KEY_LOW 0x9814a8241d912da1, 0x078b37bb820eb23e
#define INTO_HIGH 0x3fe311cdfa26d408, 0x37eb19c5f22edc00
#define OUT_OF_LOW 0xf2772baedc590580, 0x72f7ab2e5cd98500
#define OUT_OF_HIGH 0xe9bcbeebadf8faaf, 0x4613114402575500
#define U_LOW 0x48ce9b1d30b6e365, 0x54d287012caaff79
#define U_HIGH 0x0ae1d63dfa1126cd, 0xc72c1bf037dceb00
#define V_LOW 0x4a994794ea39e734, 0x08db05d6a87ba576
#define V_HIGH 0xc3778a3e41f508bc, 0x7fcb3682fd49b400
#define SCHEDULE_0_LOW 0x94f1f6934c292e4b, 0x462324419efbfc99
#define SCHEDULE_0_HIGH 0x75966c8f37d42ecd, 0xb85ba142fa19e300
#define SCHEDULE_1_LOW 0x0808cdcdc5c50000, 0xebeb2e2e2626e3e3
#define SCHEDULE_1_HIGH 0x2626262600000000, 0x2626262600000000
#define SCHEDULE_2_LOW 0xec0923c6d5301aff, 0xfe1b31d4c72208ed
#define SCHEDULE_2_HIGH 0x4284ed2b2aec8543, 0x01c7ae6869afc600
#define SCHEDULE_3_LOW 0x6a69888b1013f2f1, 0x2427c6c55e5dbcbf
#define SCHEDULE_3_HIGH 0x82b533046d5adceb, 0x695ed8ef86b13700

// ShiftRows undone, and then a rotation of every word to the right by so many bytes.
#define RIGHT_0 0x0306090c0f020508, 0x0b0e0104070a0d00
#define RIGHT_1 0x0c030609080f0205, 0x040b0e0100070a0d
#define RIGHT_2 0x090c030605080f02, 0x01040b0e0d00070a
#define RIGHT_3 0x06090c030205080f, 0x0e01040b0a0d0007

typedef struct {
    __m128i low, high;
} halves_128;

typedef struct {
    __m256i low, high;
} halves;

INLINE halves_128 split_128(__m128i bytes) {
    const __m128i low = _mm_set1_epi8(0x0f);
    return (halves_128){bytes & low, _mm_srli_epi32(bytes, 4) & low};
}

INLINE halves split(__m256i bytes) {
    const __m256i low = _mm256_set1_epi8(0x0f);
    return (halves){bytes & low, _mm256_srli_epi32(bytes, 4) & low};
}

INLINE __m128i map_128(halves_128 bytes, __m128i low, __m128i high) {
    return _mm_shuffle_epi8(low, bytes.low) ^ _mm_shuffle_epi8(high, bytes.high);
}

INLINE __m256i map(halves bytes, __m256i low, __m256i high) {
    return _mm256_shuffle_epi8(low, bytes.low) ^ _mm256_shuffle_epi8(high, bytes.high);
}

INLINE __m128i into_128(__m128i words) {
    return map_128(split_128(words), _mm_set_epi64x(INTO_LOW), _mm_set_epi64x(INTO_HIGH));
}

INLINE __m128i into_key_128(__m128i words) {
    return map_128(split_128(words), _mm_set_epi64x(INTO_KEY_LOW), _mm_set_epi64x(INTO_HIGH));
}

INLINE __m128i out_of_128(__m128i words) {
    return map_128(split_128(words), _mm_set_epi64x(OUT_OF_LOW), _mm_set_epi64x(OUT_OF_HIGH));
}

INLINE __m256i into(__m256i words) {
    return map(split(words), TWICE(INTO_LOW), TWICE(INTO_HIGH));
}

INLINE __m256i into_key(__m256i words) {
    return map(split(words), TWICE(INTO_KEY_LOW), TWICE(INTO_HIGH));
}

INLINE __m256i out_of(__m256i words) {
    return map(split(words), TWICE(OUT_OF_LOW), TWICE(OUT_OF_HIGH));
}

INLINE void mix_128(__m128i part[4], __m128i sum) {
    const halves_128 inverse = split_128(_mm_aesenclast_si128(sum, _mm_setzero_si128()));
    const __m128i u = map_128(inverse, _mm_set_epi64x(U_LOW), _mm_set_epi64x(U_HIGH));
    const __m128i v = map_128(inverse, _mm_set_epi64x(V_LOW), _mm_set_epi64x(V_HIGH));
    part[0] = _mm_shuffle_epi8(v, _mm_set_epi64x(RIGHT_1));
    part[1] = _mm_shuffle_epi8(v, _mm_set_epi64x(RIGHT_2));
    part[2] = _mm_shuffle_epi8(u, _mm_set_epi64x(RIGHT_0));
    part[3] = _mm_shuffle_epi8(u ^ v, _mm_set_epi64x(RIGHT_3));
}

INLINE void mix(__m256i part[4], __m256i sum) {
    const __m128i zero = _mm_setzero_si128();
    const __m128i first = _mm_aesenclast_si128(_mm256_castsi256_si128(sum), zero);
    const __m128i second = _mm_aesenclast_si128(_mm256_extracti128_si256(sum, 1), zero);
    const halves inverse = split(_mm256_set_m128i(second, first));
    const __m256i u = map(inverse, TWICE(U_LOW), TWICE(U_HIGH)), v = map(inverse, TWICE(V_LOW), TWICE(V_HIGH));
    part[0] = _mm256_shuffle_epi8(v, TWICE(RIGHT_1));
    part[1] = _mm256_shuffle_epi8(v, TWICE(RIGHT_2));
    part[2] = _mm256_shuffle_epi8(u, TWICE(RIGHT_0));
    part[3] = _mm256_shuffle_epi8(u ^ v, TWICE(RIGHT_3));
}

INLINE void mix_schedule_128(__m128i part[4], __m128i sum) {
    const halves_128 inverse = split_128(_mm_aesenclast_si128(sum, _mm_setzero_si128()));
    part[0] = map_128(inverse, _mm_set_epi64x(SCHEDULE_0_LOW), _mm_set_epi64x(SCHEDULE_0_HIGH));
    part[1] = map_128(inverse, _mm_set_epi64x(SCHEDULE_1_LOW), _mm_set_epi64x(SCHEDULE_1_HIGH));
    part[2] = map_128(inverse, _mm_set_epi64x(SCHEDULE_2_LOW), _mm_set_epi64x(SCHEDULE_2_HIGH));
    part[3] = map_128(inverse, _mm_set_epi64x(SCHEDULE_3_LOW), _mm_set_epi64x(SCHEDULE_3_HIGH));
    part[0] = _mm_shuffle_epi8(part[0], _mm_set_epi64x(RIGHT_0));
    part[1] = _mm_shuffle_epi8(part[1], _mm_set_epi64x(RIGHT_3));
    part[2] = _mm_shuffle_epi8(part[2], _mm_set_epi64x(RIGHT_2));
    part[3] = _mm_shuffle_epi8(part[3], _mm_set_epi64x(RIGHT_1));
}

#include "sm4_avx2.h"

#pragma clang attribute pop

static int is_supported(void) {
    return guomi_cpu_read().aes_avx2;
}

const guomi_kernel guomi_aesni_avx2 = {
    .name = "aesni-avx2",
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
