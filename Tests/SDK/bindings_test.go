// The Go binding beyond the acceptance programs. As those do, this file stands beside a copy of the binding in one package.
package main

import (
	"bytes"
	"fmt"
	"os"
	"strings"
	"sync"
	"testing"
	"unsafe"
)

func wants(t *testing.T, code, part string, err *EncryptSDKError) {
	t.Helper()
	if err == nil {
		t.Errorf("no error, want %s", code)
	} else if err.Code != code || !strings.Contains(err.Message, part) || err.Error() != err.Code+": "+err.Message {
		t.Errorf("got %q, want %s with %q", err.Error(), code, part)
	}
}

func manager(t *testing.T) (*KeyManager, string) {
	t.Helper()
	id, key := os.Getenv("CLAVIGER_ACCESS_ID"), os.Getenv("CLAVIGER_ACCESS_KEY")
	if err := InitSdk("ap-guangzhou", id, key, os.Getenv("CLAVIGER_URL")); err != nil {
		t.Fatal(err.Error())
	}
	list := make([]byte, KMS_ENC_SDK_MIN_MASTERKEYS)
	if err := NewMasterKey(list, "ap-guangzhou", os.Getenv("CLAVIGER_CMK_1")); err != nil {
		t.Fatal(err.Error())
	}
	made := &KeyManager{}
	if err := InitKeyManager(made, string(list), 0, 0, 0, id, key); err != nil {
		t.Fatal(err.Error())
	}
	return made, string(list)
}

func TestTextWithNULIsRefused(t *testing.T) {
	used, list := manager(t)
	wants(t, "KmsAccessError", "region", InitSdk("a\x00b", "id", "key", ""))
	wants(t, "KmsAccessError", "secretId", InitSdk("r", "\x00", "key", ""))
	wants(t, "KmsAccessError", "secretKey", InitSdk("r", "id", "key\x00", ""))
	wants(t, "KmsAccessError", "domainName", InitSdk("r", "id", "key", "http://\x00"))
	wants(t, "InvalidParameter", "cmkRegion", NewMasterKey(make([]byte, 512), "\x00", "k"))
	wants(t, "InvalidParameter", "cmkKeyId", AddMasterKey(make([]byte, 512), "r", "k\x00"))
	wants(t, "InvalidParameter", "secretId", InitKeyManager(&KeyManager{}, list, 0, 0, 0, "i\x00", "key"))
	_, err := Encrypt([]byte("x"), used, list, SM4_GCM_128, "{}\x00", 0, &MsgHead{})
	wants(t, "LocalEncryptError", "encryptionContext", err)
	_, err = Sm2PemChangeToPubkey([]byte("-----BEGIN\x00"))
	wants(t, "UnknownError", "pemPubKeyInfo", err)
}

