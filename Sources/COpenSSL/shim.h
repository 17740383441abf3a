#pragma once
#include <openssl/crypto.h>
#include <openssl/ec.h>
#include <openssl/err.h>
#include <openssl/evp.h>
#include <openssl/rsa.h>
#include <openssl/x509.h>

// getrandom(2): the Glibc module leaves this header out.
#if defined(__linux__)
#include <sys/random.h>
#endif
