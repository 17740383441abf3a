// Package kmsencsdk encrypts data on the machine where it runs, under data keys that a KMS makes and guards, and offers
// the algorithms SM2, SM3 and SM4 on keys of the caller's own.
//
// It is a thin layer over libkms_enc_sdk.so, which is looked for in ../lib of this folder when a program is built, and
// again when it starts. The file may also be copied into a program's own package: change the package clause and give
// the header's and the library's places by CGO_CFLAGS, CGO_LDFLAGS and LD_LIBRARY_PATH.
//
// Every function may be called by any number of goroutines at once. Slices given to a call must not be changed before
// it returns. All results that can fail are *EncryptSDKError, nil on success; take care not to store such a nil pointer
// in a variable of type error, which would then not compare equal to nil.
package kmsencsdk

/*
#cgo CFLAGS: -I${SRCDIR}/../include
#cgo LDFLAGS: -L${SRCDIR}/../lib -lkms_enc_sdk -Wl,-rpath,${SRCDIR}/../lib
#include "kms_enc_sdk.h"
*/
import "C"

import (
	"bytes"
	"strconv"
	"strings"
	"unsafe"
)

// Names of this file that are not exported begin with "sdk": where the file is part of a program's own package, they
// must not meet the program's.

// KeyManager refers to credentials and to caches of data keys inside the library. Fill it by InitKeyManager, end its use
// by FreeKeyManager. Copies share one cache. One KeyManager may serve any number of goroutines.
type KeyManager = C.struct_KeyManager

// MsgHead says how a message is encrypted. Encrypt and Decrypt fill it; where its members are out of reach because they
// are not exported, ReadMsgHead gives them.
type MsgHead = C.struct_MsgHead

// EncryptedDataKey is a message's data key as one master key encrypted it.
type EncryptedDataKey = C.struct_EncryptedDataKey

// Algorithm is a way to encrypt a message.
type Algorithm = C.enum_Algorithm

// BlockType says whether a message is cut into chunks.
type BlockType = C.enum_BlockType

// Ways to encrypt a message. Those with a signature carry an HMAC-SM3 over the whole message. The four others, GCM
// excepted, do not notice that a message was changed.
const (
	SM4_CBC_128_WITH_SIGNATURE Algorithm = C.SM4_CBC_128_WITH_SIGNATURE
	SM4_CBC_128                Algorithm = C.SM4_CBC_128
	SM4_GCM_128_WITH_SIGNATURE Algorithm = C.SM4_GCM_128_WITH_SIGNATURE
	SM4_GCM_128                Algorithm = C.SM4_GCM_128
	SM4_CTR_128_WITH_SIGNATURE Algorithm = C.SM4_CTR_128_WITH_SIGNATURE
	SM4_CTR_128                Algorithm = C.SM4_CTR_128
	SM4_ECB_128_WITH_SIGNATURE Algorithm = C.SM4_ECB_128_WITH_SIGNATURE
	SM4_ECB_128                Algorithm = C.SM4_ECB_128
)

// Whether a message is cut into chunks.
const (
	WITHOUT_BLOCK BlockType = C.WITHOUT_BLOCK
	WITH_BLOCK    BlockType = C.WITH_BLOCK
)

// Sizes in bytes, with the NUL that ends a text, and the number of master keys that a list can hold.
const (
	KMS_ENC_SDK_MAX_CMK         = C.KMS_ENC_SDK_MAX_CMK
	KMS_ENC_SDK_MIN_MASTERKEYS  = C.KMS_ENC_SDK_MIN_MASTERKEYS
	KMS_ENC_SDK_CREDENTIAL_SIZE = C.KMS_ENC_SDK_CREDENTIAL_SIZE
	KMS_ENC_SDK_REGION_SIZE     = C.KMS_ENC_SDK_REGION_SIZE
	KMS_ENC_SDK_KEYID_SIZE      = C.KMS_ENC_SDK_KEYID_SIZE
	KMS_ENC_SDK_DATAKEY_SIZE    = C.KMS_ENC_SDK_DATAKEY_SIZE
	KMS_ENC_SDK_CONTEXT_SIZE    = C.KMS_ENC_SDK_CONTEXT_SIZE
)

