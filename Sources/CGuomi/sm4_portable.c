#include "kernel.h"

#include <string.h>

#include "sm4_lanes.h"
#include "sm4_words.h"

// SM4 without tables: the S-box is computed as a circuit of ANDs and XORs over bit slices, so that neither an address nor a branch
// depends on a secret. Slice b holds bit b of many bytes. 32 blocks go side by side, sixteen in each half of a slice: byte j of a
// word, counted from its low end, of the half's block n is at bit 16 * j + n. Rotating a word by whole bytes then rotates each half
// by as many times 16 bits.

typedef uint64_t slice __attribute__((vector_size(16)));

#define BLOCKS 32

// What the circuit below wants added to its input.
#define INPUT_CONSTANT 0x75

// The S-box of 128 bytes at once, for inputs to which INPUT_CONSTANT was added.
//
// It is an affine map, the inversion in a field of 256 elements, and an affine map (sm4_maps.h). All such fields are isomorphic, so
// that the inversion is that of AES, for which Boyar and Peralta ("A small depth-16 circuit for the AES S-box", 2011) give 62 gates
// between two linear maps. The linear maps here are theirs multiplied with SM4's and with the isomorphism: one of 2040, for eight
// automorphisms and 255 factors that come out of the inversion again, with 54 XORs after a greedy search for common pairs. The
// constant of the first affine map moved to the round keys.
static inline void substitute(slice s[8]) {
    const slice x0 = s[0], x1 = s[1], x2 = s[2], x3 = s[3], x4 = s[4], x5 = s[5], x6 = s[6], x7 = s[7];
    const slice a0 = x3 ^ x5, a1 = x4 ^ x7, a2 = x0 ^ a1, a3 = x1 ^ x5, a4 = x0 ^ a0, a5 = x2 ^ x6, a6 = x1 ^ a5, a7 = x2 ^ x4,
        a8 = x3 ^ a2, a9 = x2 ^ a2, a10 = x7 ^ a0, a11 = a3 ^ a9, a12 = a6 ^ a8, a13 = a4 ^ a7, a14 = x3 ^ a7, a15 = x1 ^ a14,
        a16 = x1 ^ a2, a17 = a4 ^ a5, a18 = a1 ^ a3, a19 = x2 ^ a10, a20 = x0 ^ a3, a21 = x6 ^ a0, a22 = x5 ^ a1, a23 = x7 ^ a4;
    const slice t2 = a5 & a10, t3 = a6 & a9, t4 = t3 ^ t2, t5 = x1 & a13, t6 = t5 ^ t2, t7 = a4 & x0, t8 = a8 & a3, t9 = t8 ^ t7,
        t10 = a22 & a20, t11 = t10 ^ t7, t12 = a18 & a15, t13 = a17 & a23, t14 = t13 ^ t12, t15 = a12 & a11, t16 = t15 ^ t12,
        t17 = t4 ^ t14, t18 = t6 ^ t16, t19 = t9 ^ t14, t20 = t11 ^ t16, t21 = t17 ^ a19, t22 = t18 ^ a21, t23 = t19 ^ a0,
        t24 = t20 ^ a16, t25 = t21 ^ t22, t26 = t21 & t23, t27 = t24 ^ t26, t28 = t25 & t27, t29 = t28 ^ t22, t30 = t23 ^ t24,
        t31 = t22 ^ t26, t32 = t31 & t30, t33 = t32 ^ t24, t34 = t23 ^ t33, t35 = t27 ^ t33, t36 = t24 & t35, t37 = t36 ^ t34,
        t38 = t27 ^ t36, t39 = t29 & t38, t40 = t25 ^ t39, t41 = t40 ^ t37, t42 = t29 ^ t33, t43 = t29 ^ t40, t44 = t33 ^ t37,
        t45 = t42 ^ t41, z0 = t44 & a10, z1 = t37 & a9, z2 = t33 & a13, z3 = t43 & x0, z4 = t40 & a3, z5 = t29 & a20,
        z6 = t42 & a15, z7 = t45 & a23, z8 = t41 & a11, z9 = t44 & a5, z10 = t37 & a6, z11 = t33 & x1, z12 = t43 & a4,
        z13 = t40 & a8, z14 = t29 & a22, z15 = t42 & a18, z16 = t45 & a17, z17 = t41 & a12;
    const slice b0 = z9 ^ z12, b1 = z14 ^ z17, b2 = z10 ^ b0, b3 = z1 ^ b1, b4 = z0 ^ z3, b5 = z4 ^ b4, b6 = z2 ^ z7,
        b7 = z8 ^ b6, b8 = z12 ^ z15, b9 = b3 ^ b8, b10 = z16 ^ b3, b11 = b2 ^ b5, b12 = z6 ^ b2, b13 = z13 ^ z16, b14 = z8 ^ b12,
        b15 = z5 ^ b14, b16 = z17 ^ b0, b17 = b5 ^ b9, b18 = z11 ^ b13, b19 = z3 ^ b15, b20 = z0 ^ z7, b21 = b10 ^ b12,
        b22 = b20 ^ b21, b23 = z13 ^ b11, b24 = b7 ^ b9, b25 = b7 ^ b23, b26 = b16 ^ b18, b27 = b1 ^ b13, b28 = z13 ^ b19,
        b29 = b10 ^ b11;
    s[0] = ~b24;
    s[1] = ~b29;
    s[2] = b25;
    s[3] = b27;
    s[4] = ~b17;
    s[5] = b28;
    s[6] = ~b22;
    s[7] = ~b26;
}

