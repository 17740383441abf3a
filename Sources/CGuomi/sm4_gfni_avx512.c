#include "kernel.h"

#if defined(__x86_64__)

#include <immintrin.h>

#include "sm4_cpu.h"
#include "sm4_lanes.h"
#include "sm4_maps.h"
#include "sm4_words.h"

// Without a processor to tune for, clang makes two shuffles of one that it could do by PSHUFB, which makes every round longer.
#define TARGET "avx512f,avx512bw,avx512dq,avx512vl,avx512vbmi,gfni,tune=sapphirerapids"
#pragma clang attribute push(__attribute__((target(TARGET))), apply_to = function)

// sm4_maps.h explains the arithmetic. A group is 16 blocks in four registers, one for each of the four words of a block. Up to four
// groups go side by side, so that the latencies of the one hide behind the others.

#define GROUP 16
#define MAXIMUM_GROUPS 4

#define UNROLLED _Pragma("clang loop unroll(full)")
#define INLINE static inline __attribute__((always_inline))

typedef enum { MODE_ECB, MODE_CBC, MODE_CTR } mode;

INLINE __m512i into(__m512i words) {
    return _mm512_gf2p8affine_epi64_epi8(words, _mm512_set1_epi64(GUOMI_SM4_INTO), 0);
}

INLINE __m512i out_of(__m512i words) {
    return _mm512_gf2p8affine_epi64_epi8(words, _mm512_set1_epi64((long long)GUOMI_SM4_OUT_OF), 0);
}

INLINE __m128i into_128(__m128i words) {
    return _mm_gf2p8affine_epi64_epi8(words, _mm_set1_epi64x(GUOMI_SM4_INTO), 0);
}

INLINE __m128i out_of_128(__m128i words) {
    return _mm_gf2p8affine_epi64_epi8(words, _mm_set1_epi64x((long long)GUOMI_SM4_OUT_OF), 0);
}

INLINE __m512i xor3(__m512i a, __m512i b, __m512i c) {
    return _mm512_ternarylogic_epi32(a, b, c, 0x96);
}

INLINE __m128i xor3_128(__m128i a, __m128i b, __m128i c) {
    return _mm_ternarylogic_epi32(a, b, c, 0x96);
}

// The order of the bytes in every word, turned round.
#define SWAPPED _mm_set_epi64x(0x0c0d0e0f08090a0b, 0x0405060700010203)

INLINE __m512i swap(__m512i words) {
    return _mm512_shuffle_epi8(words, _mm512_broadcast_i32x4(SWAPPED));
}

INLINE __m128i swap_128(__m128i words) {
    return _mm_shuffle_epi8(words, SWAPPED);
}

// Rotations of every word to the right by one, two and three bytes. VPSHUFB does them, since VPRORD shares its ports with GFNI.
#define RIGHT_1 _mm_set_epi64x(0x0c0f0e0d080b0a09, 0x0407060500030201)
#define RIGHT_2 _mm_set_epi64x(0x0d0c0f0e09080b0a, 0x0504070601000302)
#define RIGHT_3 _mm_set_epi64x(0x0e0d0c0f0a09080b, 0x0605040702010003)

// Round keys as the rounds want them: in the order of memory, and mapped.
typedef struct {
    _Alignas(64) uint32_t words[32];
} mapped_keys;

INLINE void map_keys(mapped_keys *keys, const uint32_t round_keys[32]) {
    // In registers of 256 bits, so that few blocks need no larger ones, which some processors must wake up first.
    const __m256i matrix = _mm256_set1_epi64x(GUOMI_SM4_INTO);
    const __m256i swapped = _mm256_broadcastsi128_si256(SWAPPED);
    for (int eight = 0; eight < 32; eight += 8) {
        const __m256i words = _mm256_shuffle_epi8(_mm256_loadu_si256((const __m256i *)(round_keys + eight)), swapped);
        _mm256_store_si256((__m256i *)(keys->words + eight),
                           _mm256_gf2p8affine_epi64_epi8(words, matrix, GUOMI_SM4_INTO_CONSTANT));
    }
}

// ---- Many blocks