func TestWrongLengthsAreNamed(t *testing.T) {
	key, public, private := make([]byte, 16), make([]byte, 64), make([]byte, 32)
	_, err := Sm4CbcEncrypt(key, key[1:], key)
	wants(t, "InvalidParameter", "key has 15 bytes, not 16", err)
	_, err = Sm4CbcDecrypt(key, key, nil)
	wants(t, "InvalidParameter", "iv has 0 bytes, not 16", err)
	_, err = Sm4CtrEncrypt(key, key, public)
	wants(t, "InvalidParameter", "iv has 64 bytes", err)
	_, err = Sm4CtrDecrypt(key, nil, key)
	wants(t, "InvalidParameter", "key has 0", err)
	_, err = Sm4EcbEncrypt(key, private)
	wants(t, "InvalidParameter", "key has 32", err)
	_, err = Sm4EcbDecrypt(key, nil)
	wants(t, "InvalidParameter", "key has 0", err)
	_, err = Sm4GcmEncrypt(key, key, nil, nil, key)
	wants(t, "InvalidParameter", "iv has 0 bytes, not 1 to 65535", err)
	_, err = Sm4GcmEncrypt(key, key, make([]byte, 65536), nil, key)
	wants(t, "InvalidParameter", "iv has 65536", err)
	for _, length := range []int{0, 1, 3, 5, 7, 9, 11, 17, 32} {
		_, err = Sm4GcmDecrypt(key, key, key, nil, make([]byte, length))
		wants(t, "InvalidParameter", fmt.Sprintf("tag has %d bytes", length), err)
	}
	_, err = Sm2Sign(public[1:], private, nil)
	wants(t, "InvalidParameter", "pubKey has 63 bytes, not 64", err)
	_, err = Sm2Sign(public, nil, nil)
	wants(t, "InvalidParameter", "priKey has 0 bytes, not 32", err)
	wants(t, "InvalidParameter", "pubKey", Sm2Verify(nil, nil, nil))
	wants(t, "InvalidParameter", "digest", Sm2VerifyWithDigest(public, key, key))
	_, err = Sm2SignWithDigest(public, private, key)
	wants(t, "InvalidParameter", "digest has 16 bytes, not 32", err)
	_, err = Sm2Encrypt(private, key)
	wants(t, "InvalidParameter", "pubKey", err)
	_, err = Sm2Decrypt(public, key)
	wants(t, "InvalidParameter", "priKey", err)
	_, err = HashForSM3WithSM2(nil, public, nil)
	wants(t, "InvalidParameter", "id has 0 bytes, not 1 to 8191", err)
	_, err = Sm3Hmac(nil, nil)
	wants(t, "InvalidParameter", "hmacKey has 0", err)
	wants(t, "InvalidParameter", "511", NewMasterKey(make([]byte, 511), "r", "k"))
	wants(t, "InvalidParameter", "512", AddMasterKey(nil, "r", "k"))
	wants(t, "InvalidParameter", "NUL", AddMasterKey(bytes.Repeat([]byte("a"), 600), "r", "k"))
}

func TestLengthsBeyondAnIntOfCAreRefused(t *testing.T) {
	// Never touched, so never given memory.
	large := make([]byte, 1<<31)
	key := make([]byte, 16)
	_, err := Sm4CtrEncrypt(large, key, key)
	wants(t, "InvalidParameter", "source has 2147483648 bytes", err)
	_, err = Sm4CbcEncrypt(large[:1<<31-1], key, key)
	wants(t, "InvalidParameter", "source", err)
	_, err = Sm3Digest(large)
	wants(t, "InvalidParameter", "msg", err)
	_, err = Sm4GcmEncrypt(key, key, key, large, key)
	wants(t, "InvalidParameter", "aad", err)
	wants(t, "InvalidParameter", "sig", Sm2Verify(make([]byte, 64), nil, large))
}

