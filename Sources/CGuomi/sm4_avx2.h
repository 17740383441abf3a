#ifndef GUOMI_SM4_AVX2_H
#define GUOMI_SM4_AVX2_H

// What the two kernels for AVX2 share. A file that includes it has defined, for a target with AVX2:
//
//     into_128, out_of_128, into, out_of    the maps of sm4_maps.h into the state and out of it; of __m128i and of __m256i
//     into_key_128, into_key                the first with the constant, for round keys
//     mix_128, mix                          the inversion of a sum and what follows it, as the four parts that are added to the
//                                           state: u, v >>> 8, v >>> 16, w >>> 24, in the order in which they are ready
//     mix_schedule_128                      the same for the key schedule, where the words are numbers and rotate to the left
//
// A group is eight blocks in four registers, one for each of the four words of a block.

#include <immintrin.h>

#include "kernel.h"
#include "sm4_lanes.h"
#include "sm4_words.h"

// Up to four groups go side by side, so that the latencies of the one hide behind the others. Their words are more than there are
// registers, but the processor has the time to read some from memory.
#define GROUP 8
#define MAXIMUM_GROUPS 4

typedef enum { MODE_ECB, MODE_CBC, MODE_CTR } mode;

// The order of the bytes in every word, turned round.
INLINE __m256i swap(__m256i words) {
    return _mm256_shuffle_epi8(words, TWICE(0x0c0d0e0f08090a0b, 0x0405060700010203));
}

INLINE __m128i swap_128(__m128i words) {
    return _mm_shuffle_epi8(words, _mm_set_epi64x(0x0c0d0e0f08090a0b, 0x0405060700010203));
}

// Round keys as the rounds want them: in the order of memory, and mapped.
typedef struct {
    _Alignas(32) uint32_t words[32];
} mapped_keys;

INLINE void map_keys(mapped_keys *keys, const uint32_t round_keys[32]) {
    for (int eight = 0; eight < 32; eight += 8) {
        const __m256i words = swap(_mm256_loadu_si256((const __m256i *)(round_keys + eight)));
        _mm256_store_si256((__m256i *)(keys->words + eight), into_key(words));
    }
}

// ---- Many blocks

// Blocks to words and back: the 4 by 4 words of every 128 bits are transposed.
INLINE void transpose(__m256i r[4]) {
    const __m256i a = _mm256_unpacklo_epi32(r[0], r[1]), b = _mm256_unpackhi_epi32(r[0], r[1]);
    const __m256i c = _mm256_unpacklo_epi32(r[2], r[3]), d = _mm256_unpackhi_epi32(r[2], r[3]);
    r[0] = _mm256_unpacklo_epi64(a, c);
    r[1] = _mm256_unpackhi_epi64(a, c);
    r[2] = _mm256_unpacklo_epi64(b, d);
    r[3] = _mm256_unpackhi_epi64(b, d);
}

// A value that the compiler cannot see through: it would put sums into another order, in which the way through a round is longer.
#define KEPT(value) __asm__("" : "+x"(value))