// Blocks to words and back: the 4 by 4 words of every 128 bits are transposed.
INLINE void transpose(__m512i r[4]) {
    const __m512i a = _mm512_unpacklo_epi32(r[0], r[1]), b = _mm512_unpackhi_epi32(r[0], r[1]);
    const __m512i c = _mm512_unpacklo_epi32(r[2], r[3]), d = _mm512_unpackhi_epi32(r[2], r[3]);
    r[0] = _mm512_unpacklo_epi64(a, c);
    r[1] = _mm512_unpackhi_epi64(a, c);
    r[2] = _mm512_unpacklo_epi64(b, d);
    r[3] = _mm512_unpackhi_epi64(b, d);
}

INLINE void transpose_128(__m128i r[4]) {
    const __m128i a = _mm_unpacklo_epi32(r[0], r[1]), b = _mm_unpackhi_epi32(r[0], r[1]);
    const __m128i c = _mm_unpacklo_epi32(r[2], r[3]), d = _mm_unpackhi_epi32(r[2], r[3]);
    r[0] = _mm_unpacklo_epi64(a, c);
    r[1] = _mm_unpackhi_epi64(a, c);
    r[2] = _mm_unpacklo_epi64(b, d);
    r[3] = _mm_unpackhi_epi64(b, d);
}

// u, and the sum of the three that are rotated.
INLINE void mix(__m512i *u, __m512i *rotated, __m512i sum) {
    *u = _mm512_gf2p8affineinv_epi64_epi8(sum, _mm512_set1_epi64(GUOMI_SM4_U), GUOMI_SM4_ROUND_CONSTANT);
    const __m512i v = _mm512_gf2p8affineinv_epi64_epi8(sum, _mm512_set1_epi64(GUOMI_SM4_V), 0);
    const __m512i w = _mm512_gf2p8affineinv_epi64_epi8(sum, _mm512_set1_epi64(GUOMI_SM4_W), 0);
    *rotated = xor3(_mm512_shuffle_epi8(v, _mm512_broadcast_i32x4(RIGHT_1)),
                    _mm512_shuffle_epi8(v, _mm512_broadcast_i32x4(RIGHT_2)),
                    _mm512_shuffle_epi8(w, _mm512_broadcast_i32x4(RIGHT_3)));
}

// The same; here what will be rotated comes first, since it has the longer way to go and u can wait.
INLINE void mix_128(__m128i *u, __m128i *rotated, __m128i sum) {
    const __m128i v = _mm_gf2p8affineinv_epi64_epi8(sum, _mm_set1_epi64x(GUOMI_SM4_V), 0);
    const __m128i w = _mm_gf2p8affineinv_epi64_epi8(sum, _mm_set1_epi64x(GUOMI_SM4_W), 0);
    *u = _mm_gf2p8affineinv_epi64_epi8(sum, _mm_set1_epi64x(GUOMI_SM4_U), GUOMI_SM4_ROUND_CONSTANT);
    *rotated = xor3_128(_mm_shuffle_epi8(v, RIGHT_1), _mm_shuffle_epi8(v, RIGHT_2), _mm_ror_epi32(w, 24));
}

// The 32 rounds.
INLINE void rounds(__m512i x[][4], const int groups, const mapped_keys *keys) {
    if (groups > 1) {
        for (int round = 0; round < 32; round += 4) {
            UNROLLED for (int word = 0; word < 4; word++) {
                const __m512i key = _mm512_set1_epi32((int)keys->words[round + word]);
                UNROLLED for (int group = 0; group < groups; group++) {
                    __m512i *const g = x[group];
                    __m512i u, rotated;
                    mix(&u, &rotated, xor3(g[(word + 1) & 3] ^ key, g[(word + 2) & 3], g[(word + 3) & 3]));
                    g[word] = xor3(g[word], u, rotated);
                }
            }
        }
        return;
    }
    // Where one round waits for the other, the next sum does not wait for the new word: it takes that word's parts.
    __m512i *const g = x[0];
    __m512i sum = xor3(g[1] ^ _mm512_set1_epi32((int)keys->words[0]), g[2], g[3]);
    UNROLLED for (int round = 0; round < 32; round++) {
        const __m512i next_key = _mm512_set1_epi32((int)keys->words[(round + 1) & 31]);
        const __m512i others = xor3(g[(round + 2) & 3], g[(round + 3) & 3], next_key);
        __m512i u, rotated;
        mix(&u, &rotated, sum);
        sum = xor3(u, g[round & 3] ^ others, rotated);
        g[round & 3] = sum ^ others;
    }
}

