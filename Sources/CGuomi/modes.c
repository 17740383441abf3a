#include "kernel.h"

#include <string.h>

// Decryption is encryption with the round keys in reverse (GB/T 32907-2016, 7.2).
static void reverse(uint32_t reversed[32], const uint32_t round_keys[32]) {
    for (int round = 0; round < 32; round++) {
        reversed[round] = round_keys[31 - round];
    }
}

void guomi_sm4_set_key(guomi_sm4_key *key, const uint8_t bytes[16]) {
    guomi_current_kernel()->set_key(key->round_keys, bytes);
}

void guomi_sm4_ecb_encrypt(const guomi_sm4_key *key, const uint8_t *input, uint8_t *output, size_t blocks) {
    if (blocks > 0) {
        guomi_current_kernel()->crypt(key->round_keys, input, output, blocks);
    }
}

void guomi_sm4_ecb_decrypt(const guomi_sm4_key *key, const uint8_t *input, uint8_t *output, size_t blocks) {
    if (blocks > 0) {
        uint32_t reversed[32];
        reverse(reversed, key->round_keys);
        guomi_current_kernel()->crypt(reversed, input, output, blocks);
        guomi_wipe(reversed, sizeof reversed);
    }
}

void guomi_sm4_cbc_encrypt(const guomi_sm4_key *key, uint8_t iv[16], const uint8_t *input, uint8_t *output, size_t blocks) {
    guomi_sm4_lane lane = {input, output, blocks, {0}};
    memcpy(lane.iv, iv, 16);
    guomi_sm4_cbc_encrypt_lanes(key, &lane, 1);
    memcpy(iv, lane.iv, 16);
}

void guomi_sm4_cbc_encrypt_lanes(const guomi_sm4_key *key, guomi_sm4_lane *lanes, size_t count) {
    guomi_current_kernel()->cbc_encrypt_lanes(key->round_keys, lanes, count);
}

void guomi_sm4_cbc_decrypt(const guomi_sm4_key *key, uint8_t iv[16], const uint8_t *input, uint8_t *output, size_t blocks) {
    if (blocks > 0) {
        uint32_t reversed[32];
        reverse(reversed, key->round_keys);
        guomi_current_kernel()->cbc_decrypt(reversed, iv, input, output, blocks);
        guomi_wipe(reversed, sizeof reversed);
    }
}

void guomi_sm4_ctr(const guomi_sm4_key *key, uint8_t counter[16], const uint8_t *input, uint8_t *output, size_t count) {
    const guomi_kernel *kernel = guomi_current_kernel();
    const size_t blocks = count / GUOMI_BLOCK_SIZE, whole = blocks * GUOMI_BLOCK_SIZE, rest = count - whole;
    if (blocks > 0) {
        kernel->ctr128(key->round_keys, counter, input, output, blocks);
    }
    if (rest > 0) {
        uint8_t last[GUOMI_BLOCK_SIZE] = {0};
        memcpy(last, input + whole, rest);
        kernel->ctr128(key->round_keys, counter, last, last, 1);
        memcpy(output + whole, last, rest);
        guomi_wipe(last, sizeof last);
    }
}
