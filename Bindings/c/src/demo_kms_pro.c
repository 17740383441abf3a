/* Encryption under keys that a KMS guards: every call of it, in the order in which a program makes them.
 *
 *     demo_kms_pro [TEXT]
 *
 * From the environment: CLAVIGER_URL, the KMS's address (without it, TENCENT_SDK_DOMAIN); CLAVIGER_ACCESS_ID and
 * CLAVIGER_ACCESS_KEY, the account's; CLAVIGER_CMK_1, a master key; CLAVIGER_CMK_2, if it is set, a second one that
 * serves when the first cannot; CLAVIGER_CMK_REGION_1 and CLAVIGER_CMK_REGION_2, where they are, ap-guangzhou and
 * ap-beijing if nothing else is said. Exit status 0 if all went well. */
#include "kms_enc_sdk.h"

/* The arguments of the library are not const, but it never writes to its inputs. */
static char *setting(const char *name, char *otherwise)
{
    char *value = getenv(name);
    if (value != NULL && *value != '\0')
        return value;
    if (otherwise == NULL) {
        fprintf(stderr, "set %s\n", name);
        exit(2);
    }
    return otherwise;
}

static void check(int result, const char *what)
{
    if (result == ES_OK)
        return;
    fprintf(stderr, "%s failed: %d\n", what, result);
    exit(1);
}

static void show(const struct MsgHead *header)
{
    printf("  algorithm %d, context %s, %s", (int)header->algorithm, header->encryptionContext,
           header->blockType == WITH_BLOCK ? "in chunks" : "in one piece");
    if (header->blockType == WITH_BLOCK)
        printf(" of %d bytes", header->blockLength);
    printf("; can be decrypted by\n");
    for (int index = 0; index < header->dataKeyNum; index++)
        printf("    %s in %s\n", header->dataKey[index].cmkKeyId, header->dataKey[index].cmkRegion);
}

static void round_trip(struct KeyManager *key_manager, char *master_keys, unsigned char *text, size_t text_length,
                       enum Algorithm algorithm, size_t block_size)
{
    unsigned char context[] = "{\"purpose\":\"demonstration\"}";
    struct MsgHead encrypted_header, decrypted_header;
    size_t chunks = block_size == 0 ? 1 : (text_length + block_size - 1) / block_size;
    size_t message_length = 0, opened_length = 0;

    /* What Encrypt may write at most. */
    unsigned char *message = malloc(text_length + 16 * chunks + 16384);
    if (message == NULL)
        check(ES_MEMORY_ERR, "malloc");
    check(Encrypt(text, text_length, key_manager, master_keys, algorithm, context, block_size, &encrypted_header,
                  message, &message_length), "Encrypt");
    printf("%zu bytes of text became a message of %zu\n", text_length, message_length);
    show(&encrypted_header);

    /* A text is never longer than its message. */
    unsigned char *opened = malloc(message_length);
    if (opened == NULL)
        check(ES_MEMORY_ERR, "malloc");
    check(Decrypt(message, message_length, key_manager, &decrypted_header, opened, &opened_length), "Decrypt");
    check(opened_length == text_length && memcmp(opened, text, text_length) == 0 ? ES_OK : ES_ERROR, "the comparison");
    /* No NUL stands behind it. */
    printf("  decrypted: %.*s\n", (int)opened_length, (char *)opened);

    /* What was changed on its way is told by a signature, or by GCM. */
    message[message_length - 1] ^= 1;
    int result = Decrypt(message, message_length, key_manager, &decrypted_header, opened, &opened_length);
    check(result == ES_DIGEST_INVALIDATE ? ES_OK : ES_ERROR, "noticing a change");
    printf("  changed: Decrypt gives %d\n", result);
    free(opened);
    free(message);
}

int main(int count, char **arguments)
{
    char *text = count > 1 ? arguments[1] : "attack at dawn";
    char *access_id = setting("CLAVIGER_ACCESS_ID", NULL), *access_key = setting("CLAVIGER_ACCESS_KEY", NULL);
    char *region = setting("CLAVIGER_CMK_REGION_1", "ap-guangzhou");
    char *second_key = setting("CLAVIGER_CMK_2", "");
    char master_keys[KMS_ENC_SDK_MIN_MASTERKEYS];
    struct KeyManager key_manager;

    /* An empty address stands for TENCENT_SDK_DOMAIN. */
    check(InitSdk(region, access_id, access_key, setting("CLAVIGER_URL", "")), "InitSdk");

    check(NewMasterKey(master_keys, region, setting("CLAVIGER_CMK_1", NULL)), "NewMasterKey");
    if (*second_key != '\0')
        check(AddMasterKey(master_keys, setting("CLAVIGER_CMK_REGION_2", "ap-beijing"), second_key), "AddMasterKey");

    /* A data key serves for 1000 messages or five minutes; one that the KMS decrypted is kept for five minutes. */
    check(InitKeyManager(&key_manager, master_keys, 1000, 300, 300, access_id, access_key), "InitKeyManager");
    round_trip(&key_manager, master_keys, (unsigned char *)text, strlen(text), SM4_GCM_128, 0);
    round_trip(&key_manager, master_keys, (unsigned char *)text, strlen(text), SM4_CBC_128_WITH_SIGNATURE, 4);

    check(FreeKeyManager(&key_manager), "FreeKeyManager");
    return 0;
}