// The same over up to four blocks.
INLINE void rounds_128(__m128i g[4], const mapped_keys *keys) {
    __m128i sum = xor3_128(g[1] ^ _mm_set1_epi32((int)keys->words[0]), g[2], g[3]);
    UNROLLED for (int round = 0; round < 32; round++) {
        const __m128i next_key = _mm_set1_epi32((int)keys->words[(round + 1) & 31]);
        const __m128i others = xor3_128(g[(round + 2) & 3], g[(round + 3) & 3], next_key);
        __m128i u, rotated;
        mix_128(&u, &rotated, sum);
        sum = xor3_128(u, g[round & 3] ^ others, rotated);
        g[round & 3] = sum ^ others;
    }
}

// The mask of those of the four blocks from `first` on that are among `blocks`, two bits for each.
INLINE __mmask8 mask_of(size_t blocks, size_t first) {
    const size_t count = blocks <= first ? 0 : blocks - first >= 4 ? 4 : blocks - first;
    return (__mmask8)((1u << 2 * count) - 1);
}

// What changes from one batch to the next: in CBC the last block of ciphertext, four times; in CTR the counter.
typedef struct {
    __m512i chain;
    __m512i fixed[3];
    uint32_t low;
} position;

// Up to `groups` groups at once; `blocks` is their size, or less in the last batch, which is then `partial`.
INLINE void batch(const mode mode, const int groups, const int partial, const mapped_keys *keys, position *position,
                  const uint8_t *input, uint8_t *output, size_t blocks) {
    __m512i x[MAXIMUM_GROUPS][4];
    __mmask8 masks[MAXIMUM_GROUPS][4];
    UNROLLED for (int group = 0; group < groups; group++) {
        UNROLLED for (int part = 0; part < 4; part++) {
            const size_t first = (size_t)(16 * group + 4 * part);
            masks[group][part] = partial ? mask_of(blocks, first) : 0xff;
            if (mode != MODE_CTR) {
                x[group][part] = _mm512_maskz_loadu_epi64(masks[group][part], input + 16 * first);
            }
        }
    }
    const __m512i previous = position->chain;
    UNROLLED for (int group = 0; group < groups; group++) {
        if (mode == MODE_CTR) {
            // transpose() of blocks in order would leave block 4 * i + j in word i of 128 bits j.
            const __m512i numbers = _mm512_set_epi32(15, 11, 7, 3, 14, 10, 6, 2, 13, 9, 5, 1, 12, 8, 4, 0);
            const __m512i low = _mm512_add_epi32(_mm512_set1_epi32((int)(position->low + 16u * (uint32_t)group)), numbers);
            x[group][0] = position->fixed[0];
            x[group][1] = position->fixed[1];
            x[group][2] = position->fixed[2];
            x[group][3] = into(swap(low));
        } else {
            transpose(x[group]);
            UNROLLED for (int word = 0; word < 4; word++) {
                x[group][word] = into(x[group][word]);
            }
        }
    }
    rounds(x, groups, keys);
    if (mode == MODE_CBC) {
        position->chain = _mm512_broadcast_i32x4(_mm_loadu_si128((const __m128i *)(input + 16 * (blocks - 1))));
    }
    // From the last to the first, so that in place a block of ciphertext is still there when the one behind it needs it.
    UNROLLED for (int group = groups - 1; group >= 0; group--) {
        __m512i result[4];
        UNROLLED for (int word = 0; word < 4; word++) {
            result[word] = out_of(x[group][3 - word]);
        }
        transpose(result);
        UNROLLED for (int part = 3; part >= 0; part--) {
            const __mmask8 mask = masks[group][part];
            const size_t offset = (size_t)(256 * group + 64 * part);
            if (mode == MODE_CTR) {
                result[part] ^= _mm512_maskz_loadu_epi64(mask, input + offset);
            } else if (mode == MODE_CBC && offset > 0) {
                result[part] ^= _mm512_maskz_loadu_epi64(mask, input + offset - 16);
            } else if (mode == MODE_CBC) {
                result[part] ^= _mm512_alignr_epi64(_mm512_maskz_loadu_epi64(mask, input), previous, 6);
            }
            _mm512_mask_storeu_epi64(output + offset, mask, result[part]);
        }
    }
    if (mode == MODE_CTR) {
        position->low += (uint32_t)blocks;
    }
}