// What the library's functions answer. In Go an EncryptSDKError's Code says it in words, and its Message ends in the
// number.
const (
	ES_OK                    = C.ES_OK
	ES_ERROR                 = C.ES_ERROR
	ES_ENCRYPT_SOURCE_EMPTY  = C.ES_ENCRYPT_SOURCE_EMPTY
	ES_NO_CMKEY              = C.ES_NO_CMKEY
	ES_ALGRITHM_ERR          = C.ES_ALGRITHM_ERR
	ES_GENERATE_DATAKEY_ERR  = C.ES_GENERATE_DATAKEY_ERR
	ES_ENCRYPT_DATA_ERR      = C.ES_ENCRYPT_DATA_ERR
	ES_MARSHAL_PROTOBUF_ERR  = C.ES_MARSHAL_PROTOBUF_ERR
	ES_CIPHER_TEXT_TOO_SHORT = C.ES_CIPHER_TEXT_TOO_SHORT
	ES_GET_PROTO_ERR         = C.ES_GET_PROTO_ERR
	ES_PARSE_PROTO_ERR       = C.ES_PARSE_PROTO_ERR
	ES_DECRYPT_DATAKEY_ERR   = C.ES_DECRYPT_DATAKEY_ERR
	ES_SET_DATAKEY_ERR       = C.ES_SET_DATAKEY_ERR
	ES_DIGEST_INVALIDATE     = C.ES_DIGEST_INVALIDATE
	ES_MEMORY_ERR            = C.ES_MEMORY_ERR
	ES_KMSSERVICE_ERR        = C.ES_KMSSERVICE_ERR
	ES_USEREDITION_ERR       = C.ES_USEREDITION_ERR
)

// EncryptSDKError is why a call failed.
type EncryptSDKError struct {
	// Code is one of CheckAlgorithmError, DecryptDataKeyError, EncryptDataKeyError, GenerateDataKeyError,
	// InvalidMessage, InvalidParameter, KmsAccessError, KmsServiceError, LocalDecryptError, LocalEncryptError,
	// SignCheckFail, UnknownError, UserEditionError.
	Code string
	// Message says for people what was wrong; it quotes no key and no data.
	Message string
}

// Error gives the code and the message.
func (e *EncryptSDKError) Error() string {
	return e.Code + ": " + e.Message
}

// InitSdk asks the KMS whether the account may use it, and makes its address that of this process. domainName is
// [http://|https://]host[:port], where "{region}" stands for a master key's region, or a comma-separated list of
// region=address; if it is empty, the environment variable TENCENT_SDK_DOMAIN is used. May be called again; a call that
// fails changes nothing. The functions whose names begin with Sm, and HashForSM3WithSM2, work without it.
func InitSdk(region, secretId, secretKey, domainName string) *EncryptSDKError {
	if err := sdkNoNUL(sdkInitializing, "region", region, "secretId", secretId, "secretKey", secretKey, "domainName", domainName); err != nil {
		return err
	}
	cRegion, cId := C.CString(region), C.CString(secretId)
	cKey, cDomain := C.CString(secretKey), C.CString(domainName)
	defer sdkFree(cRegion, cId, cDomain)
	defer sdkWipe(cKey, len(secretKey))
	return sdkResult(sdkInitializing, C.InitSdk(cRegion, cId, cKey, cDomain))
}

// NewMasterKey begins a list of master keys with the one that is used first. masterKeys is where the list is put, at
// least 512 bytes; what is there is overwritten. The region has 1 to 32, the key id 1 to 64 of the characters A-Z, a-z,
// 0-9, "-", "_" and ".".
func NewMasterKey(masterKeys []byte, cmkRegion, cmkKeyId string) *EncryptSDKError {
	if err := sdkMasterKeyArguments(masterKeys, cmkRegion, cmkKeyId); err != nil {
		return err
	}
	cRegion, cKeyId := C.CString(cmkRegion), C.CString(cmkKeyId)
	defer sdkFree(cRegion, cKeyId)
	return sdkResult(sdkListing, C.NewMasterKey((*C.char)(unsafe.Pointer(&masterKeys[0])), cRegion, cKeyId))
}

// AddMasterKey appends a master key that serves when those before it cannot, up to five in all. A list that cannot take
// it is left as it was.
func AddMasterKey(masterKeys []byte, cmkRegion, cmkKeyId string) *EncryptSDKError {
	if err := sdkMasterKeyArguments(masterKeys, cmkRegion, cmkKeyId); err != nil {
		return err
	}
	if bytes.IndexByte(masterKeys, 0) < 0 {
		return sdkInvalid("masterKeys is not a list of NewMasterKey: no NUL ends it")
	}
	cRegion, cKeyId := C.CString(cmkRegion), C.CString(cmkKeyId)
	defer sdkFree(cRegion, cKeyId)
	return sdkResult(sdkListing, C.AddMasterKey((*C.char)(unsafe.Pointer(&masterKeys[0])), cRegion, cKeyId))
}

