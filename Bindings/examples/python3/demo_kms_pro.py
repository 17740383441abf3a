# -*- coding: utf-8 -*-
"""Encrypts a text under keys that a KMS guards, and decrypts it. Runs under Python 2.7 and 3.

    demo_kms_pro.py [TEXT]

From the environment: CLAVIGER_URL, the KMS's address (without it, TENCENT_SDK_DOMAIN); CLAVIGER_ACCESS_ID and
CLAVIGER_ACCESS_KEY, the account's; CLAVIGER_CMK_1, a master key; CLAVIGER_CMK_2, if it is set, a second one that serves
when the first cannot; CLAVIGER_CMK_REGION_1 and CLAVIGER_CMK_REGION_2, where they are, ap-guangzhou and ap-beijing if
nothing else is said.
"""
from __future__ import print_function
import os
import sys

# Where the archive has the binding; it may as well be installed.
HERE = os.path.dirname(os.path.realpath(__file__))
sys.path.insert(0, os.path.join(HERE, "..", "..", "python%d" % sys.version_info[0]))
from kms_enc_sdk import *  # noqa: E402,F403


def setting(name, otherwise=""):
    return os.environ.get(name) or otherwise


def check(result, what):
    if result != 0:
        sys.exit("%s failed: %d" % (what, result))


def main():
    text = sys.argv[1] if len(sys.argv) > 1 else "attack at dawn"
    if not isinstance(text, bytes):
        text = text.encode("utf-8")
    access_id, access_key = setting("CLAVIGER_ACCESS_ID"), setting("CLAVIGER_ACCESS_KEY")
    region = setting("CLAVIGER_CMK_REGION_1", "ap-guangzhou")
    check(InitSdk(region, access_id, access_key, setting("CLAVIGER_URL")), "InitSdk")

    result, master_keys = NewMasterKey(region, setting("CLAVIGER_CMK_1"))
    check(result, "NewMasterKey")
    if setting("CLAVIGER_CMK_2"):
        result, master_keys = AddMasterKey(
            master_keys, setting("CLAVIGER_CMK_REGION_2", "ap-beijing"), setting("CLAVIGER_CMK_2"))
        check(result, "AddMasterKey")

    # A data key serves for 1000 messages or five minutes; one that the KMS decrypted is kept for five minutes.
    manager = InitKeyManager(master_keys, 1000, 300, 300, access_id, access_key)
    if manager is None:
        sys.exit("InitKeyManager failed")

    result, header, message = Encrypt(
        text, manager, master_keys, Algorithm.SM4_GCM_128, '{"purpose":"demonstration"}', 0)
    check(result, "Encrypt")
    print("%d bytes of text became a message of %d, which these can decrypt:" % (len(text), len(message)))
    for key in header.dataKey[:header.dataKeyNum]:
        print("  %s in %s" % (key.cmkKeyId.decode(), key.cmkRegion.decode()))

    result, header, opened = Decrypt(message, manager)
    check(result, "Decrypt")
    if opened != text:
        sys.exit("what was decrypted is not what was encrypted")

    changed = bytearray(message)
    changed[-1] ^= 1
    result, _, _ = Decrypt(bytes(changed), manager)
    print("changed: Decrypt gives %d" % result)
    if result != -13:
        sys.exit("a change was not noticed")


main()