func TestNilAndNumbers(t *testing.T) {
	used, list := manager(t)
	head := &MsgHead{}
	wants(t, "InvalidParameter", "nil", InitKeyManager(nil, list, 0, 0, 0, "i", "k"))
	wants(t, "InvalidParameter", "msgCount", InitKeyManager(&KeyManager{}, list, -1, 0, 0, "i", "k"))
	wants(t, "InvalidParameter", "enExpiretime", InitKeyManager(&KeyManager{}, list, 0, 1<<31, 0, "i", "k"))
	wants(t, "InvalidParameter", "deExpiretime", InitKeyManager(&KeyManager{}, list, 0, 0, -5, "i", "k"))
	wants(t, "InvalidParameter", "empty", InitKeyManager(&KeyManager{}, "", 0, 0, 0, "i", "k"))
	wants(t, "InvalidParameter", "", InitKeyManager(&KeyManager{}, "no region", 0, 0, 0, "i", "k"))
	wants(t, "UnknownError", "nil", FreeKeyManager(nil))
	_, err := Encrypt([]byte("x"), nil, list, SM4_GCM_128, "", 0, head)
	wants(t, "LocalEncryptError", "keyManager", err)
	_, err = Encrypt([]byte("x"), used, list, SM4_GCM_128, "", 0, nil)
	wants(t, "LocalEncryptError", "header", err)
	_, err = Decrypt([]byte("x"), used, nil)
	wants(t, "LocalDecryptError", "header", err)
	_, err = Decrypt([]byte("x"), nil, head)
	wants(t, "LocalDecryptError", "keyManager", err)
	_, err = Encrypt([]byte("x"), used, list, SM4_GCM_128, "", -1, head)
	wants(t, "LocalEncryptError", "blockSize is -1", err)
	_, err = Encrypt([]byte("x"), used, list, SM4_GCM_128, "", 1<<31, head)
	wants(t, "LocalEncryptError", "blockSize", err)
	_, err = Encrypt(nil, used, list, SM4_GCM_128, "\x00", -1, head)
	wants(t, "InvalidParameter", "(-2)", err)
	_, err = Encrypt([]byte("x"), used, list, 77, "\x00", -1, head)
	wants(t, "CheckAlgorithmError", "(-4)", err)
	_, err = Encrypt([]byte("x"), used, "", SM4_GCM_128, "\x00", -1, head)
	wants(t, "InvalidParameter", "(-3)", err)
	_, err = Encrypt([]byte("x"), &KeyManager{}, "", SM4_GCM_128, "", 0, head)
	wants(t, "InvalidParameter", "(-3)", err)
	_, err = Encrypt([]byte("x"), used, "", SM4_GCM_128, "", 0, head)
	wants(t, "InvalidParameter", "empty", err)
	_, err = Encrypt(nil, used, list, 77, "", 0, head)
	wants(t, "InvalidParameter", "source is empty (-2)", err)
	_, err = Encrypt([]byte("x"), used, list, SM4_GCM_128, "[]", 0, head)
	wants(t, "LocalEncryptError", "(-1)", err)
	_, err = Encrypt([]byte("x"), &KeyManager{}, list, SM4_GCM_128, "", 0, head)
	wants(t, "LocalEncryptError", "(-1)", err)
	_, err = Decrypt([]byte("0123456789"), &KeyManager{}, head)
	wants(t, "LocalDecryptError", "(-1)", err)
	_, err = Decrypt(nil, used, head)
	wants(t, "InvalidMessage", "(-8)", err)
	_, err = Sm4CbcDecrypt(make([]byte, 15), make([]byte, 16), make([]byte, 16))
	wants(t, "LocalDecryptError", "(-1)", err)
	_, err = Sm4EcbEncrypt(nil, make([]byte, 16))
	wants(t, "InvalidParameter", "(-2)", err)
	_, err = Sm2Decrypt(bytes.Repeat([]byte{1}, 32), make([]byte, 96))
	wants(t, "InvalidMessage", "(-8)", err)
	_, err = Sm2Encrypt(make([]byte, 64), []byte("x"))
	wants(t, "LocalEncryptError", "(-1)", err)
	_, err = HashForSM3WithSM2(nil, make([]byte, 64), []byte("id"))
	wants(t, "UnknownError", "(-1)", err)
}

func TestFreedManager(t *testing.T) {
	used, list := manager(t)
	copied := *used
	if err := FreeKeyManager(used); err != nil {
		t.Fatal(err.Error())
	}
	wants(t, "UnknownError", "(-1)", FreeKeyManager(&copied))
	_, err := Encrypt([]byte("x"), &copied, list, SM4_GCM_128, "", 0, &MsgHead{})
	wants(t, "LocalEncryptError", "(-1)", err)
}

func TestGoroutinesShareAManager(t *testing.T) {
	used, list := manager(t)
	var group sync.WaitGroup
	for number := 0; number < 8; number++ {
		group.Add(1)
		go func(number int) {
			defer group.Done()
			var head MsgHead
			for turn := 0; turn < 50; turn++ {
				text := bytes.Repeat([]byte{byte(number)}, turn*300+1)
				message, err := Encrypt(text, used, list, Algorithm(turn%8+1), `{"a":"b"}`, turn, &head)
				if err != nil {
					t.Error(err.Error())
					return
				}
				opened, err := Decrypt(message, used, &head)
				if err != nil || !bytes.Equal(opened, text) {
					t.Error("another text", err)
					return
				}
			}
		}(number)
	}
	group.Wait()
}

