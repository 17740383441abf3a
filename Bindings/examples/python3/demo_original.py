# -*- coding: utf-8 -*-
"""SM2, SM3 and SM4 on keys of one's own: every such call. Needs no KMS; runs under Python 2.7 and 3.

    demo_original.py [TEXT]
"""
from __future__ import print_function
import binascii
import os
import sys

# Where the archive has the binding; it may as well be installed.
HERE = os.path.dirname(os.path.realpath(__file__))
sys.path.insert(0, os.path.join(HERE, "..", "..", "python%d" % sys.version_info[0]))
from kms_enc_sdk import *  # noqa: E402,F403

# The public key of the examples in GB/T 32918.5-2017.
PEM = b"""-----BEGIN PUBLIC KEY-----
MFkwEwYHKoZIzj0CAQYIKoEcz1UBgi0DQgAECfnfMR5UIaFQ3X0WHkvFxnIXn60Y
M/wHa7CP81bzUCDM6kkM4md1pS3G6nGMwapgCu0F+/NeCEpmMvYHLamtEw==
-----END PUBLIC KEY-----
"""


def check(result, what):
    if result != 0:
        sys.exit("%s failed: %d" % (what, result))


def made(what, results):
    """What a call gave beside its result, shown."""
    check(results[0], what)
    for data in results[1:]:
        print("%-22s%s" % (what, binascii.hexlify(data).decode()))
    return results[1] if len(results) == 2 else results[1:]


def main():
    text = sys.argv[1] if len(sys.argv) > 1 else "attack at dawn"
    if not isinstance(text, bytes):
        text = text.encode("utf-8")

    made("Sm3Digest", Sm3Digest(text))
    made("Sm3Hmac", Sm3Hmac(text, os.urandom(16)))

    key, iv = os.urandom(16), os.urandom(16)
    for encrypt, decrypt, settings in (
            (Sm4EcbEncrypt, Sm4EcbDecrypt, (key,)), (Sm4CbcEncrypt, Sm4CbcDecrypt, (key, iv)),
            (Sm4CtrEncrypt, Sm4CtrDecrypt, (key, iv))):
        encrypted = made(encrypt.__name__, encrypt(text, *settings))
        if decrypt(encrypted, *settings) != (0, text):
            sys.exit("%s does not give back the text" % decrypt.__name__)

    # No two texts may have the same key and nonce.
    key, nonce, added = os.urandom(16), os.urandom(12), b"sent along in clear"
    encrypted, tag = made("Sm4GcmEncrypt", Sm4GcmEncrypt(text, key, nonce, added))
    if Sm4GcmDecrypt(encrypted, key, nonce, added, tag) != (0, text):
        sys.exit("Sm4GcmDecrypt does not give back the text")
    if Sm4GcmDecrypt(encrypted, key, nonce, b"", tag) != (-13, b""):
        sys.exit("a change was not noticed")

    result, public, private = Sm2GetKey()
    check(result, "Sm2GetKey")
    signature = made("Sm2Sign", Sm2Sign(public, private, text))
    check(Sm2Verify(public, signature, text), "Sm2Verify")
    digest = made("HashForSM3WithSM2", HashForSM3WithSM2(text, public, b"1234567812345678"))
    check(Sm2VerifyWithDigest(public, signature, digest), "Sm2VerifyWithDigest")
    signature = made("Sm2SignWithDigest", Sm2SignWithDigest(public, private, digest))
    check(Sm2Verify(public, signature, text), "Sm2Verify")
    encrypted = made("Sm2Encrypt", Sm2Encrypt(public, text))
    if Sm2Decrypt(private, encrypted) != (0, text):
        sys.exit("Sm2Decrypt does not give back the text")
    made("Sm2PemChangeToPubkey", Sm2PemChangeToPubkey(PEM))


main()