// The bytes of a word, each in 16 bits of its own.
static inline uint64_t spread(uint32_t word) {
    uint64_t result = word;
    result = (result | result << 16) & 0x0000ffff0000ffff;
    return (result | result << 8) & 0x00ff00ff00ff00ff;
}

static inline uint32_t gather(uint64_t bytes) {
    bytes &= 0x00ff00ff00ff00ff;
    bytes = (bytes | bytes >> 8) & 0x0000ffff0000ffff;
    return (uint32_t)(bytes | bytes >> 16);
}

static inline slice splat(uint64_t value) {
    return (slice){value, value};
}

static inline void swap(slice *low, slice *high, int shift, uint64_t mask) {
    const slice difference = ((*low >> shift) ^ *high) & splat(mask);
    *high ^= difference;
    *low ^= difference << shift;
}

// Transposes every square of 8 bits by 8: bit i of a byte of slice k changes places with bit k of the same byte of slice i.
static inline void transpose(slice s[8]) {
    for (int i = 0; i < 8; i += 2) {
        swap(&s[i], &s[i + 1], 1, 0x5555555555555555);
    }
    for (int i = 0; i < 8; i++) {
        if ((i & 2) == 0) {
            swap(&s[i], &s[i + 2], 2, 0x3333333333333333);
        }
    }
    for (int i = 0; i < 4; i++) {
        swap(&s[i], &s[i + 4], 4, 0x0f0f0f0f0f0f0f0f);
    }
}

static inline void load_slices(slice s[8], const uint8_t *input) {
    for (int k = 0; k < 8; k++) {
        for (int half = 0; half < 2; half++) {
            const uint8_t *block = input + (16 * half + k) * GUOMI_BLOCK_SIZE;
            s[k][half] = spread(guomi_load_word(block)) | spread(guomi_load_word(block + 8 * GUOMI_BLOCK_SIZE)) << 8;
        }
    }
    transpose(s);
}

static inline void store_slices(slice s[8], uint8_t *output) {
    transpose(s);
    for (int k = 0; k < 8; k++) {
        for (int half = 0; half < 2; half++) {
            uint8_t *block = output + (16 * half + k) * GUOMI_BLOCK_SIZE;
            guomi_store_word(block, gather(s[k][half]));
            guomi_store_word(block + 8 * GUOMI_BLOCK_SIZE, gather(s[k][half] >> 8));
        }
    }
}

// Rotates words left by `count` bytes.
static inline slice rotate_bytes(slice s, int count) {
    return s << (16 * count) | s >> (64 - 16 * count);
}

// One round (GB/T 32907-2016, 6.1): a ^= L(tau(b ^ c ^ d ^ key)).
static inline void step(slice a[8], const slice b[8], const slice c[8], const slice d[8], uint32_t key) {
    const uint64_t bytes = spread(key ^ INPUT_CONSTANT * 0x01010101u);
    slice s[8];
    for (int bit = 0; bit < 8; bit++) {
        const uint64_t ones = bytes >> bit & 0x0001000100010001;
        s[bit] = b[bit] ^ c[bit] ^ d[bit] ^ splat((ones << 16) - ones);
    }
    substitute(s);
    // L(B) = B ^ B <<< 2 ^ B <<< 10 ^ B <<< 18 ^ B <<< 24 = (B ^ B <<< 24) ^ (B ^ B <<< 8 ^ B <<< 16) <<< 2. The rotation by 2
    // renames the slices; what leaves a byte at its high end goes to the next byte.
    for (int bit = 0; bit < 8; bit++) {
        const slice two = s[bit] ^ rotate_bytes(s[bit], 1);
        const slice three = two ^ rotate_bytes(s[bit], 2);
        a[bit] ^= rotate_bytes(two, 3);
        a[(bit + 2) & 7] ^= bit < 6 ? three : rotate_bytes(three, 1);
    }
}

