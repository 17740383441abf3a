// GCM (NIST SP 800-38D) with SM4 (RFC 8998), over the kernel's counter mode and GHASH.

#include "kernel.h"

#include <string.h>

// Bytes that are encrypted and then hashed while they are in the first-level cache.
#define PIECE 8192

// Blocks that the fastest kernel has in work at once.
#define BATCH 64

// Bytes of text that go with J0 where there are more to come. That it is not one block less than a batch keeps the rest of the text
// where it is aligned.
#define FIRST ((BATCH - 4) * 16)

// Adds `blocks` modulo 2^32.
static inline void advance(uint8_t counter[16], uint32_t blocks) {
    uint32_t number = (uint32_t) counter[12] << 24 | (uint32_t) counter[13] << 16 | (uint32_t) counter[14] << 8 | counter[15];
    number += blocks;
    counter[12] = (uint8_t) (number >> 24);
    counter[13] = (uint8_t) (number >> 16);
    counter[14] = (uint8_t) (number >> 8);
    counter[15] = (uint8_t) number;
}

static inline void store_bits(uint8_t bytes[8], uint64_t count) {
    uint64_t bits = count << 3;
    for (size_t index = 0; index < 8; index++) {
        bytes[index] = (uint8_t) (bits >> (56 - 8 * index));
    }
}

void guomi_gcm_set_key(guomi_gcm_key *key, const uint8_t bytes[16]) {
    const guomi_kernel *kernel = guomi_current_kernel();
    key->kernel = kernel;
    kernel->set_key(key->cipher.round_keys, bytes);
    uint8_t hash_key[16] = {0};
    kernel->crypt(key->cipher.round_keys, hash_key, hash_key, 1);
    kernel->ghash_set_key(key->powers, hash_key);
    guomi_wipe(hash_key, sizeof hash_key);
}

void guomi_gcm_start(guomi_gcm *state, const guomi_gcm_key *key, const uint8_t *iv, size_t iv_count) {
    const guomi_kernel *kernel = key->kernel;
    memset(state, 0, sizeof *state);
    if (iv_count == 12) {
        memcpy(state->counter, iv, 12);
        state->counter[15] = 1;
    } else {
        size_t whole = iv_count / 16;
        size_t rest = iv_count % 16;
        if (whole > 0) {
            kernel->ghash(key->powers, state->counter, iv, whole);
        }
        uint8_t end[32] = {0};
        if (rest > 0) {
            memcpy(end, iv + whole * 16, rest);
        }
        store_bits(end + 24, iv_count);
        kernel->ghash(key->powers, state->counter, rest > 0 ? end : end + 16, rest > 0 ? 2 : 1);
    }
    // E(J0) is left to the first encryption, which has it almost for nothing, or to the tag; `first` is zeros until then.
    advance(state->counter, 1);
}

// Hashes `count` bytes behind `filled` bytes in the partial block.
static void absorb(guomi_gcm *state, const guomi_gcm_key *key, size_t filled, const uint8_t *data, size_t count) {
    const guomi_kernel *kernel = key->kernel;
    if (filled > 0) {
        size_t taken = count < 16 - filled ? count : 16 - filled;
        memcpy(state->partial + filled, data, taken);
        if (filled + taken < 16) {
            return;
        }
        kernel->ghash(key->powers, state->hash, state->partial, 1);
        data += taken;
        count -= taken;
    }
    if (count >= 16) {
        kernel->ghash(key->powers, state->hash, data, count / 16);
    }
    if (count % 16 > 0) {
        memcpy(state->partial, data + (count & ~(size_t) 15), count % 16);
    }
}

void guomi_gcm_authenticate(guomi_gcm *state, const guomi_gcm_key *key, const uint8_t *data, size_t count) {
    if (count == 0) {
        return;
    }
    absorb(state, key, state->associated % 16, data, count);
    state->associated += count;
}

void guomi_gcm_hash(guomi_gcm *state, const guomi_gcm_key *key, const uint8_t *ciphertext, size_t count) {
    if (count == 0) {
        return;
    }
    size_t filled = state->associated % 16;
    if (state->text == 0 && filled > 0) {
        // The associated data end with zeros up to a whole block.
        const guomi_kernel *kernel = key->kernel;
        memset(state->partial + filled, 0, 16 - filled);
        kernel->ghash(key->powers, state->hash, state->partial, 1);
    }
    absorb(state, key, state->text % 16, ciphertext, count);
    state->text += count;
}

