/* A program with functions of the same names as the library's: the library must go on calling its own.
 *
 *     host_symbols LIBRARY
 *
 * It is linked with its symbols shown, so that a library whose references are not bound inside it would meet these. */
#include "kms_enc_sdk.h"

#include <dlfcn.h>

static int calls;

int Encrypt(unsigned char *source, size_t sourceLength, struct KeyManager *keyManager, char *masterKeys,
            enum Algorithm algorithm, unsigned char *encryptionContext, size_t blockSize, struct MsgHead *header,
            unsigned char *cipher, size_t *cipherLength)
{
    (void)source, (void)sourceLength, (void)keyManager, (void)masterKeys, (void)algorithm, (void)encryptionContext;
    (void)blockSize, (void)header, (void)cipher, (void)cipherLength;
    calls++;
    return 1;
}

int Decrypt(unsigned char *source, size_t sourceLength, struct KeyManager *keyManager, struct MsgHead *header,
            unsigned char *plainText, size_t *plainTextLength)
{
    (void)source, (void)sourceLength, (void)keyManager, (void)header, (void)plainText, (void)plainTextLength;
    calls++;
    return 1;
}

int HashForSM3WithSM2(unsigned char *msg, int msgLen, unsigned char *pubKey, unsigned char *id, int idLen,
                      unsigned char *digest, int *digestLen)
{
    (void)msg, (void)msgLen, (void)pubKey, (void)id, (void)idLen, (void)digest, (void)digestLen;
    calls++;
    return 1;
}

int Sm2SignWithDigest(unsigned char *pubKey, unsigned char *priKey, unsigned char *digest, int digestLen,
                      unsigned char *sig, int *sigLen)
{
    (void)pubKey, (void)priKey, (void)digest, (void)digestLen, (void)sig, (void)sigLen;
    calls++;
    return 1;
}

int Sm3Digest(unsigned char *data, int dataLen, unsigned char *digest, int *digestLen)
{
    (void)data, (void)dataLen, (void)digest, (void)digestLen;
    calls++;
    return 1;
}

static void check(int is_true, const char *what)
{
    if (is_true)
        return;
    fprintf(stderr, "host_symbols: %s\n", what);
    exit(1);
}

int main(int count, char **arguments)
{
    check(count == 2, "usage: host_symbols LIBRARY");
    void *library = dlopen(arguments[1], RTLD_NOW | RTLD_GLOBAL);
    check(library != NULL, "the library cannot be loaded");
    __typeof__(&Encrypt) encrypt = (__typeof__(&Encrypt))dlsym(library, "Encrypt");
    __typeof__(&Decrypt) decrypt = (__typeof__(&Decrypt))dlsym(library, "Decrypt");
    __typeof__(&Sm2GetKey) make_key = (__typeof__(&Sm2GetKey))dlsym(library, "Sm2GetKey");
    __typeof__(&Sm2Sign) sign = (__typeof__(&Sm2Sign))dlsym(library, "Sm2Sign");
    __typeof__(&Sm2Verify) verify = (__typeof__(&Sm2Verify))dlsym(library, "Sm2Verify");
    __typeof__(&InitSdk) init = (__typeof__(&InitSdk))dlsym(library, "InitSdk");
    __typeof__(&NewMasterKey) new_key = (__typeof__(&NewMasterKey))dlsym(library, "NewMasterKey");
    __typeof__(&InitKeyManager) init_manager = (__typeof__(&InitKeyManager))dlsym(library, "InitKeyManager");

    unsigned char public_key[64], private_key[32], signature[72], text[] = "text";
    int length = 0;
    check(make_key(public_key, private_key) == ES_OK, "Sm2GetKey");
    check(sign(public_key, private_key, text, 4, signature, &length) == ES_OK, "Sm2Sign");
    check(verify(public_key, signature, length, text, 4) == ES_OK, "Sm2Verify");

    static unsigned char message[20000], opened[20000];
    char list[512], *id = getenv("CLAVIGER_ACCESS_ID"), *key = getenv("CLAVIGER_ACCESS_KEY");
    struct KeyManager manager;
    struct MsgHead header;
    size_t message_length = 0, opened_length = 0;
    check(init("ap-guangzhou", id, key, getenv("CLAVIGER_URL")) == ES_OK, "InitSdk");
    check(new_key(list, "ap-guangzhou", getenv("CLAVIGER_CMK_1")) == ES_OK, "NewMasterKey");
    check(init_manager(&manager, list, 0, 0, 0, id, key) == ES_OK, "InitKeyManager");
    check(encrypt(text, 4, &manager, list, SM4_GCM_128, NULL, 0, &header, message, &message_length) == ES_OK, "Encrypt");
    check(decrypt(message, message_length, &manager, &header, opened, &opened_length) == ES_OK, "Decrypt");
    check(opened_length == 4 && memcmp(opened, text, 4) == 0, "another text came back");
    check(calls == 0, "the library called the program's functions");
    return 0;
}