// InitKeyManager makes keyManager refer to new, empty caches and to these credentials; it calls no KMS. A data key
// encrypts at most msgCount messages and for less than enExpiretime seconds; one that the KMS decrypted is kept for
// deExpiretime seconds. 0 means no limit, in each of them.
func InitKeyManager(keyManager *KeyManager, masterKeys string, msgCount, enExpiretime, deExpiretime int, secretId, secretKey string) *EncryptSDKError {
	if keyManager == nil {
		return sdkInvalid("keyManager is nil")
	}
	if err := sdkNoNUL(sdkListing, "secretId", secretId, "secretKey", secretKey); err != nil {
		return err
	}
	if err := sdkCount(sdkListing, "msgCount", msgCount); err != nil {
		return err
	}
	if err := sdkCount(sdkListing, "enExpiretime", enExpiretime); err != nil {
		return err
	}
	if err := sdkCount(sdkListing, "deExpiretime", deExpiretime); err != nil {
		return err
	}
	cKeys, cId, cKey := C.CString(sdkList(masterKeys)), C.CString(secretId), C.CString(secretKey)
	defer sdkFree(cKeys, cId)
	defer sdkWipe(cKey, len(secretKey))
	return sdkResult(sdkListing, C.InitKeyManager(
		keyManager, cKeys, C.int(msgCount), C.int(enExpiretime), C.int(deExpiretime), cId, cKey))
}

// Encrypt encrypts source under a data key that the master keys of the list guard, and fills header. The message holds
// everything that Decrypt needs but the master keys. encryptionContext is "" or a JSON object of up to 2048 bytes;
// it is part of the message, readable, and the KMS binds the data key to it. blockSize 0 encrypts in one piece, another
// in chunks of that many bytes, up to 2147483647.
func Encrypt(source []byte, keyManager *KeyManager, masterKeys string, algorithm Algorithm, encryptionContext string, blockSize int, header *MsgHead) ([]byte, *EncryptSDKError) {
	if err := sdkNotNil(sdkEncrypting, keyManager, header); err != nil {
		return nil, err
	}
	// What C could not see, or only as something else. It gets a block size that it refuses in its turn, after the other
	// arguments.
	fault := sdkNoNUL(sdkEncrypting, "encryptionContext", encryptionContext)
	if fault == nil {
		fault = sdkCount(sdkEncrypting, "blockSize", blockSize)
	}
	chunks, cBlockSize := 1, C.size_t(sdkMaxLength)+1
	if fault == nil {
		cBlockSize = C.size_t(blockSize)
		if blockSize > 0 && len(source) > 0 {
			chunks = (len(source)-1)/blockSize + 1
		}
	}
	cKeys, cContext := C.CString(sdkList(masterKeys)), C.CString(encryptionContext)
	defer sdkFree(cKeys, cContext)
	cipher := make([]byte, len(source)+16*chunks+16384)
	var length C.size_t
	result := C.Encrypt(sdkBytes(source), C.size_t(len(source)), keyManager, cKeys, algorithm,
		(*C.uchar)(unsafe.Pointer(cContext)), cBlockSize, header, sdkBytes(cipher), &length)
	if result == C.ES_ERROR && fault != nil {
		return nil, fault
	}
	if result == C.ES_SET_DATAKEY_ERR {
		return nil, &EncryptSDKError{"GenerateDataKeyError", sdkText(sdkMessages[result], result)}
	}
	if err := sdkResult(sdkEncrypting, result); err != nil {
		return nil, err
	}
	return sdkFit(cipher, int(length)), nil
}

// Decrypt gives what a message of Encrypt holds, and fills header. Plaintext of a message that is signed or encrypted by
// GCM is given only if the message is unchanged.
func Decrypt(source []byte, keyManager *KeyManager, header *MsgHead) ([]byte, *EncryptSDKError) {
	if err := sdkNotNil(sdkDecrypting, keyManager, header); err != nil {
		return nil, err
	}
	plainText := make([]byte, len(source)+1)
	var length C.size_t
	if err := sdkResult(sdkDecrypting, C.Decrypt(sdkBytes(source), C.size_t(len(source)), keyManager, header,
		sdkBytes(plainText), &length)); err != nil {
		return nil, err
	}
	return sdkFit(plainText, int(length)), nil
}

// FreeKeyManager wipes the data keys that keyManager caches, for all its copies; calls that use it then fail. Not calling
// it keeps them in memory until the process ends.
func FreeKeyManager(keyManager *KeyManager) *EncryptSDKError {
	if keyManager == nil {
		return sdkOther.error("keyManager is nil")
	}
	return sdkResult(sdkOther, C.FreeKeyManager(keyManager))
}

// MsgHeadInfo is a MsgHead's content in Go's own types.
type MsgHeadInfo struct {
	Algorithm         Algorithm
	EncryptionContext string
	// DataKeys has one element for every master key that can decrypt the message.
	DataKeys  []EncryptedDataKeyInfo
	BlockType BlockType
	// BlockLength is the bytes of plaintext in a chunk, 0 for a message in one piece.
	BlockLength int
}

// EncryptedDataKeyInfo is an EncryptedDataKey's content in Go's own types.
type EncryptedDataKeyInfo struct {
	CmkRegion string
	CmkKeyId  string
	// DataKey is the text that the KMS gave for the encrypted data key.
	DataKey string
}