static void crypt_slices(const uint32_t round_keys[32], const uint8_t *input, uint8_t *output) {
    slice x[4][8];
    for (int word = 0; word < 4; word++) {
        load_slices(x[word], input + 4 * word);
    }
    for (int round = 0; round < 32; round += 4) {
        step(x[0], x[1], x[2], x[3], round_keys[round]);
        step(x[1], x[2], x[3], x[0], round_keys[round + 1]);
        step(x[2], x[3], x[0], x[1], round_keys[round + 2]);
        step(x[3], x[0], x[1], x[2], round_keys[round + 3]);
    }
    // The reverse transformation R (6.1): the last word comes first.
    for (int word = 0; word < 4; word++) {
        store_slices(x[3 - word], output + 4 * word);
    }
}

static inline uint32_t rotate(uint32_t word, int count) {
    return word << count | word >> (32 - count);
}

// tau (6.2): the S-box of each byte of one word. Here slice b is the word shifted by b; of every byte one bit counts.
static inline uint32_t substitute_word(uint32_t word) {
    slice s[8];
    for (int bit = 0; bit < 8; bit++) {
        s[bit] = splat(word ^ INPUT_CONSTANT * 0x01010101u) >> bit;
    }
    substitute(s);
    slice result = splat(0);
    for (int bit = 0; bit < 8; bit++) {
        result |= (s[bit] & splat(0x01010101)) << bit;
    }
    return (uint32_t)result[0];
}

static void crypt_block(const uint32_t round_keys[32], const uint8_t input[16], uint8_t output[16]) {
    uint32_t x[4];
    for (int word = 0; word < 4; word++) {
        x[word] = guomi_load_word(input + 4 * word);
    }
    for (int round = 0; round < 32; round++) {
        const uint32_t b = substitute_word(x[1] ^ x[2] ^ x[3] ^ round_keys[round]);
        const uint32_t next = x[0] ^ b ^ rotate(b, 2) ^ rotate(b, 10) ^ rotate(b, 18) ^ rotate(b, 24);
        x[0] = x[1], x[1] = x[2], x[2] = x[3], x[3] = next;
    }
    for (int word = 0; word < 4; word++) {
        guomi_store_word(output + 4 * word, x[3 - word]);
    }
}

static void set_key(uint32_t round_keys[32], const uint8_t bytes[16]) {
    uint32_t k[4];
    for (int word = 0; word < 4; word++) {
        k[word] = guomi_load_word(bytes + 4 * word) ^ guomi_fk[word];
    }
    for (uint32_t round = 0; round < 32; round++) {
        const uint32_t b = substitute_word(k[1] ^ k[2] ^ k[3] ^ guomi_ck[round]);
        const uint32_t next = k[0] ^ b ^ rotate(b, 13) ^ rotate(b, 23);
        round_keys[round] = next;
        k[0] = k[1], k[1] = k[2], k[2] = k[3], k[3] = next;
    }
    guomi_wipe(k, sizeof k);
}

// ECB of blocks that lie in one buffer; 1 to BLOCKS of them. `buffer` has BLOCKS, whatever the others hold.
static void crypt_buffer(const uint32_t round_keys[32], uint8_t buffer[BLOCKS * GUOMI_BLOCK_SIZE], size_t blocks) {
    if (blocks == 1) {
        crypt_block(round_keys, buffer, buffer);
    } else {
        crypt_slices(round_keys, buffer, buffer);
    }
}

static void crypt(const uint32_t round_keys[32], const uint8_t *input, uint8_t *output, size_t blocks) {
    for (; blocks >= BLOCKS; blocks -= BLOCKS, input += BLOCKS * GUOMI_BLOCK_SIZE, output += BLOCKS * GUOMI_BLOCK_SIZE) {
        crypt_slices(round_keys, input, output);
    }
    if (blocks > 0) {
        uint8_t buffer[BLOCKS * GUOMI_BLOCK_SIZE] = {0};
        memcpy(buffer, input, blocks * GUOMI_BLOCK_SIZE);
        crypt_buffer(round_keys, buffer, blocks);
        memcpy(output, buffer, blocks * GUOMI_BLOCK_SIZE);
        guomi_wipe(buffer, sizeof buffer);
    }
}

static void xor_block(uint8_t *output, const uint8_t *first, const uint8_t *second) {
    for (int index = 0; index < GUOMI_BLOCK_SIZE; index++) {
        output[index] = first[index] ^ second[index];
    }
}

static void run_one(const uint32_t round_keys[32], guomi_run *run, size_t steps) {
    for (size_t offset = 0; offset < steps * GUOMI_BLOCK_SIZE; offset += GUOMI_BLOCK_SIZE) {
        xor_block(run->chain[0], run->chain[0], run->input[0] + offset);
        crypt_block(round_keys, run->chain[0], run->chain[0]);
        memcpy(run->output[0] + offset, run->chain[0], GUOMI_BLOCK_SIZE);
    }
}

