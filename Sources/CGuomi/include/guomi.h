#ifndef GUOMI_H
#define GUOMI_H

// SM4 (GB/T 32907-2016) in ECB, CBC, CTR (GB/T 17964-2021) and GCM (NIST SP 800-38D, RFC 8998), and the compression function of
// SM3 (GB/T 32905-2016), by the vector instructions that the processor has. No table is looked up by a secret and nothing branches
// on one, in any of the kernels.
//
// Input and output may be the same memory, and must not overlap otherwise. Nothing is allocated; nothing fails.

#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

#define GUOMI_BLOCK_SIZE 16

// The kernels, from the fastest down. The environment variable CLAVIGER_SM4_KERNEL names the one to use, for tests; a name that is
// unknown, or of a kernel that this processor cannot run, counts as none, and the first that it can run is taken.
//   gfni-avx512   GFNI, AVX-512 (F, BW, DQ, VL, VBMI) and VPCLMULQDQ
//   gfni-avx2     GFNI, AVX2 and PCLMULQDQ (VPCLMULQDQ where it is there)
//   aesni-avx2    AES-NI, AVX2 and PCLMULQDQ
//   portable      C
#define GUOMI_KERNEL_COUNT 4

// The name of kernel `index`, or NULL from GUOMI_KERNEL_COUNT on.
const char *guomi_kernel_name(size_t index);

// Whether this processor can run kernel `index`.
int guomi_kernel_is_supported(size_t index);

// The name of the kernel in use.
const char *guomi_kernel_in_use(void);

// Makes every thread use this kernel from its next call on; for tests and benchmarks. Returns 0, or -1 and changes nothing if there
// is no such kernel or this processor cannot run it.
int guomi_use_kernel(const char *name);

// ---- SM4

// The 32 round keys in the order of encryption. Whoever has one wipes it.
typedef struct {
    uint32_t round_keys[32];
} guomi_sm4_key;

void guomi_sm4_set_key(guomi_sm4_key *key, const uint8_t bytes[16]);

void guomi_sm4_ecb_encrypt(const guomi_sm4_key *key, const uint8_t *input, uint8_t *output, size_t blocks);
void guomi_sm4_ecb_decrypt(const guomi_sm4_key *key, const uint8_t *input, uint8_t *output, size_t blocks);

// `iv` becomes the last block of the ciphertext, so that the next call goes on.
void guomi_sm4_cbc_encrypt(const guomi_sm4_key *key, uint8_t iv[16], const uint8_t *input, uint8_t *output, size_t blocks);
void guomi_sm4_cbc_decrypt(const guomi_sm4_key *key, uint8_t iv[16], const uint8_t *input, uint8_t *output, size_t blocks);

// One text of several that are encrypted side by side, since the blocks of one text must wait for each other.
typedef struct {
    const uint8_t *input;
    uint8_t *output;
    size_t blocks;
    uint8_t iv[16];
} guomi_sm4_lane;

// CBC encryption of `count` texts, of any lengths. Each lane's `iv` becomes the last block of its ciphertext; its other members stay.
void guomi_sm4_cbc_encrypt_lanes(const guomi_sm4_key *key, guomi_sm4_lane *lanes, size_t count);

// Encrypts or decrypts `count` bytes. `counter` is incremented modulo 2^128 for every block that was begun: the next call goes on
// right only after a multiple of 16 bytes.
void guomi_sm4_ctr(const guomi_sm4_key *key, uint8_t counter[16], const uint8_t *input, uint8_t *output, size_t count);

// ---- GCM

// A key for GCM: powers of the hash key in the form of the kernel that was in use when it was set, which is used with it ever after,
// and round keys. It must lie at a multiple of 64 (an attribute that says so would hide the type from Swift). Whoever has one wipes it.
#define GUOMI_GCM_KEY_ALIGNMENT 64

typedef struct {
    uint8_t powers[512];
    guomi_sm4_key cipher;
    const void *kernel;
} guomi_gcm_key;

// The state of one message. Whoever has one wipes it.
typedef struct {
    uint8_t counter[16];         // the next block's
    uint8_t first[16];           // E(J0), which covers the tag
    uint8_t hash[16];            // GHASH so far
    uint8_t partial[16];         // bytes that are not hashed yet, the front of a block
    uint8_t stream[16];          // key stream of the block that was begun
    uint64_t associated;         // bytes of associated data
    uint64_t text;               // bytes of text that were hashed
    uint64_t crypted;            // bytes of text that went through the key stream
} guomi_gcm;

void guomi_gcm_set_key(guomi_gcm_key *key, const uint8_t bytes[16]);

// Begins a message. `iv_count` at least 1; 12 is the size that needs no hashing.
void guomi_gcm_start(guomi_gcm *state, const guomi_gcm_key *key, const uint8_t *iv, size_t iv_count);

// Adds associated data, in pieces of any size, all of it before the text.
void guomi_gcm_authenticate(guomi_gcm *state, const guomi_gcm_key *key, const uint8_t *data, size_t count);

// Encrypts and hashes, in pieces of any size.
void guomi_gcm_encrypt(guomi_gcm *state, const guomi_gcm_key *key, const uint8_t *input, uint8_t *output, size_t count);

// Hashes ciphertext without decrypting it, in pieces of any size.
void guomi_gcm_hash(guomi_gcm *state, const guomi_gcm_key *key, const uint8_t *ciphertext, size_t count);

// Decrypts without hashing, in pieces of any size: for a ciphertext whose tag was found right. Independent of guomi_gcm_hash: after
// hashing all and comparing the tag the same state decrypts all.
void guomi_gcm_decrypt(guomi_gcm *state, const guomi_gcm_key *key, const uint8_t *input, uint8_t *output, size_t count);

// The tag of what was hashed so far. No more may be hashed after it.
void guomi_gcm_tag(guomi_gcm *state, const guomi_gcm_key *key, uint8_t tag[16]);

// ---- SM3

// Feeds `blocks` blocks of 64 bytes into the eight words of the state.
void guomi_sm3_compress(uint32_t state[8], const uint8_t *input, size_t blocks);

#ifdef __cplusplus
}
#endif
#endif
