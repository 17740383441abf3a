#pragma once
// SHA256_Init, _Update and _Final are marked as deprecated in favour of functions that allocate for every hash.
#define OPENSSL_SUPPRESS_DEPRECATED
#include <openssl/bn.h>
#include <openssl/crypto.h>
#include <openssl/ec.h>
#include <openssl/err.h>
#include <openssl/evp.h>
#include <openssl/obj_mac.h>
#include <openssl/params.h>
#include <openssl/rsa.h>
#include <openssl/sha.h>
#include <openssl/x509.h>
#include <stdint.h>

/// Gives the value back, of which the compiler then knows nothing: it cannot turn arithmetic with it into a branch.
static inline uint32_t claviger_value_barrier(uint32_t value) {
    __asm__ volatile("" : "+r"(value));
    return value;
}