// The 32 rounds.
INLINE void rounds(__m256i x[][4], const int groups, const mapped_keys *keys) {
    if (groups > 2) {
        for (int round = 0; round < 32; round += 4) {
            UNROLLED for (int word = 0; word < 4; word++) {
                const __m256i key = _mm256_set1_epi32((int)keys->words[round + word]);
                UNROLLED for (int group = 0; group < groups; group++) {
                    __m256i *const g = x[group];
                    __m256i part[4];
                    mix(part, (g[(word + 1) & 3] ^ key) ^ (g[(word + 2) & 3] ^ g[(word + 3) & 3]));
                    g[word] = (part[1] ^ (part[0] ^ g[word])) ^ (part[2] ^ part[3]);
                }
            }
        }
        return;
    }
    // Where one round waits for the other, the next sum does not wait for the new word: it takes that word's parts.
    __m256i sum[2];
    UNROLLED for (int group = 0; group < groups; group++) {
        sum[group] = (x[group][1] ^ _mm256_set1_epi32((int)keys->words[0])) ^ (x[group][2] ^ x[group][3]);
    }
    UNROLLED for (int round = 0; round < 32; round++) {
        const __m256i next_key = _mm256_set1_epi32((int)keys->words[(round + 1) & 31]);
        UNROLLED for (int group = 0; group < groups; group++) {
            __m256i *const g = x[group];
            const __m256i others = (g[(round + 3) & 3] ^ next_key) ^ g[(round + 2) & 3];
            __m256i part[4], first = g[round & 3] ^ others;
            KEPT(first);
            mix(part, sum[group]);
            first = part[1] ^ (part[0] ^ first);
            KEPT(first);
            sum[group] = first ^ (part[2] ^ part[3]);
            g[round & 3] = sum[group] ^ others;
        }
    }
}

// The same over one block, each word of it in a register of its own.
INLINE void rounds_128(__m128i g[4], const mapped_keys *keys) {
    __m128i sum = (g[1] ^ _mm_set1_epi32((int)keys->words[0])) ^ (g[2] ^ g[3]);
    UNROLLED for (int round = 0; round < 32; round++) {
        const __m128i others = (g[(round + 3) & 3] ^ _mm_set1_epi32((int)keys->words[(round + 1) & 31])) ^ g[(round + 2) & 3];
        __m128i part[4], first = g[round & 3] ^ others;
        KEPT(first);
        mix_128(part, sum);
        first = part[1] ^ (part[0] ^ first);
        KEPT(first);
        sum = first ^ (part[2] ^ part[3]);
        g[round & 3] = sum ^ others;
    }
}

// What changes from one batch to the next: in CBC the last block of ciphertext; in CTR the counter.
typedef struct {
    __m128i chain;
    __m256i fixed[3];
    uint32_t low;
} position;

// Blocks `first` and `first` + 1, or zeros for those that there are not.
INLINE __m256i load_two(const int partial, const uint8_t *input, size_t first, size_t blocks) {
    if (!partial || first + 2 <= blocks) {
        return _mm256_loadu_si256((const __m256i *)(input + 16 * first));
    }
    return first < blocks ? _mm256_zextsi128_si256(_mm_loadu_si128((const __m128i *)(input + 16 * first))) : _mm256_setzero_si256();
}

INLINE void store_two(const int partial, uint8_t *output, size_t first, size_t blocks, __m256i value) {
    if (!partial || first + 2 <= blocks) {
        _mm256_storeu_si256((__m256i *)(output + 16 * first), value);
    } else if (first < blocks) {
        _mm_storeu_si128((__m128i *)(output + 16 * first), _mm256_castsi256_si128(value));
    }
}

