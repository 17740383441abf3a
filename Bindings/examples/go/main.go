// Encrypts a text under keys that a KMS guards, decrypts it, and shows the algorithms on keys of one's own.
//
//	go run . [TEXT]
//
// From the environment: CLAVIGER_URL, the KMS's address (without it, TENCENT_SDK_DOMAIN); CLAVIGER_ACCESS_ID and
// CLAVIGER_ACCESS_KEY, the account's; CLAVIGER_CMK_1, a master key; CLAVIGER_CMK_2, if it is set, a second one that serves
// when the first cannot; CLAVIGER_CMK_REGION_1 and CLAVIGER_CMK_REGION_2, where they are, ap-guangzhou and ap-beijing if
// nothing else is said.
package main

import (
	"bytes"
	"crypto/rand"
	"fmt"
	"os"

	sdk "claviger/kmsencsdk"
)

func setting(name, otherwise string) string {
	if value := os.Getenv(name); value != "" {
		return value
	}
	return otherwise
}

// check takes the binding's own type: a nil *EncryptSDKError in a variable of type error would not be equal to nil.
func check(err *sdk.EncryptSDKError) {
	if err != nil {
		fmt.Fprintln(os.Stderr, err.Error())
		os.Exit(1)
	}
}

func require(isTrue bool, what string) {
	if !isTrue {
		fmt.Fprintln(os.Stderr, "this is not so: "+what)
		os.Exit(1)
	}
}

func guardedByKMS(text []byte) {
	id, key := os.Getenv("CLAVIGER_ACCESS_ID"), os.Getenv("CLAVIGER_ACCESS_KEY")
	region := setting("CLAVIGER_CMK_REGION_1", "ap-guangzhou")
	check(sdk.InitSdk(region, id, key, os.Getenv("CLAVIGER_URL")))

	list := make([]byte, sdk.KMS_ENC_SDK_MIN_MASTERKEYS)
	check(sdk.NewMasterKey(list, region, os.Getenv("CLAVIGER_CMK_1")))
	if second := os.Getenv("CLAVIGER_CMK_2"); second != "" {
		check(sdk.AddMasterKey(list, setting("CLAVIGER_CMK_REGION_2", "ap-beijing"), second))
	}

	// A data key serves for 1000 messages or five minutes; one that the KMS decrypted is kept for five minutes.
	var manager sdk.KeyManager
	check(sdk.InitKeyManager(&manager, string(list), 1000, 300, 300, id, key))
	defer sdk.FreeKeyManager(&manager)

	var header sdk.MsgHead
	message, err := sdk.Encrypt(text, &manager, string(list), sdk.SM4_GCM_128, `{"purpose":"demonstration"}`, 0, &header)
	check(err)
	fmt.Printf("%d bytes of text became a message of %d, which any of %d master keys can decrypt\n", len(text), len(message),
		len(sdk.ReadMsgHead(&header).DataKeys))
	opened, err := sdk.Decrypt(message, &manager, &header)
	check(err)
	require(bytes.Equal(opened, text), "what was decrypted is what was encrypted")

	message[len(message)-1] ^= 1
	_, err = sdk.Decrypt(message, &manager, &header)
	require(err != nil && err.Code == "SignCheckFail", "a changed message is noticed")
	fmt.Println("changed:", err)
}

func onOwnKeys(text []byte) {
	random, tag := make([]byte, 28), make([]byte, 16)
	if _, err := rand.Read(random); err != nil {
		panic(err)
	}
	// No two texts may have the same key and nonce.
	key, nonce := random[:16], random[16:]
	encrypted, err := sdk.Sm4GcmEncrypt(text, key, nonce, nil, tag)
	check(err)
	opened, err := sdk.Sm4GcmDecrypt(encrypted, key, nonce, nil, tag)
	check(err)
	require(bytes.Equal(opened, text), "SM4-GCM gives back what it was given")

	public, private, err := sdk.Sm2GetKey()
	check(err)
	signature, err := sdk.Sm2Sign(public, private, text)
	check(err)
	check(sdk.Sm2Verify(public, text, signature))
	digest, err := sdk.Sm3Digest(text)
	check(err)
	fmt.Printf("SM3 %x\nSM2 signature of %d bytes\n", digest, len(signature))
}

func main() {
	text := []byte("attack at dawn")
	if len(os.Args) > 1 {
		text = []byte(os.Args[1])
	}
	guardedByKMS(text)
	onOwnKeys(text)
}