func TestReadMsgHead(t *testing.T) {
	used, list := manager(t)
	var head MsgHead
	if _, err := Encrypt([]byte("x"), used, list, SM4_CTR_128, `{"名":"值"}`, 7, &head); err != nil {
		t.Fatal(err.Error())
	}
	info := ReadMsgHead(&head)
	if info.Algorithm != SM4_CTR_128 || info.EncryptionContext != `{"名":"值"}` || info.BlockType != WITH_BLOCK || info.BlockLength != 7 ||
		len(info.DataKeys) != 1 || info.DataKeys[0].CmkRegion != "ap-guangzhou" || info.DataKeys[0].CmkKeyId != os.Getenv("CLAVIGER_CMK_1") ||
		info.DataKeys[0].DataKey == "" {
		t.Errorf("%+v", info)
	}
	head.dataKeyNum = 1000
	if len(ReadMsgHead(&head).DataKeys) != KMS_ENC_SDK_MAX_CMK || len(ReadMsgHead(nil).DataKeys) != 0 {
		t.Error("more data keys than a header holds")
	}
}

func TestStructsAreAsInC(t *testing.T) {
	path := os.Getenv("CLAVIGER_SDK_LAYOUT")
	if path == "" {
		t.Skip("CLAVIGER_SDK_LAYOUT does not name what layout.c printed")
	}
	content, failure := os.ReadFile(path)
	if failure != nil {
		t.Fatal(failure)
	}
	var key EncryptedDataKey
	var head MsgHead
	var used KeyManager
	places := map[string][2]uintptr{
		"EncryptedDataKey":           {0, unsafe.Sizeof(key)},
		"EncryptedDataKey.cmkRegion": {unsafe.Offsetof(key.cmkRegion), unsafe.Sizeof(key.cmkRegion)},
		"EncryptedDataKey.cmkKeyId":  {unsafe.Offsetof(key.cmkKeyId), unsafe.Sizeof(key.cmkKeyId)},
		"EncryptedDataKey.dataKey":   {unsafe.Offsetof(key.dataKey), unsafe.Sizeof(key.dataKey)},
		"MsgHead":                    {0, unsafe.Sizeof(head)},
		"MsgHead.algorithm":          {unsafe.Offsetof(head.algorithm), unsafe.Sizeof(head.algorithm)},
		"MsgHead.encryptionContext":  {unsafe.Offsetof(head.encryptionContext), unsafe.Sizeof(head.encryptionContext)},
		"MsgHead.dataKeyNum":         {unsafe.Offsetof(head.dataKeyNum), unsafe.Sizeof(head.dataKeyNum)},
		"MsgHead.dataKey":            {unsafe.Offsetof(head.dataKey), unsafe.Sizeof(head.dataKey)},
		"MsgHead.blockType":          {unsafe.Offsetof(head.blockType), unsafe.Sizeof(head.blockType)},
		"MsgHead.blockLength":        {unsafe.Offsetof(head.blockLength), unsafe.Sizeof(head.blockLength)},
		"KeyManager":                 {0, unsafe.Sizeof(used)},
		"KeyManager.secretId":        {unsafe.Offsetof(used.secretId), unsafe.Sizeof(used.secretId)},
		"KeyManager.secretKey":       {unsafe.Offsetof(used.secretKey), unsafe.Sizeof(used.secretKey)},
		"KeyManager.msgCount":        {unsafe.Offsetof(used.msgCount), unsafe.Sizeof(used.msgCount)},
		"KeyManager.enExpiretime":    {unsafe.Offsetof(used.enExpiretime), unsafe.Sizeof(used.enExpiretime)},
		"KeyManager.deExpiretime":    {unsafe.Offsetof(used.deExpiretime), unsafe.Sizeof(used.deExpiretime)},
		"KeyManager.reserved0":       {unsafe.Offsetof(used.reserved0), unsafe.Sizeof(used.reserved0)},
		"KeyManager.handle":          {unsafe.Offsetof(used.handle), unsafe.Sizeof(used.handle)},
		"KeyManager.reserved":        {unsafe.Offsetof(used.reserved), unsafe.Sizeof(used.reserved)},
	}
	lines := strings.Split(strings.TrimSpace(string(content)), "\n")
	if len(lines) != len(places) {
		t.Errorf("%d lines, want %d", len(lines), len(places))
	}
	for _, line := range lines {
		var name string
		var offset, size uintptr
		if _, failure := fmt.Sscan(line, &name, &offset, &size); failure != nil {
			t.Fatal(failure)
		}
		if places[name] != [2]uintptr{offset, size} {
			t.Errorf("%s is at %v, in C at %v", name, places[name], [2]uintptr{offset, size})
		}
	}
}