// ReadMsgHead gives what Encrypt or Decrypt put into header, for other packages than the binding's own, to which the
// members of a C struct are not visible.
func ReadMsgHead(header *MsgHead) MsgHeadInfo {
	if header == nil {
		return MsgHeadInfo{}
	}
	info := MsgHeadInfo{
		Algorithm:         Algorithm(header.algorithm),
		EncryptionContext: sdkArray(header.encryptionContext[:]),
		BlockType:         BlockType(header.blockType),
		BlockLength:       int(header.blockLength),
	}
	for index := 0; index < int(header.dataKeyNum) && index < len(header.dataKey); index++ {
		key := &header.dataKey[index]
		info.DataKeys = append(info.DataKeys, EncryptedDataKeyInfo{
			CmkRegion: sdkArray(key.cmkRegion[:]),
			CmkKeyId:  sdkArray(key.cmkKeyId[:]),
			DataKey:   sdkArray(key.dataKey[:]),
		})
	}
	return info
}

// Sm2GetKey makes a key pair: a public key of 64 bytes, x then y, and a private key of 32.
func Sm2GetKey() (pubKey, priKey []byte, err *EncryptSDKError) {
	pubKey, priKey = make([]byte, 64), make([]byte, 32)
	if err := sdkResult(sdkOther, C.Sm2GetKey(sdkBytes(pubKey), sdkBytes(priKey))); err != nil {
		return nil, nil, err
	}
	return pubKey, priKey, nil
}

// Sm2Sign signs msg under the signer's id 1234567812345678. The signature is DER, at most 72 bytes.
func Sm2Sign(pubKey, priKey, msg []byte) ([]byte, *EncryptSDKError) {
	if err := sdkKeyPair(pubKey, priKey); err != nil {
		return nil, err
	}
	if err := sdkLength("msg", msg, 0, sdkMaxLength); err != nil {
		return nil, err
	}
	signature := make([]byte, 72)
	var length C.int
	if err := sdkResult(sdkEncrypting, C.Sm2Sign(sdkBytes(pubKey), sdkBytes(priKey), sdkBytes(msg), C.int(len(msg)),
		sdkBytes(signature), &length)); err != nil {
		return nil, err
	}
	return signature[:length:length], nil
}

// Sm2Verify checks a signature of Sm2Sign, DER or the 64 bytes r then s. The order of its arguments is Go's alone: the
// other languages take the signature before the message.
func Sm2Verify(pubKey, msg, sig []byte) *EncryptSDKError {
	if err := sdkLength("pubKey", pubKey, 64, 64); err != nil {
		return err
	}
	if err := sdkLength("msg", msg, 0, sdkMaxLength); err != nil {
		return err
	}
	if err := sdkLength("sig", sig, 0, sdkMaxLength); err != nil {
		return err
	}
	return sdkResult(sdkOther, C.Sm2Verify(sdkBytes(pubKey), sdkBytes(sig), C.int(len(sig)), sdkBytes(msg), C.int(len(msg))))
}

// Sm2Encrypt encrypts to a public key. The result is ASN.1 as in GM/T 0009. It is meant for little data, such as keys.
func Sm2Encrypt(pubKey, source []byte) ([]byte, *EncryptSDKError) {
	if err := sdkLength("pubKey", pubKey, 64, 64); err != nil {
		return nil, err
	}
	if err := sdkLength("source", source, 0, sdkMaxLength-128); err != nil {
		return nil, err
	}
	cipherText := make([]byte, len(source)+128)
	var length C.int
	if err := sdkResult(sdkEncrypting, C.Sm2Encrypt(sdkBytes(pubKey), sdkBytes(source), C.int(len(source)),
		sdkBytes(cipherText), &length)); err != nil {
		return nil, err
	}
	return cipherText[:length:length], nil
}

// Sm2Decrypt decrypts what Sm2Encrypt made; also C1 || C3 || C2, with or without the 04 in front.
func Sm2Decrypt(priKey, source []byte) ([]byte, *EncryptSDKError) {
	if err := sdkLength("priKey", priKey, 32, 32); err != nil {
		return nil, err
	}
	if err := sdkLength("source", source, 0, sdkMaxLength); err != nil {
		return nil, err
	}
	plainText := make([]byte, len(source)+1)
	var length C.int
	if err := sdkResult(sdkDecrypting, C.Sm2Decrypt(sdkBytes(priKey), sdkBytes(source), C.int(len(source)),
		sdkBytes(plainText), &length)); err != nil {
		return nil, err
	}
	return plainText[:length:length], nil
}

// Sm2PemChangeToPubkey gives the 64 bytes of the public key in a PEM text "PUBLIC KEY".
func Sm2PemChangeToPubkey(pemPubKeyInfo []byte) ([]byte, *EncryptSDKError) {
	if bytes.IndexByte(pemPubKeyInfo, 0) >= 0 {
		return nil, sdkOther.error("pemPubKeyInfo contains a NUL")
	}
	text := make([]byte, len(pemPubKeyInfo)+1)
	copy(text, pemPubKeyInfo)
	pubKey := make([]byte, 64)
	if err := sdkResult(sdkOther, C.Sm2PemChangeToPubkey(sdkBytes(text), sdkBytes(pubKey))); err != nil {
		return nil, err
	}
	return pubKey, nil
}

