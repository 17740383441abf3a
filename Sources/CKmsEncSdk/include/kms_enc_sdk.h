#ifndef KMS_ENC_SDK_H
#define KMS_ENC_SDK_H

#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#ifdef __cplusplus
extern "C" {
#endif

/* Sizes (all include the terminating NUL for text). */
#define KMS_ENC_SDK_MAX_CMK          5
#define KMS_ENC_SDK_MIN_MASTERKEYS   512
#define KMS_ENC_SDK_CREDENTIAL_SIZE  256
#define KMS_ENC_SDK_REGION_SIZE      64
#define KMS_ENC_SDK_KEYID_SIZE       128
#define KMS_ENC_SDK_DATAKEY_SIZE     1024
#define KMS_ENC_SDK_CONTEXT_SIZE     2052

enum Algorithm {
    SM4_CBC_128_WITH_SIGNATURE = 1,
    SM4_CBC_128                = 2,
    SM4_GCM_128_WITH_SIGNATURE = 3,
    SM4_GCM_128                = 4,
    SM4_CTR_128_WITH_SIGNATURE = 5,
    SM4_CTR_128                = 6,
    SM4_ECB_128_WITH_SIGNATURE = 7,
    SM4_ECB_128                = 8
};

enum BlockType { WITHOUT_BLOCK = 1, WITH_BLOCK = 2 };

enum EncSdkErrorCode {
    ES_OK                     = 0,
    ES_ERROR                  = -1,
    ES_ENCRYPT_SOURCE_EMPTY   = -2,
    ES_NO_CMKEY               = -3,
    ES_ALGRITHM_ERR           = -4,
    ES_GENERATE_DATAKEY_ERR   = -5,
    ES_ENCRYPT_DATA_ERR       = -6,
    ES_MARSHAL_PROTOBUF_ERR   = -7,
    ES_CIPHER_TEXT_TOO_SHORT  = -8,
    ES_GET_PROTO_ERR          = -9,
    ES_PARSE_PROTO_ERR        = -10,
    ES_DECRYPT_DATAKEY_ERR    = -11,
    ES_SET_DATAKEY_ERR        = -12,
    ES_DIGEST_INVALIDATE      = -13,
    ES_MEMORY_ERR             = -14,
    ES_KMSSERVICE_ERR         = -15,
    ES_USEREDITION_ERR        = -16
};

struct EncryptedDataKey {
    char cmkRegion[KMS_ENC_SDK_REGION_SIZE];
    char cmkKeyId[KMS_ENC_SDK_KEYID_SIZE];
    char dataKey[KMS_ENC_SDK_DATAKEY_SIZE];
};

struct MsgHead {
    enum Algorithm          algorithm;
    char                    encryptionContext[KMS_ENC_SDK_CONTEXT_SIZE];
    int                     dataKeyNum;
    struct EncryptedDataKey dataKey[KMS_ENC_SDK_MAX_CMK];
    enum BlockType          blockType;
    int                     blockLength;
};

/* Fields other than secretId and secretKey belong to the library. */
struct KeyManager {
    char               secretId[KMS_ENC_SDK_CREDENTIAL_SIZE];
    char               secretKey[KMS_ENC_SDK_CREDENTIAL_SIZE];
    int                msgCount;
    int                enExpiretime;
    int                deExpiretime;
    int                reserved0;
    unsigned long long handle;
    unsigned long long reserved[4];
};

int InitSdk(char *region, char *secretId, char *secretKey, char *domainName);

int NewMasterKey(char *masterKeys, char *cmkRegion, char *cmkKeyId);
int AddMasterKey(char *masterKeys, char *cmkRegion, char *cmkKeyId);
int InitKeyManager(struct KeyManager *keyManager, char *masterKeys, int msgCount,
                   int enExpiretime, int deExpiretime, char *secretId, char *secretKey);
int Encrypt(unsigned char *source, size_t sourceLength, struct KeyManager *keyManager,
            char *masterKeys, enum Algorithm algorithm, unsigned char *encryptionContext,
            size_t blockSize, struct MsgHead *header, unsigned char *cipher, size_t *cipherLength);
int Decrypt(unsigned char *source, size_t sourceLength, struct KeyManager *keyManager,
            struct MsgHead *header, unsigned char *plainText, size_t *plainTextLength);

int Sm2GetKey(unsigned char *pubKey, unsigned char *priKey);
int Sm2Sign(unsigned char *pubKey, unsigned char *priKey, unsigned char *msg, int msgLen,
            unsigned char *sig, int *sigLen);
int Sm2Verify(unsigned char *pubKey, unsigned char *sig, int sigLen, unsigned char *msg, int msgLen);
int Sm2PemChangeToPubkey(unsigned char *pemPubKeyInfo, unsigned char *pubKey);
int HashForSM3WithSM2(unsigned char *msg, int msgLen, unsigned char *pubKey, unsigned char *id,
                      int idLen, unsigned char *digest, int *digestLen);
int Sm2SignWithDigest(unsigned char *pubKey, unsigned char *priKey, unsigned char *digest,
                      int digestLen, unsigned char *sig, int *sigLen);
int Sm2VerifyWithDigest(unsigned char *pubKey, unsigned char *sig, int sigLen,
                        unsigned char *digest, int digestLen);
int Sm2Encrypt(unsigned char *pubKey, unsigned char *source, int sourceLength,
               unsigned char *cipherText, int *cipherLength);
int Sm2Decrypt(unsigned char *priKey, unsigned char *source, int sourceLength,
               unsigned char *plainText, int *plainTextLength);
int Sm3Hmac(unsigned char *data, int dataLen, unsigned char *hmacKey, int keyLen,
            unsigned char *hmac, int *hmacLen);
int Sm3Digest(unsigned char *data, int dataLen, unsigned char *digest, int *digestLen);
int Sm4CbcEncrypt(unsigned char *source, int sourceLength, unsigned char *cipherText,
                  int *cipherLength, unsigned char *key, unsigned char *iv);
int Sm4CtrEncrypt(unsigned char *source, int sourceLength, unsigned char *cipherText,
                  int *cipherLength, unsigned char *key, unsigned char *iv);
int Sm4CbcDecrypt(unsigned char *source, int sourceLength, unsigned char *plainText,
                  int *plainTextLength, unsigned char *key, unsigned char *iv);
int Sm4CtrDecrypt(unsigned char *source, int sourceLength, unsigned char *plainText,
                  int *plainTextLength, unsigned char *key, unsigned char *iv);
int Sm4EcbEncrypt(unsigned char *source, int sourceLength, unsigned char *cipherText,
                  int *cipherLength, unsigned char *key);
int Sm4EcbDecrypt(unsigned char *source, int sourceLength, unsigned char *plainText,
                  int *plainTextLength, unsigned char *key);
int Sm4GcmEncrypt(unsigned char *source, int sourceLength, unsigned char *cipherText,
                  int *cipherLength, unsigned char *key, unsigned char *iv, int ivLen,
                  unsigned char *add, int addLen, unsigned char *tag, int tagLen);
int Sm4GcmDecrypt(unsigned char *source, int sourceLength, unsigned char *plainText,
                  int *plainTextLength, unsigned char *key, unsigned char *iv, int ivLen,
                  unsigned char *add, int addLen, unsigned char *tag, int tagLen);

/* Addition of this product: wipes the cached data keys of one manager. */
int FreeKeyManager(struct KeyManager *keyManager);

#ifdef __cplusplus
}
#endif
#endif
