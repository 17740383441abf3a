#ifndef GUOMI_KERNEL_H
#define GUOMI_KERNEL_H

#include "guomi.h"

// What a kernel can do. `round_keys` are 32, in the order in which they are used: reversed, encryption becomes decryption.
typedef struct {
    const char *name;
    int (*is_supported)(void);
    void (*set_key)(uint32_t round_keys[32], const uint8_t bytes[16]);
    // ECB.
    void (*crypt)(const uint32_t round_keys[32], const uint8_t *input, uint8_t *output, size_t blocks);
    // CBC; both leave the last block of the ciphertext in `iv`. Decryption takes reversed round keys.
    void (*cbc_encrypt_lanes)(const uint32_t round_keys[32], guomi_sm4_lane *lanes, size_t count);
    void (*cbc_decrypt)(const uint32_t reversed[32], uint8_t iv[16], const uint8_t *input, uint8_t *output, size_t blocks);
    // CTR over whole blocks; `counter` becomes that of the block after the last.
    void (*ctr128)(const uint32_t round_keys[32], uint8_t counter[16], const uint8_t *input, uint8_t *output, size_t blocks);
    // CTR that increments only the last four bytes, modulo 2^32, as GCM does.
    void (*ctr32)(const uint32_t round_keys[32], uint8_t counter[16], const uint8_t *input, uint8_t *output, size_t blocks);
    // GHASH: fills `powers` (512 bytes, aligned to 64) from the hash key; multiplies whole blocks into `hash`.
    void (*ghash_set_key)(uint8_t *powers, const uint8_t hash_key[16]);
    void (*ghash)(const uint8_t *powers, uint8_t hash[16], const uint8_t *input, size_t blocks);
} guomi_kernel;

extern const guomi_kernel guomi_portable;
#if defined(__x86_64__)
extern const guomi_kernel guomi_gfni_avx512, guomi_gfni_avx2, guomi_aesni_avx2;

void guomi_ghash_vpclmul512_set_key(uint8_t *powers, const uint8_t hash_key[16]);
void guomi_ghash_vpclmul512(const uint8_t *powers, uint8_t hash[16], const uint8_t *input, size_t blocks);
void guomi_ghash_pclmul_set_key(uint8_t *powers, const uint8_t hash_key[16]);
void guomi_ghash_pclmul(const uint8_t *powers, uint8_t hash[16], const uint8_t *input, size_t blocks);
#endif
void guomi_ghash_portable_set_key(uint8_t *powers, const uint8_t hash_key[16]);
void guomi_ghash_portable(const uint8_t *powers, uint8_t hash[16], const uint8_t *input, size_t blocks);

// The kernel in use.
const guomi_kernel *guomi_current_kernel(void);

// Overwrites with zeros in a way that the compiler keeps.
void guomi_wipe(void *bytes, size_t count);

#endif