// HashForSM3WithSM2 gives the 32 bytes that SM2 signs for msg: SM3 over a digest of the signer's id (1 to 8191 bytes) and
// public key, and msg.
func HashForSM3WithSM2(msg, pubKey, id []byte) ([]byte, *EncryptSDKError) {
	if err := sdkLength("msg", msg, 0, sdkMaxLength); err != nil {
		return nil, err
	}
	if err := sdkLength("pubKey", pubKey, 64, 64); err != nil {
		return nil, err
	}
	if err := sdkLength("id", id, 1, 8191); err != nil {
		return nil, err
	}
	digest := make([]byte, 32)
	var length C.int
	if err := sdkResult(sdkOther, C.HashForSM3WithSM2(sdkBytes(msg), C.int(len(msg)), sdkBytes(pubKey), sdkBytes(id),
		C.int(len(id)), sdkBytes(digest), &length)); err != nil {
		return nil, err
	}
	return digest[:length], nil
}

// Sm2SignWithDigest signs a digest of HashForSM3WithSM2. The signature is DER, at most 72 bytes.
func Sm2SignWithDigest(pubKey, priKey, digest []byte) ([]byte, *EncryptSDKError) {
	if err := sdkKeyPair(pubKey, priKey); err != nil {
		return nil, err
	}
	if err := sdkLength("digest", digest, 32, 32); err != nil {
		return nil, err
	}
	signature := make([]byte, 72)
	var length C.int
	if err := sdkResult(sdkEncrypting, C.Sm2SignWithDigest(sdkBytes(pubKey), sdkBytes(priKey), sdkBytes(digest),
		C.int(len(digest)), sdkBytes(signature), &length)); err != nil {
		return nil, err
	}
	return signature[:length:length], nil
}

// Sm2VerifyWithDigest checks a signature over a digest of HashForSM3WithSM2, DER or the 64 bytes r then s.
func Sm2VerifyWithDigest(pubKey, sig, digest []byte) *EncryptSDKError {
	if err := sdkLength("pubKey", pubKey, 64, 64); err != nil {
		return err
	}
	if err := sdkLength("sig", sig, 0, sdkMaxLength); err != nil {
		return err
	}
	if err := sdkLength("digest", digest, 32, 32); err != nil {
		return err
	}
	return sdkResult(sdkOther, C.Sm2VerifyWithDigest(sdkBytes(pubKey), sdkBytes(sig), C.int(len(sig)), sdkBytes(digest),
		C.int(len(digest))))
}

// Sm3Hmac gives the HMAC-SM3 of data, 32 bytes, under a key of at least one byte.
func Sm3Hmac(data, hmacKey []byte) ([]byte, *EncryptSDKError) {
	if err := sdkLength("data", data, 0, sdkMaxLength); err != nil {
		return nil, err
	}
	if err := sdkLength("hmacKey", hmacKey, 1, sdkMaxLength); err != nil {
		return nil, err
	}
	code := make([]byte, 32)
	var length C.int
	if err := sdkResult(sdkOther, C.Sm3Hmac(sdkBytes(data), C.int(len(data)), sdkBytes(hmacKey), C.int(len(hmacKey)),
		sdkBytes(code), &length)); err != nil {
		return nil, err
	}
	return code[:length], nil
}

// Sm3Digest gives the SM3 digest of msg, 32 bytes.
func Sm3Digest(msg []byte) ([]byte, *EncryptSDKError) {
	if err := sdkLength("msg", msg, 0, sdkMaxLength); err != nil {
		return nil, err
	}
	digest := make([]byte, 32)
	var length C.int
	if err := sdkResult(sdkOther, C.Sm3Digest(sdkBytes(msg), C.int(len(msg)), sdkBytes(digest), &length)); err != nil {
		return nil, err
	}
	return digest[:length], nil
}

// Sm4CbcEncrypt encrypts by SM4-CBC with PKCS#7 padding; key and iv are 16 bytes. Nothing tells later whether the result
// was changed: prefer Sm4GcmEncrypt.
func Sm4CbcEncrypt(source, key, iv []byte) ([]byte, *EncryptSDKError) {
	if err := sdkBlockArguments(source, sdkMaxLength-16, key, iv); err != nil {
		return nil, err
	}
	cipherText := make([]byte, len(source)/16*16+16)
	var length C.int
	return sdkOutput(sdkEncrypting, cipherText, &length, C.Sm4CbcEncrypt(sdkBytes(source), C.int(len(source)),
		sdkBytes(cipherText), &length, sdkBytes(key), sdkBytes(iv)))
}