// Up to `groups` groups at once; `blocks` is their size, or less in the last batch, which is then `partial`.
INLINE void batch(const mode mode, const int groups, const int partial, const mapped_keys *keys, position *position,
                  const uint8_t *input, uint8_t *output, size_t blocks) {
    __m256i x[MAXIMUM_GROUPS][4];
    UNROLLED for (int group = 0; group < groups; group++) {
        if (mode == MODE_CTR) {
            // transpose() of blocks in order would leave block 2 * i + j in word i of 128 bits j.
            const __m256i numbers = _mm256_set_epi32(7, 5, 3, 1, 6, 4, 2, 0);
            const __m256i low = _mm256_add_epi32(_mm256_set1_epi32((int)(position->low + 8u * (uint32_t)group)), numbers);
            x[group][0] = position->fixed[0];
            x[group][1] = position->fixed[1];
            x[group][2] = position->fixed[2];
            x[group][3] = into(swap(low));
        } else {
            UNROLLED for (int part = 0; part < 4; part++) {
                x[group][part] = into(load_two(partial, input, (size_t)(8 * group + 2 * part), blocks));
            }
            transpose(x[group]);
        }
    }
    rounds(x, groups, keys);
    const __m256i previous = _mm256_broadcastsi128_si256(position->chain);
    if (mode == MODE_CBC) {
        position->chain = _mm_loadu_si128((const __m128i *)(input + 16 * (blocks - 1)));
    }
    // From the last to the first, so that in place a block of ciphertext is still there when the one behind it needs it.
    UNROLLED for (int group = groups - 1; group >= 0; group--) {
        __m256i result[4] = {x[group][3], x[group][2], x[group][1], x[group][0]};
        transpose(result);
        UNROLLED for (int part = 3; part >= 0; part--) {
            const size_t first = (size_t)(8 * group + 2 * part);
            __m256i value = out_of(result[part]);
            if (mode == MODE_CTR) {
                value ^= load_two(partial, input, first, blocks);
            } else if (mode == MODE_CBC && first > 0) {
                // The block before and this one: two blocks, if this one is there.
                value ^= load_two(partial, input - 16, first, blocks);
            } else if (mode == MODE_CBC) {
                value ^= _mm256_permute2x128_si256(previous, load_two(partial, input, first, blocks), 0x20);
            }
            store_two(partial, output, first, blocks, value);
        }
    }
    if (mode == MODE_CTR) {
        position->low += (uint32_t)blocks;
    }
}

INLINE void all(const mode mode, const mapped_keys *keys, position *position, const uint8_t *input, uint8_t *output,
                size_t blocks) {
    const size_t size = GROUP * MAXIMUM_GROUPS;
    for (; blocks >= size; blocks -= size, input += 16 * size, output += 16 * size) {
        batch(mode, MAXIMUM_GROUPS, 0, keys, position, input, output, size);
    }
    if (blocks > 3 * GROUP) {
        batch(mode, 4, 1, keys, position, input, output, blocks);
    } else if (blocks > 2 * GROUP) {
        batch(mode, 3, 1, keys, position, input, output, blocks);
    } else if (blocks > GROUP) {
        batch(mode, 2, 1, keys, position, input, output, blocks);
    } else if (blocks > 0) {
        batch(mode, 1, 1, keys, position, input, output, blocks);
    }
}

static void cbc_decrypt(const uint32_t reversed[32], uint8_t iv[16], const uint8_t *input, uint8_t *output, size_t blocks) {
    mapped_keys keys;
    position position = {0};
    map_keys(&keys, reversed);
    position.chain = _mm_loadu_si128((const __m128i *)iv);
    all(MODE_CBC, &keys, &position, input, output, blocks);
    _mm_storeu_si128((__m128i *)iv, position.chain);
    guomi_wipe(&keys, sizeof keys);
}

static void ctr32(const uint32_t round_keys[32], uint8_t counter[16], const uint8_t *input, uint8_t *output, size_t blocks) {
    mapped_keys keys;
    position position = {0};
    map_keys(&keys, round_keys);
    const __m128i fixed = into_128(_mm_loadu_si128((const __m128i *)counter));
    position.fixed[0] = _mm256_broadcastd_epi32(fixed);
    position.fixed[1] = _mm256_broadcastd_epi32(_mm_shuffle_epi32(fixed, 0x55));
    position.fixed[2] = _mm256_broadcastd_epi32(_mm_shuffle_epi32(fixed, 0xaa));
    position.low = guomi_load_word(counter + 12);
    all(MODE_CTR, &keys, &position, input, output, blocks);
    guomi_store_word(counter + 12, position.low);
    guomi_wipe(&keys, sizeof keys);
}

#include "sm4_common.h"

// ---- CBC encryption

// In all of these the chain stays as mapped words, so that getting blocks in and out is not in its way.