static void run_many(const uint32_t round_keys[32], guomi_run *run, size_t steps) {
    uint8_t buffer[BLOCKS * GUOMI_BLOCK_SIZE] = {0};
    for (size_t offset = 0; offset < steps * GUOMI_BLOCK_SIZE; offset += GUOMI_BLOCK_SIZE) {
        for (size_t slot = 0; slot < GUOMI_MAXIMUM_WIDTH; slot++) {
            xor_block(buffer + slot * GUOMI_BLOCK_SIZE, run->chain[slot], run->input[slot] + offset);
        }
        crypt_slices(round_keys, buffer, buffer);
        for (size_t slot = 0; slot < GUOMI_MAXIMUM_WIDTH; slot++) {
            memcpy(run->chain[slot], buffer + slot * GUOMI_BLOCK_SIZE, GUOMI_BLOCK_SIZE);
            memcpy(run->output[slot] + offset, buffer + slot * GUOMI_BLOCK_SIZE, GUOMI_BLOCK_SIZE);
        }
    }
    guomi_wipe(buffer, sizeof buffer);
}

static void cbc_encrypt_lanes(const uint32_t round_keys[32], guomi_sm4_lane *lanes, size_t count) {
    const guomi_run_functions functions = {run_one, run_many, run_many, GUOMI_MAXIMUM_WIDTH, GUOMI_MAXIMUM_WIDTH};
    guomi_run_lanes(functions, round_keys, lanes, count);
}

static void cbc_decrypt(const uint32_t reversed[32], uint8_t iv[16], const uint8_t *input, uint8_t *output, size_t blocks) {
    uint8_t buffer[BLOCKS * GUOMI_BLOCK_SIZE] = {0}, next[GUOMI_BLOCK_SIZE];
    while (blocks > 0) {
        const size_t count = blocks < BLOCKS ? blocks : BLOCKS;
        memcpy(buffer, input, count * GUOMI_BLOCK_SIZE);
        memcpy(next, input + (count - 1) * GUOMI_BLOCK_SIZE, GUOMI_BLOCK_SIZE);
        crypt_buffer(reversed, buffer, count);
        // From the last to the first, so that in place a block is still there when the one behind it needs it.
        for (size_t index = count; index-- > 1;) {
            xor_block(output + index * GUOMI_BLOCK_SIZE, buffer + index * GUOMI_BLOCK_SIZE, input + (index - 1) * GUOMI_BLOCK_SIZE);
        }
        xor_block(output, buffer, iv);
        memcpy(iv, next, GUOMI_BLOCK_SIZE);
        input += count * GUOMI_BLOCK_SIZE, output += count * GUOMI_BLOCK_SIZE, blocks -= count;
    }
    guomi_wipe(buffer, sizeof buffer);
}

static void ctr32(const uint32_t round_keys[32], uint8_t counter[16], const uint8_t *input, uint8_t *output, size_t blocks) {
    uint8_t buffer[BLOCKS * GUOMI_BLOCK_SIZE] = {0};
    uint32_t low = guomi_load_word(counter + 12);
    while (blocks > 0) {
        const size_t count = blocks < BLOCKS ? blocks : BLOCKS, bytes = count * GUOMI_BLOCK_SIZE;
        for (size_t index = 0; index < count; index++) {
            memcpy(buffer + index * GUOMI_BLOCK_SIZE, counter, 12);
            guomi_store_word(buffer + index * GUOMI_BLOCK_SIZE + 12, low++);
        }
        crypt_buffer(round_keys, buffer, count);
        for (size_t index = 0; index < bytes; index++) {
            output[index] = input[index] ^ buffer[index];
        }
        input += bytes, output += bytes, blocks -= count;
    }
    guomi_store_word(counter + 12, low);
    guomi_wipe(buffer, sizeof buffer);
}

static void ctr128(const uint32_t round_keys[32], uint8_t counter[16], const uint8_t *input, uint8_t *output, size_t blocks) {
    guomi_ctr128_by_ctr32(ctr32, round_keys, counter, input, output, blocks);
}

static int is_supported(void) {
    return 1;
}

const guomi_kernel guomi_portable = {
    .name = "portable",
    .is_supported = is_supported,
    .set_key = set_key,
    .crypt = crypt,
    .cbc_encrypt_lanes = cbc_encrypt_lanes,
    .cbc_decrypt = cbc_decrypt,
    .ctr128 = ctr128,
    .ctr32 = ctr32,
    .ghash_set_key = guomi_ghash_portable_set_key,
    .ghash = guomi_ghash_portable,
};