// One to four blocks.
INLINE void batch_128(const mode mode, const mapped_keys *keys, position *position, const uint8_t *input, uint8_t *output,
                      size_t blocks) {
    __m128i text[4], x[4];
    UNROLLED for (size_t index = 0; index < 4; index++) {
        text[index] = index < blocks ? _mm_loadu_si128((const __m128i *)(input + 16 * index)) : _mm_setzero_si128();
        x[index] = into_128(text[index]);
    }
    if (mode == MODE_CTR) {
        UNROLLED for (int word = 0; word < 3; word++) {
            x[word] = _mm512_castsi512_si128(position->fixed[word]);
        }
        x[3] = into_128(swap_128(_mm_add_epi32(_mm_set1_epi32((int)position->low), _mm_set_epi32(3, 2, 1, 0))));
        position->low += (uint32_t)blocks;
    } else {
        transpose_128(x);
    }
    rounds_128(x, keys);
    __m128i result[4];
    UNROLLED for (int word = 0; word < 4; word++) {
        result[word] = out_of_128(x[3 - word]);
    }
    transpose_128(result);
    UNROLLED for (size_t index = 0; index < 4; index++) {
        if (index < blocks) {
            if (mode == MODE_CTR) {
                result[index] ^= text[index];
            } else if (mode == MODE_CBC) {
                result[index] ^= index == 0 ? _mm512_castsi512_si128(position->chain) : text[index - 1];
            }
            _mm_storeu_si128((__m128i *)(output + 16 * index), result[index]);
        }
    }
    if (mode == MODE_CBC) {
        position->chain = _mm512_castsi128_si512(text[blocks - 1]);
    }
}

INLINE void all(const mode mode, const mapped_keys *keys, position *position, const uint8_t *input, uint8_t *output,
                size_t blocks) {
    const size_t size = GROUP * MAXIMUM_GROUPS;
    for (; blocks >= size; blocks -= size, input += 16 * size, output += 16 * size) {
        batch(mode, 4, 0, keys, position, input, output, size);
    }
    if (blocks > 3 * GROUP) {
        batch(mode, 4, 1, keys, position, input, output, blocks);
    } else if (blocks > 2 * GROUP) {
        batch(mode, 3, 1, keys, position, input, output, blocks);
    } else if (blocks > GROUP) {
        batch(mode, 2, 1, keys, position, input, output, blocks);
    } else if (blocks > 4) {
        batch(mode, 1, 1, keys, position, input, output, blocks);
    } else if (blocks > 0) {
        batch_128(mode, keys, position, input, output, blocks);
    }
}

static void cbc_decrypt(const uint32_t reversed[32], uint8_t iv[16], const uint8_t *input, uint8_t *output, size_t blocks) {
    mapped_keys keys;
    position position = {0};
    map_keys(&keys, reversed);
    position.chain = _mm512_broadcast_i32x4(_mm_loadu_si128((const __m128i *)iv));
    all(MODE_CBC, &keys, &position, input, output, blocks);
    _mm_storeu_si128((__m128i *)iv, _mm512_castsi512_si128(position.chain));
    guomi_wipe(&keys, sizeof keys);
}

static void ctr32(const uint32_t round_keys[32], uint8_t counter[16], const uint8_t *input, uint8_t *output, size_t blocks) {
    mapped_keys keys;
    position position = {0};
    map_keys(&keys, round_keys);
    const __m128i fixed = into_128(_mm_loadu_si128((const __m128i *)counter));
    position.fixed[0] = _mm512_broadcastd_epi32(fixed);
    position.fixed[1] = _mm512_broadcastd_epi32(_mm_shuffle_epi32(fixed, 0x55));
    position.fixed[2] = _mm512_broadcastd_epi32(_mm_shuffle_epi32(fixed, 0xaa));
    position.low = guomi_load_word(counter + 12);
    all(MODE_CTR, &keys, &position, input, output, blocks);
    guomi_store_word(counter + 12, position.low);
    guomi_wipe(&keys, sizeof keys);
}

