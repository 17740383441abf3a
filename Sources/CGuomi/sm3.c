// The compression function of SM3 (GB/T 32905-2016, 5.3).
//
// What limits it is the way from one round's E to the next one's: seven operations that must wait for each other. Everything else
// is arranged around them: sums begin with what is known early, and the words of the message are expanded by vector instructions,
// three rounds of four ahead of their use.

#include "kernel.h"

#if defined(__x86_64__)
#include <cpuid.h>
#include <immintrin.h>
#include <stdatomic.h>
#endif

// The words of one block: W, and W' = W[j] ^ W[j + 4].
typedef struct {
    uint32_t first[68];
    uint32_t second[64];
} message;

// Keeps the compiler from changing the order of a sum, which it would do without regard to what is known when.
#define FIX(word) __asm__("" : "+r"(word))

static inline __attribute__((always_inline)) uint32_t rotate(uint32_t word, unsigned bits) {
    return word << (bits & 31) | word >> (-bits & 31);
}

// One round. Instead of all eight words moving on, the next round names them by other letters: what `h` holds then is called E.
#define ROUND(a, b, c, d, e, f, g, h, index) \
    do { \
        uint32_t turned = rotate(a, 12); \
        uint32_t sum = turned + rotate((index) < 16 ? 0x79cc4519 : 0x7a879d8a, (index) % 32); \
        FIX(sum); \
        sum = rotate(sum + e, 7); \
        h += words->first[index]; \
        FIX(h); \
        d += words->second[index]; \
        FIX(d); \
        if ((index) < 16) { \
            h += e ^ f ^ g; \
            d += a ^ b ^ c; \
        } else { \
            /* The two parts have no bit in common, so that they may be added one by one. */ \
            h += e & f; \
            FIX(h); \
            h += ~e & g; \
            d += a & b; \
            FIX(d); \
            d += (a ^ b) & c; \
        } \
        FIX(h); \
        FIX(d); \
        h += sum; \
        d += sum ^ turned; \
        b = rotate(b, 9); \
        f = rotate(f, 19); \
        h ^= rotate(h, 9) ^ rotate(h, 17); \
    } while (0)

#define FOUR_ROUNDS(index) \
    do { \
        ROUND(a, b, c, d, e, f, g, h, index); \
        ROUND(d, a, b, c, h, e, f, g, index + 1); \
        ROUND(c, d, a, b, g, h, e, f, index + 2); \
        ROUND(b, c, d, a, f, g, h, e, index + 3); \
    } while (0)

static inline uint32_t load(const uint8_t *bytes) {
    return (uint32_t) bytes[0] << 24 | (uint32_t) bytes[1] << 16 | (uint32_t) bytes[2] << 8 | bytes[3];
}

#define BEGIN \
    uint32_t a = state[0], b = state[1], c = state[2], d = state[3]; \
    uint32_t e = state[4], f = state[5], g = state[6], h = state[7]

#define END \
    state[0] ^= a; \
    state[1] ^= b; \
    state[2] ^= c; \
    state[3] ^= d; \
    state[4] ^= e; \
    state[5] ^= f; \
    state[6] ^= g; \
    state[7] ^= h

static void compress_portable(uint32_t state[8], message *words, const uint8_t *input, size_t blocks) {
    for (; blocks > 0; blocks--, input += 64) {
        uint32_t *word = words->first;
        for (size_t index = 0; index < 16; index++) {
            word[index] = load(input + 4 * index);
        }
        for (size_t index = 16; index < 68; index++) {
            uint32_t sum = word[index - 16] ^ word[index - 9] ^ rotate(word[index - 3], 15);
            word[index] = sum ^ rotate(sum, 15) ^ rotate(sum, 23) ^ rotate(word[index - 13], 7) ^ word[index - 6];
        }
        for (size_t index = 0; index < 64; index++) {
            words->second[index] = word[index] ^ word[index + 4];
        }
        BEGIN;
#pragma clang loop unroll(full)
        for (unsigned index = 0; index < 64; index += 4) {
            FOUR_ROUNDS(index);
        }
        END;
    }
}

#if defined(__x86_64__)