// Sm4CtrEncrypt encrypts by SM4-CTR; key and iv, the first counter block, are 16 bytes. No two texts may be encrypted
// under the same key and iv.
func Sm4CtrEncrypt(source, key, iv []byte) ([]byte, *EncryptSDKError) {
	if err := sdkBlockArguments(source, sdkMaxLength, key, iv); err != nil {
		return nil, err
	}
	cipherText := make([]byte, len(source)+1)
	var length C.int
	return sdkOutput(sdkEncrypting, cipherText, &length, C.Sm4CtrEncrypt(sdkBytes(source), C.int(len(source)),
		sdkBytes(cipherText), &length, sdkBytes(key), sdkBytes(iv)))
}

// Sm4CbcDecrypt decrypts what Sm4CbcEncrypt made and takes the padding off.
func Sm4CbcDecrypt(source, key, iv []byte) ([]byte, *EncryptSDKError) {
	if err := sdkBlockArguments(source, sdkMaxLength, key, iv); err != nil {
		return nil, err
	}
	plainText := make([]byte, len(source)+1)
	var length C.int
	return sdkOutput(sdkDecrypting, plainText, &length, C.Sm4CbcDecrypt(sdkBytes(source), C.int(len(source)),
		sdkBytes(plainText), &length, sdkBytes(key), sdkBytes(iv)))
}

// Sm4CtrDecrypt decrypts what Sm4CtrEncrypt made.
func Sm4CtrDecrypt(source, key, iv []byte) ([]byte, *EncryptSDKError) {
	if err := sdkBlockArguments(source, sdkMaxLength, key, iv); err != nil {
		return nil, err
	}
	plainText := make([]byte, len(source)+1)
	var length C.int
	return sdkOutput(sdkDecrypting, plainText, &length, C.Sm4CtrDecrypt(sdkBytes(source), C.int(len(source)),
		sdkBytes(plainText), &length, sdkBytes(key), sdkBytes(iv)))
}

// Sm4EcbEncrypt encrypts by SM4-ECB with PKCS#7 padding; key is 16 bytes. Equal blocks of a text stay equal in the
// result: for use with what is random already.
func Sm4EcbEncrypt(source, key []byte) ([]byte, *EncryptSDKError) {
	if err := sdkKeyArguments(source, sdkMaxLength-16, key); err != nil {
		return nil, err
	}
	cipherText := make([]byte, len(source)/16*16+16)
	var length C.int
	return sdkOutput(sdkEncrypting, cipherText, &length, C.Sm4EcbEncrypt(sdkBytes(source), C.int(len(source)),
		sdkBytes(cipherText), &length, sdkBytes(key)))
}

// Sm4EcbDecrypt decrypts what Sm4EcbEncrypt made and takes the padding off.
func Sm4EcbDecrypt(source, key []byte) ([]byte, *EncryptSDKError) {
	if err := sdkKeyArguments(source, sdkMaxLength, key); err != nil {
		return nil, err
	}
	plainText := make([]byte, len(source)+1)
	var length C.int
	return sdkOutput(sdkDecrypting, plainText, &length, C.Sm4EcbDecrypt(sdkBytes(source), C.int(len(source)),
		sdkBytes(plainText), &length, sdkBytes(key)))
}

// Sm4GcmEncrypt encrypts by SM4-GCM and fills tag, whose length, 4, 8 or 12 to 16, decides the tag's. key is 16 bytes, iv
// 1 to 65535 (12 as in RFC 8998 where nothing else is asked for), aad any number. No two texts may be encrypted under the
// same key and iv.
func Sm4GcmEncrypt(source, key, iv, aad, tag []byte) ([]byte, *EncryptSDKError) {
	if err := sdkGcmArguments(source, key, iv, aad, tag); err != nil {
		return nil, err
	}
	cipherText := make([]byte, len(source)+1)
	var length C.int
	return sdkOutput(sdkEncrypting, cipherText, &length, C.Sm4GcmEncrypt(sdkBytes(source), C.int(len(source)),
		sdkBytes(cipherText), &length, sdkBytes(key), sdkBytes(iv), C.int(len(iv)), sdkBytes(aad), C.int(len(aad)),
		sdkBytes(tag), C.int(len(tag))))
}

// Sm4GcmDecrypt decrypts what Sm4GcmEncrypt made, if text, iv, aad and tag are all unchanged; otherwise the error's code
// is SignCheckFail.
func Sm4GcmDecrypt(source, key, iv, aad, tag []byte) ([]byte, *EncryptSDKError) {
	if err := sdkGcmArguments(source, key, iv, aad, tag); err != nil {
		return nil, err
	}
	plainText := make([]byte, len(source)+1)
	var length C.int
	return sdkOutput(sdkDecrypting, plainText, &length, C.Sm4GcmDecrypt(sdkBytes(source), C.int(len(source)),
		sdkBytes(plainText), &length, sdkBytes(key), sdkBytes(iv), C.int(len(iv)), sdkBytes(aad), C.int(len(aad)),
		sdkBytes(tag), C.int(len(tag))))
}