#include "sm4_common.h"

// ---- CBC encryption

// In all of these the chain stays as mapped words, so that getting blocks in and out is not in its way.

static void run_few(const uint32_t round_keys[32], guomi_run *run, size_t steps) {
    mapped_keys keys;
    map_keys(&keys, round_keys);
    __m128i chain[4];
    for (int slot = 0; slot < 4; slot++) {
        chain[slot] = into_128(_mm_loadu_si128((const __m128i *)run->chain[slot]));
    }
    transpose_128(chain);
    for (size_t offset = 0; offset < 16 * steps; offset += 16) {
        __m128i x[4];
        for (int slot = 0; slot < 4; slot++) {
            x[slot] = into_128(_mm_loadu_si128((const __m128i *)(run->input[slot] + offset)));
        }
        transpose_128(x);
        for (int word = 0; word < 4; word++) {
            x[word] ^= chain[word];
        }
        rounds_128(x, &keys);
        __m128i result[4];
        for (int word = 0; word < 4; word++) {
            chain[word] = x[3 - word];
            result[word] = chain[word];
        }
        transpose_128(result);
        for (int slot = 0; slot < 4; slot++) {
            _mm_storeu_si128((__m128i *)(run->output[slot] + offset), out_of_128(result[slot]));
        }
    }
    transpose_128(chain);
    for (int slot = 0; slot < 4; slot++) {
        _mm_storeu_si128((__m128i *)run->chain[slot], out_of_128(chain[slot]));
    }
    guomi_wipe(&keys, sizeof keys);
}

// Block `offset` of each of four texts.
INLINE __m512i load_four(const uint8_t *const *texts, size_t offset) {
    __m512i blocks = _mm512_castsi128_si512(_mm_loadu_si128((const __m128i *)(texts[0] + offset)));
    blocks = _mm512_inserti32x4(blocks, _mm_loadu_si128((const __m128i *)(texts[1] + offset)), 1);
    blocks = _mm512_inserti32x4(blocks, _mm_loadu_si128((const __m128i *)(texts[2] + offset)), 2);
    return _mm512_inserti32x4(blocks, _mm_loadu_si128((const __m128i *)(texts[3] + offset)), 3);
}

INLINE void store_four(uint8_t *const *texts, size_t offset, __m512i blocks) {
    _mm_storeu_si128((__m128i *)(texts[0] + offset), _mm512_castsi512_si128(blocks));
    _mm_storeu_si128((__m128i *)(texts[1] + offset), _mm512_extracti32x4_epi32(blocks, 1));
    _mm_storeu_si128((__m128i *)(texts[2] + offset), _mm512_extracti32x4_epi32(blocks, 2));
    _mm_storeu_si128((__m128i *)(texts[3] + offset), _mm512_extracti32x4_epi32(blocks, 3));
}

// Block `offset` of each of sixteen texts, as mapped words.
INLINE void load_sixteen(__m512i words[4], const guomi_run *run, size_t offset) {
    for (int part = 0; part < 4; part++) {
        words[part] = into(load_four(run->input + 4 * part, offset));
    }
    transpose(words);
}

static void run_many(const uint32_t round_keys[32], guomi_run *run, size_t steps) {
    mapped_keys keys;
    map_keys(&keys, round_keys);
    __m512i chain[4];
    for (int part = 0; part < 4; part++) {
        chain[part] = into(_mm512_loadu_si512(run->chain[4 * part]));
    }
    transpose(chain);
    // The blocks of the next step are fetched before the rounds of this one, which leave the time for it.
    __m512i text[4];
    load_sixteen(text, run, 0);
    for (size_t offset = 0; offset < 16 * steps; offset += 16) {
        __m512i x[1][4];
        for (int word = 0; word < 4; word++) {
            x[0][word] = chain[word] ^ text[word];
        }
        load_sixteen(text, run, offset + 16 < 16 * steps ? offset + 16 : offset);
        rounds(x, 1, &keys);
        __m512i result[4];
        for (int word = 0; word < 4; word++) {
            chain[word] = x[0][3 - word];
            result[word] = chain[word];
        }
        transpose(result);
        for (int part = 0; part < 4; part++) {
            store_four(run->output + 4 * part, offset, out_of(result[part]));
        }
    }
    transpose(chain);
    for (int part = 0; part < 4; part++) {
        _mm512_storeu_si512(run->chain[4 * part], out_of(chain[part]));
    }
    guomi_wipe(&keys, sizeof keys);
}

