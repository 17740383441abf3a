#ifndef GUOMI_SM4_WORDS_H
#define GUOMI_SM4_WORDS_H

#include <stddef.h>
#include <stdint.h>
#include <string.h>

// Words in memory are big-endian (GB/T 32907-2016, 3).
static inline uint32_t guomi_load_word(const uint8_t *bytes) {
    uint32_t word;
    memcpy(&word, bytes, 4);
#if __BYTE_ORDER__ == __ORDER_LITTLE_ENDIAN__
    word = __builtin_bswap32(word);
#endif
    return word;
}

static inline void guomi_store_word(uint8_t *bytes, uint32_t word) {
#if __BYTE_ORDER__ == __ORDER_LITTLE_ENDIAN__
    word = __builtin_bswap32(word);
#endif
    memcpy(bytes, &word, 4);
}

// The system parameter FK of the key schedule (GB/T 32907-2016, 7.3 c).
static const uint32_t guomi_fk[4] = {0xa3b1bac6, 0x56aa3350, 0x677d9197, 0xb27022dc};

// The fixed parameters CK of the rounds: byte j, counted from the left, is (4 * round + j) * 7 modulo 256 (GB/T 32907-2016, 7.3 d).
#define GUOMI_CK_BYTE(round, j) ((4u * (round) + (j)) * 7u & 0xffu)
#define GUOMI_CK(round)                                                                             \
    (GUOMI_CK_BYTE(round, 0) << 24 | GUOMI_CK_BYTE(round, 1) << 16 | GUOMI_CK_BYTE(round, 2) << 8 | \
     GUOMI_CK_BYTE(round, 3))
#define GUOMI_CK_FOUR(round) GUOMI_CK(round), GUOMI_CK(round + 1), GUOMI_CK(round + 2), GUOMI_CK(round + 3)
static const uint32_t guomi_ck[32] = {
    GUOMI_CK_FOUR(0),  GUOMI_CK_FOUR(4),  GUOMI_CK_FOUR(8),  GUOMI_CK_FOUR(12),
    GUOMI_CK_FOUR(16), GUOMI_CK_FOUR(20), GUOMI_CK_FOUR(24), GUOMI_CK_FOUR(28),
};

// A kernel's CTR that increments the last four bytes alone.
typedef void (*guomi_ctr32_function)(const uint32_t round_keys[32], uint8_t counter[16], const uint8_t *input, uint8_t *output,
                                     size_t blocks);

// CTR that increments all of the counter: up to where its last four bytes wrap, one of 32 bits does the same.
static inline void guomi_ctr128_by_ctr32(guomi_ctr32_function ctr32, const uint32_t round_keys[32], uint8_t counter[16],
                                         const uint8_t *input, uint8_t *output, size_t blocks) {
    while (blocks > 0) {
        const uint64_t until_wrap = 0x100000000 - (uint64_t)guomi_load_word(counter + 12);
        const size_t count = blocks < until_wrap ? blocks : (size_t)until_wrap;
        ctr32(round_keys, counter, input, output, count);
        if (count == until_wrap) {
            int index = 11;
            while (index >= 0 && ++counter[index] == 0) {
                index--;
            }
        }
        input += count * 16, output += count * 16, blocks -= count;
    }
}

#endif
