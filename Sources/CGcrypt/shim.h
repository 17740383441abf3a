#pragma once
#include <gcrypt.h>

// Swift cannot call gcry_control, which takes a variable number of arguments.

/// Sets libgcrypt up, as it wants to be before it is used. Returns 0, or what refused.
///
/// Its own pool of locked memory is turned off: it would warn where little may be locked, and a key is in a cipher for the time of one
/// call only, which wipes it.
static inline gcry_error_t claviger_gcrypt_initialize(void) {
    if (gcry_control(GCRYCTL_INITIALIZATION_FINISHED_P, 0)) return 0;
    gcry_error_t error = gcry_control(GCRYCTL_DISABLE_SECMEM, 0);
    return error ? error : gcry_control(GCRYCTL_INITIALIZATION_FINISHED, 0);
}