// The vector code: four words at a time. In W[j + 3] = P1(W[j - 13] ^ W[j - 6] ^ (W[j] <<< 15)) ^ (W[j - 10] <<< 7) ^ W[j - 3] the
// part with W[j], which is not known yet, is added at the end: P1 is linear.
#define COMPRESS(name, ROTATE, XOR3) \
    static void name(uint32_t state[8], message *words, const uint8_t *input, size_t blocks) { \
        const __m128i reversed = _mm_set_epi8(12, 13, 14, 15, 8, 9, 10, 11, 4, 5, 6, 7, 0, 1, 2, 3); \
        for (; blocks > 0; blocks--, input += 64) { \
            __m128i four[17]; \
            for (size_t index = 0; index < 4; index++) { \
                __m128i bytes = _mm_loadu_si128((const __m128i *) (const void *) (input + 16 * index)); \
                four[index] = _mm_shuffle_epi8(bytes, reversed); \
                _mm_storeu_si128((__m128i *) (void *) (words->first + 4 * index), four[index]); \
            } \
            for (size_t index = 0; index < 3; index++) { \
                __m128i both = _mm_xor_si128(four[index], four[index + 1]); \
                _mm_storeu_si128((__m128i *) (void *) (words->second + 4 * index), both); \
            } \
            BEGIN; \
            _Pragma("clang loop unroll(full)") for (unsigned index = 0; index < 64; index += 4) { \
                if (index < 52) { \
                    const __m128i *back = four + index / 4; \
                    __m128i nine = _mm_alignr_epi8(back[2], back[1], 12); \
                    __m128i thirteen = _mm_alignr_epi8(back[1], back[0], 12); \
                    __m128i six = _mm_alignr_epi8(back[3], back[2], 8); \
                    __m128i three = _mm_srli_si128(back[3], 4); \
                    __m128i sum = XOR3(back[0], nine, ROTATE(three, 15)); \
                    __m128i rest = _mm_xor_si128(six, ROTATE(thirteen, 7)); \
                    __m128i next = _mm_xor_si128(rest, XOR3(sum, ROTATE(sum, 15), ROTATE(sum, 23))); \
                    __m128i late = _mm_slli_si128(next, 12); \
                    late = XOR3(ROTATE(late, 15), ROTATE(late, 30), ROTATE(late, 6)); \
                    next = _mm_xor_si128(next, late); \
                    four[index / 4 + 4] = next; \
                    _mm_storeu_si128((__m128i *) (void *) (words->first + index + 16), next); \
                    __m128i both = _mm_xor_si128(back[3], next); \
                    _mm_storeu_si128((__m128i *) (void *) (words->second + index + 12), both); \
                } \
                FOUR_ROUNDS(index); \
            } \
            END; \
        } \
    }

#pragma clang attribute push(__attribute__((target("avx,bmi,bmi2"))), apply_to = function)

#define ROTATE(words, bits) _mm_or_si128(_mm_slli_epi32(words, bits), _mm_srli_epi32(words, 32 - (bits)))
#define XOR3(first, second, third) _mm_xor_si128(first, _mm_xor_si128(second, third))
COMPRESS(compress_avx, ROTATE, XOR3)

#pragma clang attribute pop

#pragma clang attribute push(__attribute__((target("avx512f,avx512vl,bmi,bmi2"))), apply_to = function)

#define XOR3_AVX512(first, second, third) _mm_ternarylogic_epi32(first, second, third, 0x96)
COMPRESS(compress_avx512, _mm_rol_epi32, XOR3_AVX512)

#pragma clang attribute pop

// Whether there are RORX and ANDN.
static int has_bmi(void) {
    static _Atomic int known = 0;
    int answer = atomic_load_explicit(&known, memory_order_relaxed);
    if (answer == 0) {
        unsigned a = 0, b = 0, c = 0, d = 0;
        const unsigned both = 1u << 3 | 1u << 8;
        answer = __get_cpuid_count(7, 0, &a, &b, &c, &d) && (b & both) == both ? 1 : -1;
        atomic_store_explicit(&known, answer, memory_order_relaxed);
    }
    return answer > 0;
}
#endif

void guomi_sm3_compress(uint32_t state[8], const uint8_t *input, size_t blocks) {
    message words;
#if defined(__x86_64__)
    // The kernel of SM4 tells which vector registers may be used, and lets tests reach each of these.
    const guomi_kernel *kernel = guomi_current_kernel();
    if (kernel == &guomi_portable || !has_bmi()) {
        compress_portable(state, &words, input, blocks);
    } else if (kernel == &guomi_gfni_avx512) {
        compress_avx512(state, &words, input, blocks);
    } else {
        compress_avx(state, &words, input, blocks);
    }
#else
    compress_portable(state, &words, input, blocks);
#endif
    guomi_wipe(&words, sizeof words);
}
