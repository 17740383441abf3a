// GHASH (NIST SP 800-38D, 6.4) in C, without tables and without branches on secrets.
//
// A block is read as a big-endian number, so that the coefficient of x^i is bit 127 - i. The plain product of two such numbers has
// the coefficient of x^k at bit 254 - k; with one factor divided by x beforehand it is at bit 255 - k, ready to be reduced.

#include "kernel.h"

typedef unsigned __int128 wide;

// A factor of 64 bits, made ready: the bits 0 to 59 by their number modulo 4, and for each of the bits 60 to 63 a mask.
typedef struct {
    uint64_t holed[4];
    uint64_t masks[4];
} factor;

// Karatsuba's three factors: the low half, the high half and their sum.
typedef struct {
    factor low, high, sum;
} hash_key;

_Static_assert(sizeof(hash_key) <= sizeof(((guomi_gcm_key *) 0)->powers), "the hash key must fit");

static inline uint64_t load(const uint8_t *bytes) {
    uint64_t word = 0;
    for (size_t index = 0; index < 8; index++) {
        word = word << 8 | bytes[index];
    }
    return word;
}

static inline void store(uint8_t *bytes, uint64_t word) {
    for (size_t index = 0; index < 8; index++) {
        bytes[index] = (uint8_t) (word >> (56 - 8 * index));
    }
}

static void prepare(factor *factor, uint64_t word) {
    for (unsigned bit = 0; bit < 4; bit++) {
        factor->holed[bit] = word & UINT64_C(0x0111111111111111) << bit;
        factor->masks[bit] = 0 - (word >> (60 + bit) & 1);
    }
}

// The product of polynomials. With three empty bits between any two of a factor, integer multiplication adds up at most 15 ones in
// each place, which the empty bits take, and the lowest bit of the four is the sum modulo 2. Sixteen ones would not fit: that is
// why the upper four bits of the ready factor are multiplied apart.
static inline wide multiply(uint64_t left, const factor *right) {
    uint64_t holed[4];
    for (unsigned bit = 0; bit < 4; bit++) {
        holed[bit] = left & UINT64_C(0x1111111111111111) << bit;
    }
    wide product = 0;
    for (unsigned place = 0; place < 4; place++) {
        wide sum = 0;
        for (unsigned bit = 0; bit < 4; bit++) {
            sum ^= (wide) holed[bit] * right->holed[(place - bit) % 4];
        }
        wide places = (wide) UINT64_C(0x1111111111111111) << 64 | UINT64_C(0x1111111111111111);
        product |= sum & places << place;
    }
    for (unsigned bit = 0; bit < 4; bit++) {
        product ^= (wide) (left & right->masks[bit]) << (60 + bit);
    }
    return product;
}

void guomi_ghash_portable_set_key(uint8_t *powers, const uint8_t key[16]) {
    uint64_t high = load(key);
    uint64_t low = load(key + 8);
    // Divided by x: 1 / x = x^127 + x^6 + x + 1.
    uint64_t carry = 0 - (high >> 63);
    high = (high << 1 | low >> 63) ^ (carry & UINT64_C(0xc200000000000000));
    low = low << 1 ^ (carry & 1);
    hash_key *ready = (hash_key *) (void *) powers;
    prepare(&ready->low, low);
    prepare(&ready->high, high);
    prepare(&ready->sum, low ^ high);
}

void guomi_ghash_portable(const uint8_t *powers, uint8_t hash[16], const uint8_t *input, size_t blocks) {
    const hash_key *key = (const hash_key *) (const void *) powers;
    uint64_t high = load(hash);
    uint64_t low = load(hash + 8);
    for (; blocks > 0; blocks--, input += 16) {
        high ^= load(input);
        low ^= load(input + 8);
        wide lower = multiply(low, &key->low);
        wide upper = multiply(high, &key->high);
        wide middle = multiply(low ^ high, &key->sum) ^ lower ^ upper;
        lower ^= middle << 64;
        upper ^= middle >> 64;
        // `lower` holds x^128 to x^255, and x^128 = x^7 + x^2 + x + 1: first its lower half, which adds to the upper one.
        uint64_t folded = (uint64_t) lower;
        upper ^= folded ^ folded >> 1 ^ folded >> 2 ^ folded >> 7;
        folded = (uint64_t) (lower >> 64) ^ folded << 63 ^ folded << 62 ^ folded << 57;
        upper ^= (wide) folded << 64 ^ (wide) folded << 63 ^ (wide) folded << 62 ^ (wide) folded << 57;
        high = (uint64_t) (upper >> 64);
        low = (uint64_t) upper;
    }
    store(hash, high);
    store(hash + 8, low);
}