// sdkPurpose is what -1 of the library means, which depends on the function.
type sdkPurpose struct {
	code    string
	message string
}

var (
	sdkInitializing = sdkPurpose{"KmsAccessError", "the KMS did not answer or refused the credentials, or there is no address of it, or an argument is wrong"}
	sdkListing      = sdkPurpose{"InvalidParameter", "a region, key id, list of master keys or credential is malformed or too long, or the list is full"}
	sdkEncrypting   = sdkPurpose{"LocalEncryptError", "an argument is wrong, or the key manager is not initialised or was freed"}
	sdkDecrypting   = sdkPurpose{"LocalDecryptError", "an argument or the padding is wrong, or the key manager is not initialised or was freed"}
	sdkOther        = sdkPurpose{"UnknownError", "an argument is wrong"}
)

// error is what the function makes of an argument that its caller got wrong.
func (purpose sdkPurpose) error(message string) *EncryptSDKError {
	return &EncryptSDKError{purpose.code, sdkText(message, C.ES_ERROR)}
}

var sdkCodes = map[C.int]string{
	C.ES_ENCRYPT_SOURCE_EMPTY:  "InvalidParameter",
	C.ES_NO_CMKEY:              "InvalidParameter",
	C.ES_ALGRITHM_ERR:          "CheckAlgorithmError",
	C.ES_GENERATE_DATAKEY_ERR:  "GenerateDataKeyError",
	C.ES_ENCRYPT_DATA_ERR:      "EncryptDataKeyError",
	C.ES_MARSHAL_PROTOBUF_ERR:  "UnknownError",
	C.ES_CIPHER_TEXT_TOO_SHORT: "InvalidMessage",
	C.ES_GET_PROTO_ERR:         "InvalidMessage",
	C.ES_PARSE_PROTO_ERR:       "InvalidMessage",
	C.ES_DECRYPT_DATAKEY_ERR:   "DecryptDataKeyError",
	C.ES_SET_DATAKEY_ERR:       "DecryptDataKeyError",
	C.ES_DIGEST_INVALIDATE:     "SignCheckFail",
	C.ES_MEMORY_ERR:            "UnknownError",
	C.ES_KMSSERVICE_ERR:        "KmsServiceError",
	C.ES_USEREDITION_ERR:       "UserEditionError",
}

var sdkMessages = map[C.int]string{
	C.ES_ENCRYPT_SOURCE_EMPTY:  "source is empty",
	C.ES_NO_CMKEY:              "the list of master keys is empty",
	C.ES_ALGRITHM_ERR:          "the algorithm is none of the eight",
	C.ES_GENERATE_DATAKEY_ERR:  "no master key of the list could make a data key",
	C.ES_ENCRYPT_DATA_ERR:      "the KMS gave an encrypted data key that cannot be used",
	C.ES_MARSHAL_PROTOBUF_ERR:  "the header would be too large",
	C.ES_CIPHER_TEXT_TOO_SHORT: "the message or ciphertext is cut off",
	C.ES_GET_PROTO_ERR:         "this is not a message of the SDK",
	C.ES_PARSE_PROTO_ERR:       "the message's header is malformed, or bytes follow the message",
	C.ES_DECRYPT_DATAKEY_ERR:   "no master key of the message could decrypt its data key",
	C.ES_SET_DATAKEY_ERR:       "the KMS gave a data key that is not 16 bytes",
	C.ES_DIGEST_INVALIDATE:     "the signature or tag does not match: something was changed, or a key is another",
	C.ES_MEMORY_ERR:            "out of memory",
	C.ES_KMSSERVICE_ERR:        "the account's KMS service is not enabled",
	C.ES_USEREDITION_ERR:       "the account has not the edition of the KMS that the SDK needs",
}

// sdkResult turns a result of the library into an error, nil for success.
func sdkResult(purpose sdkPurpose, result C.int) *EncryptSDKError {
	if result == C.ES_OK {
		return nil
	}
	if result == C.ES_ERROR {
		return &EncryptSDKError{purpose.code, sdkText(purpose.message, result)}
	}
	code, isKnown := sdkCodes[result]
	if !isKnown {
		return &EncryptSDKError{"UnknownError", sdkText("the library gave an unknown result", result)}
	}
	return &EncryptSDKError{code, sdkText(sdkMessages[result], result)}
}

func sdkText(message string, result C.int) string {
	return message + " (" + strconv.Itoa(int(result)) + ")"
}

// sdkOutput gives the first length bytes of what the library wrote, or its error. length is a pointer because it is only
// set by the call that result comes from.
func sdkOutput(purpose sdkPurpose, output []byte, length *C.int, result C.int) ([]byte, *EncryptSDKError) {
	if err := sdkResult(purpose, result); err != nil {
		return nil, err
	}
	return output[:*length:*length], nil
}