static void cbc_encrypt_lanes(const uint32_t round_keys[32], guomi_sm4_lane *lanes, size_t count) {
    const guomi_run_functions functions = {run_one, run_few, run_many, 4, 16};
    guomi_run_lanes(functions, round_keys, lanes, count);
}

// ---- The key schedule

// GB/T 32907-2016, 7.3, with the words as numbers, so that bytes rotate to the left. `sum` and the registers hold mapped words.
static void set_key(uint32_t round_keys[32], const uint8_t bytes[16]) {
    const __m128i matrix_0 = _mm_set1_epi64x(GUOMI_SM4_SCHEDULE_0);
    const __m128i matrix_1 = _mm_set1_epi64x((long long)GUOMI_SM4_SCHEDULE_1);
    const __m128i matrix_2 = _mm_set1_epi64x(GUOMI_SM4_SCHEDULE_2), matrix_3 = _mm_set1_epi64x(GUOMI_SM4_SCHEDULE_3);
    const __m128i key = swap_128(_mm_loadu_si128((const __m128i *)bytes)) ^ _mm_loadu_si128((const __m128i *)guomi_fk);
    const __m128i start = into_128(key);
    __m128i k[4] = {start, _mm_shuffle_epi32(start, 0x55), _mm_shuffle_epi32(start, 0xaa), _mm_shuffle_epi32(start, 0xff)};
    __m128i sum = k[0];
    UNROLLED for (int round = 0; round < 32; round++) {
        const __m128i constant = _mm_gf2p8affine_epi64_epi8(_mm_set1_epi32((int)guomi_ck[round]), _mm_set1_epi64x(GUOMI_SM4_INTO),
                                                            GUOMI_SM4_INTO_CONSTANT);
        sum = xor3_128(k[(round + 1) & 3] ^ constant, k[(round + 2) & 3], k[(round + 3) & 3]);
        const __m128i b0 = _mm_gf2p8affineinv_epi64_epi8(sum, matrix_0, GUOMI_SM4_SCHEDULE_CONSTANT);
        const __m128i b1 = _mm_gf2p8affineinv_epi64_epi8(sum, matrix_1, 0);
        const __m128i b2 = _mm_gf2p8affineinv_epi64_epi8(sum, matrix_2, 0);
        const __m128i b3 = _mm_gf2p8affineinv_epi64_epi8(sum, matrix_3, 0);
        const __m128i rotated = xor3_128(_mm_rol_epi32(b1, 8), _mm_rol_epi32(b2, 16), _mm_rol_epi32(b3, 24));
        k[round & 3] = xor3_128(k[round & 3], b0, rotated);
        if ((round & 3) == 3) {
            const __m128i four = _mm_unpacklo_epi64(_mm_unpacklo_epi32(k[0], k[1]), _mm_unpacklo_epi32(k[2], k[3]));
            _mm_storeu_si128((__m128i *)(round_keys + round - 3), out_of_128(four));
        }
    }
}

#pragma clang attribute pop

static int is_supported(void) {
    return guomi_cpu_read().gfni_avx512;
}

const guomi_kernel guomi_gfni_avx512 = {
    .name = "gfni-avx512",
    .is_supported = is_supported,
    .set_key = set_key,
    .crypt = crypt,
    .cbc_encrypt_lanes = cbc_encrypt_lanes,
    .cbc_decrypt = cbc_decrypt,
    .ctr128 = ctr128,
    .ctr32 = ctr32,
    .ghash_set_key = guomi_ghash_vpclmul512_set_key,
    .ghash = guomi_ghash_vpclmul512,
};

#endif
