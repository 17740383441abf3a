/* The sizes and places of the header's structs, in the words of C: a line for each, `name offset size`. The other languages must agree. */
#include "kms_enc_sdk.h"

#define SIZE(type) printf("%s 0 %zu\n", #type, sizeof(struct type))
#define PLACE(type, member) \
    printf("%s.%s %zu %zu\n", #type, #member, offsetof(struct type, member), sizeof(((struct type *)NULL)->member))

int main(void)
{
    SIZE(EncryptedDataKey);
    PLACE(EncryptedDataKey, cmkRegion);
    PLACE(EncryptedDataKey, cmkKeyId);
    PLACE(EncryptedDataKey, dataKey);
    SIZE(MsgHead);
    PLACE(MsgHead, algorithm);
    PLACE(MsgHead, encryptionContext);
    PLACE(MsgHead, dataKeyNum);
    PLACE(MsgHead, dataKey);
    PLACE(MsgHead, blockType);
    PLACE(MsgHead, blockLength);
    SIZE(KeyManager);
    PLACE(KeyManager, secretId);
    PLACE(KeyManager, secretKey);
    PLACE(KeyManager, msgCount);
    PLACE(KeyManager, enExpiretime);
    PLACE(KeyManager, deExpiretime);
    PLACE(KeyManager, reserved0);
    PLACE(KeyManager, handle);
    PLACE(KeyManager, reserved);
    return 0;
}