// Crypts what fits into one batch together with a partial block at the end and, if `with_first`, J0, so that all of it costs one
// run of the cipher. `count` is at most BATCH blocks, with J0 one less.
static void crypt_batch(
    guomi_gcm *state, const guomi_gcm_key *key, const uint8_t *input, uint8_t *output, size_t count, int with_first) {
    const guomi_kernel *kernel = key->kernel;
    uint8_t batch[(BATCH + 1) * 16] __attribute__((aligned(64)));
    uint8_t *text = batch + 16;
    size_t blocks = (count + 15) / 16;
    size_t rest = count % 16;
    if (rest > 0) {
        memset(text + (blocks - 1) * 16, 0, 16);
    }
    memcpy(text, input, count);
    if (with_first) {
        memset(batch, 0, 16);
        advance(state->counter, UINT32_MAX);
        kernel->ctr32(key->cipher.round_keys, state->counter, batch, batch, blocks + 1);
        memcpy(state->first, batch, 16);
    } else {
        kernel->ctr32(key->cipher.round_keys, state->counter, text, text, blocks);
    }
    memcpy(output, text, count);
    if (rest > 0) {
        // Behind the text this is key stream, which was added to zeros.
        memcpy(state->stream + rest, text + count, 16 - rest);
    }
    guomi_wipe(batch, (blocks + 1) * 16);
}

// Adds the key stream. `with_first` is for the first bytes of a text that is hashed afterwards: E(J0) is wanted too.
static void crypt(
    guomi_gcm *state, const guomi_gcm_key *key, const uint8_t *input, uint8_t *output, size_t count, int with_first) {
    const guomi_kernel *kernel = key->kernel;
    size_t used = state->crypted % 16;
    state->crypted += count;
    size_t taken = 0;
    if (with_first) {
        taken = count <= (BATCH - 1) * 16 ? count : FIRST;
        crypt_batch(state, key, input, output, taken, 1);
    } else if (used > 0) {
        taken = count < 16 - used ? count : 16 - used;
        for (size_t index = 0; index < taken; index++) {
            output[index] = input[index] ^ state->stream[used + index];
        }
    }
    input += taken;
    output += taken;
    count -= taken;
    size_t last = count % 16 == 0 ? 0 : count % (BATCH * 16);
    size_t whole = count - last;
    if (whole > 0) {
        kernel->ctr32(key->cipher.round_keys, state->counter, input, output, whole / 16);
    }
    if (last > 0) {
        crypt_batch(state, key, input + whole, output + whole, last, 0);
    }
}

void guomi_gcm_decrypt(guomi_gcm *state, const guomi_gcm_key *key, const uint8_t *input, uint8_t *output, size_t count) {
    if (count > 0) {
        crypt(state, key, input, output, count, 0);
    }
}

void guomi_gcm_encrypt(guomi_gcm *state, const guomi_gcm_key *key, const uint8_t *input, uint8_t *output, size_t count) {
    while (count > 0) {
        int is_first = state->crypted == 0;
        // Behind the first piece come whole batches; every piece but the last ends with a block.
        size_t piece = is_first ? FIRST + PIECE - BATCH * 16 : PIECE - state->crypted % 16;
        if (piece > count) {
            piece = count;
        }
        crypt(state, key, input, output, piece, is_first);
        guomi_gcm_hash(state, key, output, piece);
        input += piece;
        output += piece;
        count -= piece;
    }
}

// Writes E(J0) to `first`.
static void cover(const guomi_gcm *state, const guomi_gcm_key *key, uint8_t first[16]) {
    const guomi_kernel *kernel = key->kernel;
    uint8_t known = 0;
    for (size_t index = 0; index < 16; index++) {
        known |= state->first[index];
    }
    if (known != 0) {
        memcpy(first, state->first, 16);
        return;
    }
    // Back by the blocks that were begun, and by one more.
    memcpy(first, state->counter, 16);
    advance(first, 0 - (uint32_t) ((state->crypted + 15) / 16) - 1);
    kernel->crypt(key->cipher.round_keys, first, first, 1);
}

void guomi_gcm_tag(guomi_gcm *state, const guomi_gcm_key *key, uint8_t tag[16]) {
    const guomi_kernel *kernel = key->kernel;
    uint8_t first[16];
    cover(state, key, first);
    size_t filled = (state->text > 0 ? state->text : state->associated) % 16;
    uint8_t end[32] = {0};
    if (filled > 0) {
        memcpy(end, state->partial, filled);
    }
    store_bits(end + 16, state->associated);
    store_bits(end + 24, state->text);
    uint8_t hash[16];
    memcpy(hash, state->hash, 16);
    kernel->ghash(key->powers, hash, filled > 0 ? end : end + 16, filled > 0 ? 2 : 1);
    for (size_t index = 0; index < 16; index++) {
        tag[index] = hash[index] ^ first[index];
    }
    guomi_wipe(first, sizeof first);
    guomi_wipe(hash, sizeof hash);
    guomi_wipe(end, sizeof end);
}
