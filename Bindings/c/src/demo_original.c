/* SM2, SM3 and SM4 on keys of one's own: every such call. It needs no KMS and takes no settings.
 *
 *     demo_original [TEXT] */
#include "kms_enc_sdk.h"

/* What the text may be at most: the buffers below are made for it. */
#define TEXT_SIZE 4096

static void check(int result, const char *what)
{
    if (result == ES_OK)
        return;
    fprintf(stderr, "%s failed: %d\n", what, result);
    exit(1);
}

static void show(const char *what, const unsigned char *bytes, int length)
{
    printf("%-22s", what);
    for (int index = 0; index < length; index++)
        printf("%02x", bytes[index]);
    printf("\n");
}

static void same(const char *what, const unsigned char *opened, int opened_length, const unsigned char *text,
                 int length)
{
    check(opened_length == length && memcmp(opened, text, (size_t)length) == 0 ? ES_OK : ES_ERROR, what);
}

/* Keys, counters and nonces for this program. A real one takes them from a random source or a key store: here half of a
 * fresh SM2 private key serves. */
static void fresh(unsigned char bytes[16])
{
    unsigned char public_key[64], private_key[32];
    check(Sm2GetKey(public_key, private_key), "Sm2GetKey");
    memcpy(bytes, private_key + 16, 16);
}

static void sm3(unsigned char *text, int length)
{
    unsigned char digest[32], key[16];
    int digest_length = 0;
    check(Sm3Digest(text, length, digest, &digest_length), "Sm3Digest");
    show("Sm3Digest", digest, digest_length);
    fresh(key);
    check(Sm3Hmac(text, length, key, sizeof key, digest, &digest_length), "Sm3Hmac");
    show("Sm3Hmac", digest, digest_length);
}

static void sm4(unsigned char *text, int length)
{
    /* ECB and CBC add one to sixteen bytes of padding; what is decrypted is never longer than what it was made from. */
    static unsigned char encrypted[TEXT_SIZE + 16], opened[TEXT_SIZE + 16];
    unsigned char key[16], iv[16], nonce[16], tag[16], added[] = "sent along in clear";
    int encrypted_length = 0, opened_length = 0;
    fresh(key);
    fresh(iv);

    check(Sm4EcbEncrypt(text, length, encrypted, &encrypted_length, key), "Sm4EcbEncrypt");
    show("Sm4EcbEncrypt", encrypted, encrypted_length);
    check(Sm4EcbDecrypt(encrypted, encrypted_length, opened, &opened_length, key), "Sm4EcbDecrypt");
    same("Sm4EcbDecrypt", opened, opened_length, text, length);

    check(Sm4CbcEncrypt(text, length, encrypted, &encrypted_length, key, iv), "Sm4CbcEncrypt");
    show("Sm4CbcEncrypt", encrypted, encrypted_length);
    check(Sm4CbcDecrypt(encrypted, encrypted_length, opened, &opened_length, key, iv), "Sm4CbcDecrypt");
    same("Sm4CbcDecrypt", opened, opened_length, text, length);

    /* No two texts may have the same key and counter. */
    check(Sm4CtrEncrypt(text, length, encrypted, &encrypted_length, key, iv), "Sm4CtrEncrypt");
    show("Sm4CtrEncrypt", encrypted, encrypted_length);
    check(Sm4CtrDecrypt(encrypted, encrypted_length, opened, &opened_length, key, iv), "Sm4CtrDecrypt");
    same("Sm4CtrDecrypt", opened, opened_length, text, length);

    /* Nor the same key and nonce, of which GCM takes twelve bytes. */
    fresh(key);
    fresh(nonce);
    check(Sm4GcmEncrypt(text, length, encrypted, &encrypted_length, key, nonce, 12, added, sizeof added - 1, tag,
                        sizeof tag), "Sm4GcmEncrypt");
    show("Sm4GcmEncrypt", encrypted, encrypted_length);
    show("  its tag", tag, sizeof tag);
    check(Sm4GcmDecrypt(encrypted, encrypted_length, opened, &opened_length, key, nonce, 12, added, sizeof added - 1,
                        tag, sizeof tag), "Sm4GcmDecrypt");
    same("Sm4GcmDecrypt", opened, opened_length, text, length);
    tag[0] ^= 1;
    int result = Sm4GcmDecrypt(encrypted, encrypted_length, opened, &opened_length, key, nonce, 12, added,
                               sizeof added - 1, tag, sizeof tag);
    check(result == ES_DIGEST_INVALIDATE ? ES_OK : ES_ERROR, "noticing another tag");
}

static void sm2(unsigned char *text, int length)
{
    static unsigned char encrypted[TEXT_SIZE + 128], opened[TEXT_SIZE + 128];
    /* The id that Sm2Sign and Sm2Verify take for a signer's. */
    unsigned char id[] = "1234567812345678";
    unsigned char public_key[64], private_key[32], digest[32], signature[72];
    int digest_length = 0, signature_length = 0, encrypted_length = 0, opened_length = 0;

    check(Sm2GetKey(public_key, private_key), "Sm2GetKey");
    show("Sm2GetKey", public_key, sizeof public_key);

    check(Sm2Sign(public_key, private_key, text, length, signature, &signature_length), "Sm2Sign");
    show("Sm2Sign", signature, signature_length);
    check(Sm2Verify(public_key, signature, signature_length, text, length), "Sm2Verify");

    check(HashForSM3WithSM2(text, length, public_key, id, sizeof id - 1, digest, &digest_length), "HashForSM3WithSM2");
    show("HashForSM3WithSM2", digest, digest_length);
    check(Sm2VerifyWithDigest(public_key, signature, signature_length, digest, digest_length), "Sm2VerifyWithDigest");
    check(Sm2SignWithDigest(public_key, private_key, digest, digest_length, signature, &signature_length),
          "Sm2SignWithDigest");
    check(Sm2Verify(public_key, signature, signature_length, text, length), "Sm2Verify");

    check(Sm2Encrypt(public_key, text, length, encrypted, &encrypted_length), "Sm2Encrypt");
    show("Sm2Encrypt", encrypted, encrypted_length);
    check(Sm2Decrypt(private_key, encrypted, encrypted_length, opened, &opened_length), "Sm2Decrypt");
    same("Sm2Decrypt", opened, opened_length, text, length);
}

static void pem(void)
{
    unsigned char public_key[64];
    /* The public key of the examples in GB/T 32918.5-2017, as `openssl pkey -pubout` writes it. */
    unsigned char text[] =
        "-----BEGIN PUBLIC KEY-----\n"
        "MFkwEwYHKoZIzj0CAQYIKoEcz1UBgi0DQgAECfnfMR5UIaFQ3X0WHkvFxnIXn60Y\n"
        "M/wHa7CP81bzUCDM6kkM4md1pS3G6nGMwapgCu0F+/NeCEpmMvYHLamtEw==\n"
        "-----END PUBLIC KEY-----\n";
    check(Sm2PemChangeToPubkey(text, public_key), "Sm2PemChangeToPubkey");
    show("Sm2PemChangeToPubkey", public_key, sizeof public_key);
}

int main(int count, char **arguments)
{
    char *text = count > 1 ? arguments[1] : "attack at dawn";
    size_t length = strlen(text);
    if (length == 0 || length > TEXT_SIZE) {
        fprintf(stderr, "the text has 1 to %d bytes\n", TEXT_SIZE);
        return 2;
    }
    sm3((unsigned char *)text, (int)length);
    sm4((unsigned char *)text, (int)length);
    sm2((unsigned char *)text, (int)length);
    pem();
    return 0;
}