INLINE void run_groups(const int groups, const uint32_t round_keys[32], guomi_run *run, size_t steps) {
    mapped_keys keys;
    map_keys(&keys, round_keys);
    __m256i chain[2][4];
    for (int group = 0; group < groups; group++) {
        for (int part = 0; part < 4; part++) {
            chain[group][part] = into(_mm256_loadu_si256((const __m256i *)run->chain[8 * group + 2 * part]));
        }
        transpose(chain[group]);
    }
    for (size_t offset = 0; offset < 16 * steps; offset += 16) {
        __m256i x[2][4];
        UNROLLED for (int group = 0; group < groups; group++) {
            UNROLLED for (int part = 0; part < 4; part++) {
                const uint8_t *const *texts = run->input + 8 * group + 2 * part;
                const __m128i *const first = (const __m128i *)(texts[0] + offset);
                const __m128i *const second = (const __m128i *)(texts[1] + offset);
                x[group][part] = into(_mm256_loadu2_m128i(second, first));
            }
            transpose(x[group]);
            UNROLLED for (int word = 0; word < 4; word++) {
                x[group][word] ^= chain[group][word];
            }
        }
        rounds(x, groups, &keys);
        UNROLLED for (int group = 0; group < groups; group++) {
            __m256i result[4];
            UNROLLED for (int word = 0; word < 4; word++) {
                chain[group][word] = x[group][3 - word];
                result[word] = chain[group][word];
            }
            transpose(result);
            UNROLLED for (int part = 0; part < 4; part++) {
                uint8_t *const *texts = run->output + 8 * group + 2 * part;
                _mm256_storeu2_m128i((__m128i *)(texts[1] + offset), (__m128i *)(texts[0] + offset), out_of(result[part]));
            }
        }
    }
    for (int group = 0; group < groups; group++) {
        transpose(chain[group]);
        for (int part = 0; part < 4; part++) {
            _mm256_storeu_si256((__m256i *)run->chain[8 * group + 2 * part], out_of(chain[group][part]));
        }
    }
    guomi_wipe(&keys, sizeof keys);
}

static void run_eight(const uint32_t round_keys[32], guomi_run *run, size_t steps) {
    run_groups(1, round_keys, run, steps);
}

static void run_sixteen(const uint32_t round_keys[32], guomi_run *run, size_t steps) {
    run_groups(2, round_keys, run, steps);
}

static void cbc_encrypt_lanes(const uint32_t round_keys[32], guomi_sm4_lane *lanes, size_t count) {
    const guomi_run_functions functions = {run_one, run_eight, run_sixteen, 8, 16};
    guomi_run_lanes(functions, round_keys, lanes, count);
}

// ---- The key schedule

// GB/T 32907-2016, 7.3, with the words as numbers, so that bytes rotate to the left. The registers hold mapped words.
static void set_key(uint32_t round_keys[32], const uint8_t bytes[16]) {
    const __m128i key = swap_128(_mm_loadu_si128((const __m128i *)bytes)) ^ _mm_loadu_si128((const __m128i *)guomi_fk);
    const __m128i start = into_128(key);
    __m128i k[4] = {start, _mm_shuffle_epi32(start, 0x55), _mm_shuffle_epi32(start, 0xaa), _mm_shuffle_epi32(start, 0xff)};
    UNROLLED for (int round = 0; round < 32; round++) {
        const __m128i constant = into_key_128(_mm_set1_epi32((int)guomi_ck[round]));
        __m128i part[4];
        mix_schedule_128(part, (k[(round + 1) & 3] ^ constant) ^ k[(round + 2) & 3] ^ k[(round + 3) & 3]);
        k[round & 3] = (k[round & 3] ^ part[0]) ^ (part[1] ^ part[2]) ^ part[3];
        if ((round & 3) == 3) {
            const __m128i four = _mm_unpacklo_epi64(_mm_unpacklo_epi32(k[0], k[1]), _mm_unpacklo_epi32(k[2], k[3]));
            _mm_storeu_si128((__m128i *)(round_keys + round - 3), out_of_128(four));
        }
    }
}

#endif