// sdkFit cuts a buffer to its content. A small message is copied out of its much larger buffer, which would otherwise
// live as long as it.
func sdkFit(buffer []byte, length int) []byte {
	if length < 1<<20 && length < len(buffer)/2 {
		return append([]byte(nil), buffer[:length]...)
	}
	return buffer[:length:length]
}

// sdkNothing is where pointers of empty slices point: the library takes NULL for a missing argument.
var sdkNothing C.uchar

func sdkBytes(slice []byte) *C.uchar {
	if len(slice) == 0 {
		return &sdkNothing
	}
	return (*C.uchar)(unsafe.Pointer(&slice[0]))
}

// sdkArray gives the text in a C array of characters.
func sdkArray(array []C.char) string {
	text := make([]byte, 0, len(array))
	for _, character := range array {
		if character == 0 {
			break
		}
		text = append(text, byte(character))
	}
	return string(text)
}

// sdkList cuts a list of master keys at its first NUL: it is usually made of a whole buffer.
func sdkList(masterKeys string) string {
	if end := strings.IndexByte(masterKeys, 0); end >= 0 {
		return masterKeys[:end]
	}
	return masterKeys
}

func sdkFree(texts ...*C.char) {
	for _, text := range texts {
		C.free(unsafe.Pointer(text))
	}
}

// sdkWipe frees the copy of a secret.
func sdkWipe(text *C.char, length int) {
	C.memset(unsafe.Pointer(text), 0, C.size_t(length))
	C.free(unsafe.Pointer(text))
}

// sdkMaxLength is the most that an int of C can say.
const sdkMaxLength = 1<<31 - 1

func sdkInvalid(message string) *EncryptSDKError {
	return &EncryptSDKError{"InvalidParameter", message}
}

func sdkNotNil(purpose sdkPurpose, keyManager *KeyManager, header *MsgHead) *EncryptSDKError {
	if keyManager == nil {
		return purpose.error("keyManager is nil")
	}
	if header == nil {
		return purpose.error("header is nil")
	}
	return nil
}

// sdkNoNUL takes names and texts in turn. A NUL would end the text for C, and cut off what follows it.
func sdkNoNUL(purpose sdkPurpose, namesAndTexts ...string) *EncryptSDKError {
	for index := 0; index < len(namesAndTexts); index += 2 {
		if strings.IndexByte(namesAndTexts[index+1], 0) >= 0 {
			return purpose.error(namesAndTexts[index] + " contains a NUL")
		}
	}
	return nil
}

func sdkCount(purpose sdkPurpose, name string, value int) *EncryptSDKError {
	if value < 0 || value > sdkMaxLength {
		return purpose.error(name + " is " + strconv.Itoa(value) + ", not 0 to 2147483647")
	}
	return nil
}

func sdkLength(name string, slice []byte, least, most int) *EncryptSDKError {
	if len(slice) >= least && len(slice) <= most {
		return nil
	}
	wanted := strconv.Itoa(least)
	if least != most {
		wanted += " to " + strconv.Itoa(most)
	}
	return sdkInvalid(name + " has " + strconv.Itoa(len(slice)) + " bytes, not " + wanted)
}

func sdkMasterKeyArguments(masterKeys []byte, cmkRegion, cmkKeyId string) *EncryptSDKError {
	if len(masterKeys) < C.KMS_ENC_SDK_MIN_MASTERKEYS {
		return sdkInvalid("masterKeys has " + strconv.Itoa(len(masterKeys)) + " bytes, not at least 512")
	}
	return sdkNoNUL(sdkListing, "cmkRegion", cmkRegion, "cmkKeyId", cmkKeyId)
}

func sdkKeyPair(pubKey, priKey []byte) *EncryptSDKError {
	if err := sdkLength("pubKey", pubKey, 64, 64); err != nil {
		return err
	}
	return sdkLength("priKey", priKey, 32, 32)
}

func sdkKeyArguments(source []byte, most int, key []byte) *EncryptSDKError {
	if err := sdkLength("source", source, 0, most); err != nil {
		return err
	}
	return sdkLength("key", key, 16, 16)
}

func sdkBlockArguments(source []byte, most int, key, iv []byte) *EncryptSDKError {
	if err := sdkKeyArguments(source, most, key); err != nil {
		return err
	}
	return sdkLength("iv", iv, 16, 16)
}

func sdkGcmArguments(source, key, iv, aad, tag []byte) *EncryptSDKError {
	if err := sdkKeyArguments(source, sdkMaxLength, key); err != nil {
		return err
	}
	if err := sdkLength("iv", iv, 1, 65535); err != nil {
		return err
	}
	if err := sdkLength("aad", aad, 0, sdkMaxLength); err != nil {
		return err
	}
	if length := len(tag); length != 4 && length != 8 && (length < 12 || length > 16) {
		return sdkInvalid("tag has " + strconv.Itoa(length) + " bytes, not 4, 8 or 12 to 16")
	}
	return nil
}
