# -*- coding: utf-8 -*-
"""What is different in Python 2: data is str, text is str or unicode. Run by Tests/SDK/run, with the settings that it gives."""
import copy
import gc
import os
import sys

sys.path.insert(0, os.path.join(os.environ["CLAVIGER_SDK_DIR"], "python2"))
import kms_enc_sdk
from kms_enc_sdk import *

url, access_id, access_key, cmk = [os.environ["CLAVIGER_" + name] for name in ("URL", "ACCESS_ID", "ACCESS_KEY", "CMK_1")]
region = "ap-guangzhou"
key = "0123456789abcdef"


def same(got, wanted):
    if got != wanted or type(got) is not type(wanted):
        raise AssertionError("got %r, want %r" % (got, wanted))


names = {}
exec "from kms_enc_sdk import *" in names
del names["__builtins__"]
same(sorted(names), sorted(kms_enc_sdk.__all__))

same(InitSdk(region, access_id, access_key, url), 0)
same(InitSdk(*[value.decode("ascii") for value in (region, access_id, access_key, url)]), 0)
for wrong in (None, 5, "a\0b", u"a\0b", [region], bytearray(region)):
    same(InitSdk(wrong, access_id, access_key, url), -1)
    same(NewMasterKey(region, wrong), (-1, []))

# Elements of a list are str, whatever they were made of.
same(NewMasterKey(unicode(region), unicode(cmk)), (0, [region + ":" + cmk]))
result, keys = NewMasterKey(region, cmk)
manager = InitKeyManager(keys, 0, 0, unicode(access_id), access_key)
for context in ("", u'{"name":"测试"}', u'{"name":"测试"}'.encode("utf-8"), None):
    result, header, message = Encrypt("text", manager, [unicode(keys[0])], Algorithm.SM4_GCM_128, context, 0)
    same((result, type(message)), (0, str))
    same(header.encryptionContext, context.encode("utf-8") if isinstance(context, unicode) else context or "")
    same(Decrypt(message, manager)[2], "text")
    same(Decrypt(bytearray(message), manager)[2], "text")
same(Encrypt("text", manager, keys, 4L, "", 0L)[0], 0)
same(Encrypt("text", manager, keys, 2 ** 32 + 4, "", 0)[0], -4)

for wrong in (None, u"text", 5, 1.5, [], object()):
    same(Encrypt(wrong, manager, keys, 4, "", 0)[::2], (-1, ""))
    same(Decrypt(wrong, manager)[::2], (-1, ""))
    same(Sm3Digest(wrong), (-1, ""))
    same(Sm4CbcEncrypt("x", key, wrong), (-1, ""))
    same(Sm4GcmEncrypt("x", key, "n" * 12, wrong), (-1, "", ""))
    same(Sm2Verify(wrong, "s", "m"), -1)

for size in (1, 15, 16, 65536, 65537, 300001):
    data = os.urandom(size)
    for given in (data, bytearray(data)):
        same(Sm4CbcDecrypt(Sm4CbcEncrypt(given, key, key)[1], key, key), (0, data))
        result, encrypted, tag = Sm4GcmEncrypt(given, key, "n" * 12, "")
        same(Sm4GcmDecrypt(encrypted, key, "n" * 12, "", tag), (0, data))

other, raw = copy.deepcopy(manager), KeyManager.from_buffer_copy(manager)
del manager
gc.collect()
same(Encrypt("x", other, keys, 4, "", 0)[0], 0)
del other
gc.collect()
same(Encrypt("x", raw, keys, 4, "", 0)[0], -1)
same(FreeKeyManager(raw), -1)
print "ok"
